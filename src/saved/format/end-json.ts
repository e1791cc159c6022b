/** What a run knew at its end, as it stands in a saved run. */
import type { RunCounters } from '../../blocks/run-counters.js';
import type { RunEnd, Settling } from '../../blocks/run-record.js';
import { savedGateway } from './gateway-shape.js';
import { bool, type Check, count, list, noteCode, number, object, oneOf, orNull, text } from './shape.js';

const us = number(0, 2 ** 63);

const end: Check<RunEnd> = object<RunEnd>({
  ended: oneOf('completed', 'interrupted', 'terminated'),
  scheduled: count,
  threads: count,
  counters: object<RunCounters>({
    connectionsOpened: count,
    connectSumUs: us,
    connectMaxUs: us,
    sentLate: count,
    generatorSumUs: us,
    generatorCount: count,
    generatorMaxUs: us,
    waited: count,
    waitMaxUs: us,
  }),
  settle: orNull(object<Settling>({ durationMs: number(0, 1e12), requests: count, complete: bool })),
  clockStepUs: number(-(2 ** 63), 2 ** 63),
  gateway: orNull(savedGateway),
  notes: list(object({ code: noteCode, text })),
});

export function endToJson(runEnd: RunEnd): string {
  return JSON.stringify(runEnd);
}

/**
 * What {@link endToJson} wrote.
 *
 * @throws ShapeError or SyntaxError for anything else
 */
export function endFromJson(json: string): RunEnd {
  return end(JSON.parse(json), 'end');
}
