/** The figures of a search in tables. */
import type { LimitsResult } from '../../../analysis/limits/result.js';
import { caveats } from '../../limits/caveats.js';
import { fullStep } from '../../limits/find-steps.js';
import { gatewayLines, gatewayTable } from '../../limits/gateway.js';
import { predictionLines, predictionTable } from '../../limits/prediction.js';
import { overflowLines, refusalTable } from '../../limits/refusals.js';
import { stepCaveat, stepTable } from '../../limits/steps.js';
import { versionHeading, versionTable } from '../../limits/versions.js';
import { html, type Markup, paragraphs } from '../frame/markup.js';
import { type Section, section } from '../frame/section.js';
import { tableMarkup } from '../frame/table.js';

/** Rows of each table. */
const MAX_ROWS = 200;

const lines = (texts: readonly string[]): Markup[] => texts.map(paragraphs);

export function stepSection(result: LimitsResult): Section[] {
  const table = stepTable(result.limits);
  if (table.rows.length === 0) return [];
  return [
    section(
      'steps',
      'Levels of load',
      tableMarkup('What came of each level', table, MAX_ROWS),
      lines([stepCaveat(result.limits), ...caveats(result)]),
    ),
  ];
}

export function versionSection({ limits }: LimitsResult): Section[] {
  const step = fullStep(limits);
  if (step === undefined || step.versions.length === 0) return [];
  return [
    section('versions', 'Versions', tableMarkup(versionHeading(limits, step), versionTable(step), MAX_ROWS)),
  ];
}

export function refusalSection(result: LimitsResult): Section[] {
  const table = refusalTable(result);
  if (table.rows.length === 0) return [];
  return [
    section(
      'refusals',
      'Not accepted',
      tableMarkup('Requests that were refused or failed, by kind', table, MAX_ROWS),
      lines(overflowLines(result)),
    ),
  ];
}

export function predictionSection({ limits, predicted }: LimitsResult): Section[] {
  if (predicted === null) return [];
  return [
    section(
      'prediction',
      'Limits and prediction',
      tableMarkup('Limits of the gateway', predictionTable(predicted), MAX_ROWS),
      paragraphs(predictionLines(limits, predicted).join('\n')),
    ),
  ];
}

export function gatewaySection({ gateway }: LimitsResult): Section[] {
  if (gateway === null) return [];
  const table = gatewayTable(gateway);
  return [
    section(
      'gateway',
      "The gateway's own counters",
      table.rows.length === 0
        ? html`<p>None grew.</p>`
        : tableMarkup('Overflows by cluster', table, MAX_ROWS),
      html`<ul>${gatewayLines(gateway).map((line) => html`<li>${line}</li>`)}</ul>`,
    ),
  ];
}
