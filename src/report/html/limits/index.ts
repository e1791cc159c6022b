/** The HTML report of `limits`: one file, the answer first. */
import type { LimitsResult } from '../../../analysis/limits/result.js';
import { duration } from '../../../text/durations.js';
import { counted } from '../../../text/numbers.js';
import { limitsAnswer } from '../../limits/answer.js';
import { answerBlock } from '../frame/answer.js';
import { page } from '../frame/document.js';
import { pageFooter, pageHeader } from '../frame/header.js';
import { noteSection } from '../frame/notes.js';
import { plotSection } from '../frame/plot.js';
import { askedSection } from './asked.js';
import { configurationSection } from './configuration.js';
import { curvePlots } from './curve-plots.js';
import { gatewaySection, predictionSection, refusalSection, stepSection, versionSection } from './tables.js';

/** A whole page. */
export function limitsHtml(result: LimitsResult): string {
  const { target, startedAt, durationMs, requests, tool, verdict, notes } = result;
  const plots = curvePlots(result);
  const title = `${target.method} ${target.url}`;
  return page({
    title: `${verdict ?? 'limits'}: ${title}`,
    version: tool.version,
    header: pageHeader(
      'Limits of circuit breakers, measured by weighbridge',
      title,
      `Host ${target.host} · started ${startedAt} · ${counted(requests.scheduled, 'request')} in ${duration(durationMs)}`,
    ),
    answer: answerBlock({ verdict, ...limitsAnswer(result), warnings: [], causes: [] }),
    sections: [
      askedSection(result),
      ...plotSection(plots),
      ...noteSection(notes),
      ...stepSection(result),
      ...versionSection(result),
      ...refusalSection(result),
      ...predictionSection(result),
      ...gatewaySection(result),
      configurationSection(result),
    ],
    footer: pageFooter(tool),
    plots: plots.map(({ spec }) => spec),
  });
}
