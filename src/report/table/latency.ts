/** Response times of each version. */
import type { LatencyResult, RunResult } from '../../analysis/result.js';
import { time } from '../../text/durations.js';
import { type Cell, grid } from '../layout/grid.js';
import { label, MAX_VERSIONS, NARROW, number, text } from './columns.js';

/** Below a table in which a percentile is missing; docs/statistics.md has the rule. */
const TOO_FEW = '-: too few answers (p99 needs 299, p99.9 2,995)';

/**
 * Response times of backends, from sending; in an open loop those from the due time first. Where the gateway answered itself too,
 * a row over all answers shows what that makes of the times. Empty without any answer.
 */
export function latencySections(result: RunResult, columns: number): string[][] {
  if (result.overall.requests === 0) return [];
  const open = result.load.mode === 'open';
  let hasGaps = false;
  const section = (head: string, of: (from: Timed) => LatencyResult) => {
    const versions = result.versions.filter((version) => of(version).count > 0).slice(0, MAX_VERSIONS);
    const rows = versions.map((version) => latencyRow(version.version, of(version), columns));
    const { backends, overall } = result;
    const byGateway = overall.requests > backends.requests;
    if (byGateway && versions.length !== 1 && backends.requests > 0) {
      rows.push(latencyRow('all backends', of(backends), columns));
    }
    if (byGateway || versions.length !== 1) rows.push(latencyRow('all answers', of(overall), columns));
    const heads = ['p50', 'p90', 'p95', 'p99', 'p99.9', 'max'].map(number);
    hasGaps ||= rows.some((row) => row.some((cell) => cell.text === '-'));
    return grid([label(head), ...heads], rows, columns);
  };
  const sections = open
    ? [
        section('From due time', (from) => from.latencyUs),
        section('From sending', (from) => from.serviceTimeUs),
      ]
    : [section('Latency', (from) => from.latencyUs)];
  if (hasGaps) sections.at(-1)?.push(TOO_FEW);
  return sections;
}

interface Timed {
  readonly latencyUs: LatencyResult;
  readonly serviceTimeUs: LatencyResult;
}

function latencyRow(name: string, { percentiles, max }: LatencyResult, columns: number): Cell[] {
  const space = columns < NARROW ? '' : ' ';
  const values = ['50', '90', '95', '99', '99.9'].map((p) => percentiles[p] ?? null);
  return text(name, ...[...values, max].map((us) => time(us, space)));
}
