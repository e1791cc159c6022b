/** How much slower, and how much more faulty, versions are than the baseline. */
import type { ComparisonResult, Estimate, RunResult } from '../../analysis/result.js';
import { timeInterval } from '../../text/durations.js';
import { deviation, plain } from '../../text/numbers.js';
import { terminalText } from '../../text/printable.js';
import { cut, wrapItems } from '../layout/text.js';
import { more } from './columns.js';

/** Versions with lines of their own. */
const MAX_VERSIONS = 8;
const MAX_NAME = 24;
const INDENT = 10;

/** One item per version, of intervals only: an estimate without one says little of a version with few requests. */
export function comparisonSection({ comparisons, errors }: RunResult, columns: number): string[] {
  const answered = comparisons.filter(({ slower }) => slower !== null);
  const shown = answered.slice(0, MAX_VERSIONS);
  if (shown.length === 0) return [];
  const lines = shown.flatMap((comparison) => {
    const items = itemsOf(comparison, errors.errors > 0);
    return wrapItems(items, ' · ', columns - INDENT).map((line) => cut(line, columns - INDENT));
  });
  return [
    ...lines.map((line, i) => `${(i === 0 ? 'Compared' : '').padEnd(INDENT)}${line}`),
    ...more(answered.length - shown.length, 'versions'),
  ];
}

function itemsOf(comparison: ComparisonResult, withErrors: boolean): string[] {
  const { version, baseline, intervalConfidence, latencyUs, slower, errorPoints } = comparison;
  const [own, base] = [version, baseline].map((name) => cut(terminalText(name), MAX_NAME));
  return [
    `${own} against ${base} (${plain(intervalConfidence * 100)} % intervals)`,
    `slower in ${range(slower, (fraction) => (fraction * 100).toFixed(1))} % of pairs`,
    ...['50', '90', '99'].map((p) => {
      const difference = latencyUs[p] ?? null;
      return `p${p} ${difference === null ? '-' : timeInterval(difference.interval)}`;
    }),
    ...(withErrors && errorPoints !== null ? [`errors ${range(errorPoints, deviation)} points`] : []),
  ];
}

function range(estimate: Estimate | null, show: (value: number) => string): string {
  return estimate === null ? '-' : `${show(estimate.interval[0])} – ${show(estimate.interval[1])}`;
}
