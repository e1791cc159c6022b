/** Response times of each version. */
import type { LatencyResult, RunResult } from '../../analysis/result.js';
import { answersFor, PERCENTILES } from '../../analysis/stats/percentile-bounds.js';
import { time } from '../../text/durations.js';
import { count } from '../../text/numbers.js';
import { type Cell, type GridData, grid } from '../layout/grid.js';
import { percentilesUs } from '../percentiles.js';
import { label, MAX_VERSIONS, NARROW, number, text } from './columns.js';
import { answersShown, type TimesShown, timesShown } from './timed.js';

/** Of so many percentiles, those that need most answers, it is said how many that is. */
const MAX_NEEDS = 2;
/** Percentiles in a row of 60 columns; more take further rows. */
const MAX_BESIDE = 5;

/**
 * Response times of backends, from sending; in an open loop those from the due time first. Where the gateway answered itself too,
 * a row over all answers shows what that makes of the times. Empty without any answer.
 */
export function latencySections(
  result: RunResult,
  columns: number,
  percents: readonly number[] = PERCENTILES,
): string[][] {
  if (answersShown(result, MAX_VERSIONS).length === 0) return [];
  let hasGaps = false;
  const sections = timesShown(result).map((times) =>
    inParts(percents).flatMap((part) => {
      const withMax = part.at(-1) === percents.at(-1);
      const table = latencyTable(result, times, { percents: part, withMax, max: MAX_VERSIONS, columns });
      hasGaps ||= hasGap(table);
      return grid(table.columns, table.rows, columns);
    }),
  );
  if (hasGaps) sections.at(-1)?.push(tooFew(percents));
  return sections;
}

/** Below a table in which a percentile is missing; docs/statistics.md has the rule. */
export function tooFew(percents: readonly number[]): string {
  const needs = percents
    .toSorted((a, b) => answersFor(a) - answersFor(b))
    .slice(-MAX_NEEDS)
    .map((percent) => `p${percent} ${count(answersFor(percent))}`);
  return `-: too few answers (needed: ${needs.join(', ')})`;
}

export interface LatencyTableOptions {
  readonly percents: readonly number[];
  /** Also the longest time. */
  readonly withMax: boolean;
  /** Versions with rows. */
  readonly max: number;
  readonly columns: number;
}

export function latencyTable(
  result: RunResult,
  { head, of }: TimesShown,
  { percents, withMax, max, columns }: LatencyTableOptions,
): GridData {
  const heads = [...percents.map((percent) => `p${percent}`), ...(withMax ? ['max'] : [])].map(number);
  return {
    columns: [label(head), ...heads],
    rows: answersShown(result, max).map(([name, from]) =>
      latencyRow(name, of(from), percents, withMax, columns),
    ),
  };
}

/** Whether a figure is missing. */
export function hasGap({ rows }: GridData): boolean {
  return rows.some((row) => row.some((cell) => cell.text === '-'));
}

function latencyRow(
  name: string,
  latency: LatencyResult,
  percents: readonly number[],
  withMax: boolean,
  columns: number,
): Cell[] {
  const space = columns < NARROW ? '' : ' ';
  const values = [...percentilesUs(latency, percents), ...(withMax ? [latency.max] : [])];
  return text(name, ...values.map((us) => time(us, space)));
}

/** What fits beside each other. */
function inParts(percents: readonly number[]): readonly (readonly number[])[] {
  const parts = Math.ceil(percents.length / MAX_BESIDE);
  return Array.from({ length: parts }, (_, i) => percents.slice(i * MAX_BESIDE, (i + 1) * MAX_BESIDE));
}
