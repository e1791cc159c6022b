/** What was compared, and what the intervals are. */
import type { CompareResult } from '../../analysis/compare/result.js';
import { count, plain, rate } from '../../text/numbers.js';
import type { GridData } from '../layout/grid.js';
import { label, number } from '../table/columns.js';

/** @param names `A last-week.json`, one for each result */
export function resultsTable({ results }: CompareResult, names: readonly string[]): GridData {
  return {
    columns: [
      label('Results'),
      number('started (UTC)'),
      number('requests'),
      number('answers'),
      { head: 'verdict', align: 'left' },
    ],
    rows: results.map(({ startedAt, requests, requestsPerSecond, verdict, ended }, i) => [
      { text: names[i] ?? '' },
      { text: startedAt.slice(0, 16).replace('T', ' ') },
      { text: count(requests) },
      { text: requestsPerSecond === null ? '-' : rate(requestsPerSecond) },
      verdict === null ? { text: ended === 'completed' ? '-' : ended } : { text: verdict, meaning: verdict },
    ]),
  };
}

/** What the intervals are, which differences count, and what is not in them: lines, some as items of a list. */
export function howItIsTold(result: CompareResult): string[] {
  const { of, confidence, tests, intervalConfidence, ownIntervalConfidence, tolerances } = result;
  const percent = (fraction: number) => `${Number((fraction * 100).toFixed(2))} %`;
  const latency =
    tolerances.latencyMs === null
      ? `${plain((tolerances.latencyPart ?? 0) * 100)} %`
      : `${plain(tolerances.latencyMs)} ms`;
  const counts =
    of === 'limits'
      ? `${plain(tolerances.kneePart * 100)} % of the knee`
      : `${latency} (latency), ${plain(tolerances.errorPoints)} points (errors), the tolerance (shares)`;
  const together = tests > 1 ? ` (Bonferroni, ${tests} tests; each has ${percent(intervalConfidence)})` : '';
  return [
    `Intervals hold together with ${percent(confidence)}${together}.`,
    `- worse, better, differs: shown by them, and at least ${counts}`,
    `- alike, not worse: less than that, by the difference's own ${percent(ownIntervalConfidence)} interval`,
    '- too small: shown, but less than that; unclear: none of these can be told',
    `They are about the answers of these runs. The machine, the network and the hour differ too: repeat what matters.${of === 'runs' ? ' Times are exact to 0.1 %.' : ''}`,
  ];
}
