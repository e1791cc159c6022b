/** What a run knew at its end, as JSON: metadata of the last batch of a saved run. */
import type { GeneratorUse } from '../../blocks/generator-use.js';
import type { LatenessBucket } from '../../blocks/lateness.js';
import type { RunCounters, SeenCounters } from '../../blocks/run-counters.js';
import type { RunEnd, Settling } from '../../blocks/run-record.js';
import { parseJson } from '../../text/json.js';
import { gatewayShape } from './gateway-shape.js';
import { noteShape } from './plan-json.js';
import { bool, type Check, count, list, number, object, oneOf, orAbsent, orElse, orNull } from './shape.js';

const us = number(0, 2 ** 63);

const runCounters: Check<RunCounters> = object<RunCounters>({
  connectionsOpened: count,
  connectSumUs: us,
  connectMaxUs: us,
  sentLate: count,
  generatorSumUs: us,
  generatorCount: count,
  generatorMaxUs: us,
  generatorBuckets: orAbsent(list(object<LatenessBucket>({ us: count, requests: count }))),
  waited: count,
  waitMaxUs: us,
  connectionsUnused: orElse(count, 0),
  connectionsUnasked: orElse(count, 0),
});
const seenCounters: Check<SeenCounters> = object<SeenCounters>({ connectionsOpened: orNull(count) });

/** If a thread died, its counts are not known. */
const counters: Check<RunEnd['counters']> = (value, where) =>
  (typeof value === 'object' && value !== null && 'connectSumUs' in value ? runCounters : seenCounters)(
    value,
    where,
  );

const ms = number(0, 2 ** 53);
const share = number(0, 1);

const generatorUse: Check<GeneratorUse> = object<GeneratorUse>({
  threads: count,
  durationMs: ms,
  busyShare: share,
  spinShare: share,
  nearCeilingMs: ms,
  noCoreShare: orNull(share),
  gcShare: share,
  gcMaxMs: ms,
  stallMaxMs: ms,
  mainBusyShare: share,
  cpuMs: ms,
  cores: count,
});

const end: Check<RunEnd> = object<RunEnd>({
  ended: oneOf('completed', 'interrupted', 'terminated', 'failed'),
  scheduled: count,
  threads: count,
  counters,
  generator: orAbsent(generatorUse),
  settle: orNull(object<Settling>({ durationMs: number(0, 1e12), requests: count, complete: bool })),
  clockStepUs: number(-(2 ** 63), 2 ** 63),
  gateway: orNull(gatewayShape),
  notes: list(noteShape),
});

/** The JSON that a saved run keeps. */
export function endToJson(runEnd: RunEnd): string {
  return JSON.stringify(runEnd);
}

/**
 * Reads what {@link endToJson} wrote.
 *
 * @throws ShapeError for JSON of another shape, SyntaxError for text that is not JSON
 */
export function endFromJson(json: string): RunEnd {
  return end(parseJson(json), 'end');
}
