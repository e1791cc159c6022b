/** The steps of a search for limits as CSV: a row per step for all versions together, then one per version. */
import type { LimitsResult, StepResult, StepTimes, StepVersion } from '../../analysis/limits/result.js';
import { type CsvColumn, csvText } from '../../text/csv.js';
import { searchColumns } from './run-columns.js';
import { statusCell } from './status-columns.js';
import { ALL } from './versions.js';

interface Row {
  /** From 1. */
  readonly number: number;
  readonly step: StepResult;
  /** Null: the row is for all versions together. */
  readonly version: StepVersion | null;
}

/** Of the version, or of all together. */
const figures = ({ step, version }: Row): StepResult | StepVersion => version ?? step;

/** A figure that is known of all versions together only. */
const ofStep =
  <Value>(value: (step: StepResult) => Value) =>
  ({ step, version }: Row): Value | null =>
    version === null ? value(step) : null;

/** The names are stable. */
const COLUMNS: readonly CsvColumn<Row>[] = [
  ['row', ({ version }) => (version === null ? 'step' : 'version')],
  ['step', ({ number }) => number],
  ['purpose', ({ step }) => step.purpose],
  ['connections', ({ step }) => step.connections],
  ['rate_per_second', ({ step }) => step.ratePerSecond],
  ['start_ms', ({ step }) => step.startMs],
  ['window_ms', ({ step }) => step.windowMs],
  ['version', ({ version }) => version?.version ?? ALL],
  ['requests', ofStep(({ requests }) => requests)],
  ['offered_per_second', ofStep(({ offered }) => offered)],
  ['goodput_per_second', (row) => figures(row).goodput],
  ['accepted', (row) => figures(row).accepted],
  ['accepted_in_flight', (row) => figures(row).acceptedInFlight],
  ['refused', (row) => figures(row).refused],
  ['refused_share', ofStep(({ refusedShare }) => refusedShare)],
  ['refused_share_low', ofStep(({ refusedBounds }) => refusedBounds[0])],
  ['refused_share_high', ofStep(({ refusedBounds }) => refusedBounds[1])],
  ['refused_kinds', (row) => statusCell(figures(row).refusedByKind)],
  ['failed', ofStep(({ failed }) => failed)],
  ['errors', ofStep(({ errors }) => errors)],
  ['open_connections', ofStep(({ openConnections }) => openConnections)],
  ...timesColumns('accepted'),
  ...timesColumns('refused'),
  ['gateway_pending_overflow', ofStep(({ overflows }) => overflows?.pending ?? null)],
  ['gateway_active_overflow', ofStep(({ overflows }) => overflows?.active ?? null)],
];

/**
 * CSV with a head. Shares are fractions; steps are in the order in which they were held. Empty cells: not known of a version by
 * itself, or too few requests for the percentile.
 */
export function limitsCsv(result: LimitsResult): string {
  const rows = result.limits.steps.flatMap((step, i): Row[] =>
    [null, ...step.versions].map((version) => ({ number: i + 1, step, version })),
  );
  return csvText([...COLUMNS, ...searchColumns(result)], rows);
}

function timesColumns(of: 'accepted' | 'refused'): CsvColumn<Row>[] {
  const column = (name: string, figure: keyof StepTimes): CsvColumn<Row> => [
    `${of}_${name}`,
    (row) => figures(row).latencyUs[of][figure],
  ];
  return [
    column('timed', 'count'),
    ...(['mean', 'p50', 'p90', 'p99', 'max'] as const).map((figure) => column(`${figure}_us`, figure)),
  ];
}
