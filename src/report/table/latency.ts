/** Response times of each version. */
import type { LatencyResult, RunResult } from '../../analysis/result.js';
import { answersFor, PERCENTILES } from '../../analysis/stats/percentile-bounds.js';
import { time } from '../../text/durations.js';
import { count } from '../../text/numbers.js';
import { type Cell, grid } from '../layout/grid.js';
import { percentilesUs } from '../percentiles.js';
import { label, MAX_VERSIONS, NARROW, number, text } from './columns.js';

/** The highest percentiles, of which the answers that they need are said. */
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
  if (result.overall.requests === 0) return [];
  const open = result.load.mode === 'open';
  let hasGaps = false;
  const section = (head: string, of: (from: Timed) => LatencyResult) =>
    inParts(percents).flatMap((part) => partOf(head, of, part, part.at(-1) === percents.at(-1)));
  const partOf = (
    head: string,
    of: (from: Timed) => LatencyResult,
    part: readonly number[],
    withMax: boolean,
  ) => {
    const row = (name: string, latency: LatencyResult) => latencyRow(name, latency, part, withMax, columns);
    const versions = result.versions.filter((version) => of(version).count > 0).slice(0, MAX_VERSIONS);
    const rows = versions.map((version) => row(version.version, of(version)));
    const { backends, overall } = result;
    const byGateway = overall.requests > backends.requests;
    if (byGateway && versions.length !== 1 && backends.requests > 0) {
      rows.push(row('all backends', of(backends)));
    }
    if (byGateway || versions.length !== 1) rows.push(row('all answers', of(overall)));
    const heads = [...part.map((percent) => `p${percent}`), ...(withMax ? ['max'] : [])].map(number);
    hasGaps ||= rows.some((row) => row.some((cell) => cell.text === '-'));
    return grid([label(head), ...heads], rows, columns);
  };
  const sections = open
    ? [
        section('From due time', (from) => from.latencyUs),
        section('From sending', (from) => from.serviceTimeUs),
      ]
    : [section('Latency', (from) => from.latencyUs)];
  if (hasGaps) sections.at(-1)?.push(tooFew(percents));
  return sections;
}

/** Below a table in which a percentile is missing; docs/statistics.md has the rule. */
function tooFew(percents: readonly number[]): string {
  const needs = percents
    .toSorted((a, b) => a - b)
    .slice(-MAX_NEEDS)
    .map((percent) => `p${percent} ${count(answersFor(percent))}`);
  return `-: too few answers (needed: ${needs.join(', ')})`;
}

interface Timed {
  readonly latencyUs: LatencyResult;
  readonly serviceTimeUs: LatencyResult;
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
