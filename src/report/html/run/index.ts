/** The HTML report of `run` and `analyze`: one file, the answer first. */
import type { RunResult } from '../../../analysis/result.js';
import { duration } from '../../../text/durations.js';
import { counted } from '../../../text/numbers.js';
import { headline } from '../../headline.js';
import { notesBelow, summaryOf } from '../../table/summary.js';
import { answerBlock } from '../frame/answer.js';
import { page } from '../frame/document.js';
import { pageFooter, pageHeader } from '../frame/header.js';
import type { Markup } from '../frame/markup.js';
import { noteSection } from '../frame/notes.js';
import { plotSection } from '../frame/plot.js';
import { askedSection } from './asked.js';
import { checkSection } from './checks.js';
import { configurationSection } from './configuration.js';
import { ejectionSection } from './ejections.js';
import { errorPlots } from './error-plot.js';
import { latencyPlots } from './latency-plots.js';
import { sharePlots } from './share-plots.js';
import { errorSection, latencySection, placeSection, splitSection } from './tables.js';

/** A whole page. */
export function htmlReport(result: RunResult): string {
  const { target, startedAt, durationMs, requests, tool, verdict } = result;
  const plots = [...sharePlots(result), ...errorPlots(result), ...latencyPlots(result)];
  const title = `${target.method} ${target.url}`;
  return page({
    title: `${verdict ?? 'not judged'}: ${title}`,
    version: tool.version,
    header: pageHeader(
      'Traffic split, measured by weighbridge',
      title,
      `Host ${target.host} · started ${startedAt} · ${counted(requests.scheduled, 'request')} in ${duration(durationMs)}`,
    ),
    answer: answer(result),
    sections: [
      askedSection(result),
      ...splitSection(result),
      ...checkSection(result),
      ...noteSection(notesBelow(result)),
      ...ejectionSection(result),
      ...plotSection(plots),
      ...latencySection(result),
      ...errorSection(result),
      ...placeSection(result),
      configurationSection(result),
    ],
    footer: pageFooter(tool),
    plots: plots.map(({ spec }) => spec),
  });
}

function answer(result: RunResult): Markup {
  const { open, warnings, causes, figures, more } = summaryOf(result);
  return answerBlock({
    verdict: result.verdict,
    why: headline(result),
    warnings,
    causes: causes.map(({ text }) => text),
    sentences: [...open, ...more],
    figures,
  });
}
