/** Ejection windows as CSV: a row per window, in order of start. */
import type { EjectionWindow } from '../../analysis/ejections/result.js';
import type { RunResult } from '../../analysis/result.js';
import { type CsvColumn, type CsvValue, csvText } from '../../text/csv.js';
import { runColumns } from './run-columns.js';
import { statusCell } from './status-columns.js';

/** The names are stable. docs/result.schema.json describes the values. */
const COLUMNS: readonly CsvColumn<EjectionWindow>[] = [
  ['version', ({ version }) => version],
  ['endpoint', ({ endpoint }) => endpoint],
  ['kind', ({ kind }) => kind],
  ['start_ms', ({ startMs }) => startMs],
  ['start_low_ms', ({ startBoundsMs }) => startBoundsMs[0]],
  ['start_high_ms', ({ startBoundsMs }) => startBoundsMs[1]],
  ['end_ms', ({ endMs }) => endMs],
  ['end_low_ms', ({ endBoundsMs }) => endBoundsMs[0]],
  ['end_high_ms', ({ endBoundsMs }) => endBoundsMs[1]],
  ['duration_ms', ({ durationMs }) => durationMs],
  ['trigger_consecutive', ({ trigger }) => trigger?.consecutive ?? null],
  ['trigger_first_error_ms', ({ trigger }) => trigger?.firstErrorMs ?? null],
  ['trigger_last_error_ms', ({ trigger }) => trigger?.lastErrorMs ?? null],
  ['trigger_statuses', ({ trigger }) => (trigger === null ? null : statusCell(trigger.statuses))],
  ['trigger_in_flight', ({ trigger }) => trigger?.inFlight ?? null],
  ['trigger_endpoint_known', ({ trigger }) => (trigger === null ? null : String(trigger.endpointKnown))],
  ['leaked', ({ leaked }) => leaked],
  ['leaked_for_ms', ({ leakedForMs }) => leakedForMs],
  ['sequence', ({ sequence }) => sequence],
  ['sequence_low', ({ sequenceBounds }) => sequenceBounds[0]],
  ['sequence_high', ({ sequenceBounds }) => sequenceBounds[1]],
  ['endpoints_out', ({ outAtOnce }) => outAtOnce.out],
  ['endpoints', ({ outAtOnce }) => outAtOnce.of],
  ['fraction', ({ fraction }) => fraction],
  ['expected_low_ms', ({ expectedDurationMs }) => expectedDurationMs?.[0] ?? null],
  ['expected_high_ms', ({ expectedDurationMs }) => expectedDurationMs?.[1] ?? null],
  ['verdict', ({ verdict }) => verdict],
  ['source', ({ source }) => source],
  ['errors_before', ({ errorsBefore }) => statusCell(errorsBefore)],
  ['gateway_type', ({ reported }) => reported?.type ?? null],
  ['gateway_duration_low_ms', ({ reported }) => reported?.durationMs?.[0] ?? null],
  ['gateway_duration_high_ms', ({ reported }) => reported?.durationMs?.[1] ?? null],
  ['gateway_settles', ({ reported }) => reported?.settles.join(' ') ?? null],
];

/**
 * CSV with a head. It has no rows if there was no ejection, or ejections were not searched for. Times are ms on the run clock,
 * rounded to microseconds.
 */
export function ejectionsCsv(result: RunResult): string {
  const rounded = COLUMNS.map(
    ([name, value]): CsvColumn<EjectionWindow> => [name, (window) => toMicroseconds(name, value(window))],
  );
  return csvText([...rounded, ...runColumns(result)], result.ejections?.windows ?? []);
}

/** Times are rounded to microseconds. */
function toMicroseconds(name: string, value: CsvValue): CsvValue {
  return typeof value === 'number' && name.endsWith('_ms') ? Number(value.toFixed(3)) : value;
}
