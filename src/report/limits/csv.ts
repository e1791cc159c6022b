/** The steps as CSV: a row per step for all versions together, then one per version. */
import type { LimitsResult, StepResult, StepTimes, StepVersion } from '../../analysis/limits/result.js';
import { type CsvValue, csvText } from '../../text/csv.js';
import { statusCell } from '../status-cell.js';

/** Stands for all versions together. A version may have this name too: the column `row` tells them apart. */
const ALL = '(all)';

type Row = Record<string, CsvValue>;

/**
 * CSV with a head. Names of columns are stable. Shares are fractions; steps are in the order in which they were held. Empty
 * cells: not known of a version by itself, or too few requests for the percentile.
 */
export function limitsCsv({ limits }: LimitsResult): string {
  const rows = limits.steps.flatMap((step, i) => [
    allRow(i + 1, step),
    ...step.versions.map((version) => versionRow(i + 1, step, version)),
  ]);
  return csvText(COLUMNS, rows);
}

const TIMES = (['accepted', 'refused'] as const).flatMap((of) =>
  (['count', 'mean', 'p50', 'p90', 'p99', 'max'] as const).map((figure) => ({
    of,
    figure,
    column: figure === 'count' ? `${of}_timed` : `${of}_${figure}_us`,
  })),
);

const COLUMNS: readonly string[] = [
  'row',
  'step',
  'purpose',
  'connections',
  'rate_per_second',
  'start_ms',
  'window_ms',
  'version',
  'requests',
  'offered_per_second',
  'goodput_per_second',
  'accepted',
  'accepted_in_flight',
  'refused',
  'refused_share',
  'refused_share_low',
  'refused_share_high',
  'refused_kinds',
  'failed',
  'errors',
  'open_connections',
  ...TIMES.map(({ column }) => column),
  'gateway_pending_overflow',
  'gateway_active_overflow',
];

function allRow(number: number, step: StepResult): Row {
  const { refusedBounds, overflows } = step;
  return {
    ...ofBoth(number, step, step),
    row: 'step',
    version: ALL,
    requests: step.requests,
    offered_per_second: step.offered,
    refused_share: step.refusedShare,
    refused_share_low: refusedBounds[0],
    refused_share_high: refusedBounds[1],
    failed: step.failed,
    errors: step.errors,
    open_connections: step.openConnections,
    gateway_pending_overflow: overflows?.pending ?? null,
    gateway_active_overflow: overflows?.active ?? null,
  };
}

function versionRow(number: number, step: StepResult, version: StepVersion): Row {
  return { ...ofBoth(number, step, version), row: 'version', version: version.version };
}

/** What rows of steps and of versions have. */
function ofBoth(number: number, step: StepResult, figures: StepResult | StepVersion): Row {
  return {
    step: number,
    purpose: step.purpose,
    connections: step.connections,
    rate_per_second: step.ratePerSecond,
    start_ms: step.startMs,
    window_ms: step.windowMs,
    goodput_per_second: figures.goodput,
    accepted: figures.accepted,
    accepted_in_flight: figures.acceptedInFlight,
    refused: figures.refused,
    refused_kinds: statusCell(figures.refusedByKind),
    ...timesOf(figures.latencyUs),
  };
}

function timesOf(latencyUs: { accepted: StepTimes; refused: StepTimes }): Row {
  return Object.fromEntries(TIMES.map(({ of, figure, column }) => [column, latencyUs[of][figure]]));
}
