/** What checks are made of, from the counts of a run or of its first requests. */
import { sum } from '../collections.js';
import { errorStatusTest } from '../plan/error-limits.js';
import type { JudgePlan } from '../plan/plan.js';
import type { CheckInput } from './checks/check-input.js';
import type { ConnectionDraws } from './connections.js';
import type { Counts } from './counts.js';
import type { LatencyFold } from './latency.js';
import type { TestMethod } from './stats/share-test.js';
import type { VersionSlots } from './version-slots.js';

/** Counts, and by what they are judged. */
export interface Counted {
  readonly judge: JudgePlan;
  readonly method: TestMethod;
  readonly slots: VersionSlots;
  readonly counts: Counts;
  readonly latency: LatencyFold;
}

/** What the counts do not say. */
export interface RunFacts
  extends Pick<CheckInput, 'scheduled' | 'gatewayLeft' | 'rules' | 'endpointsMissing'> {
  /** Null: each request is a draw. */
  readonly draws: ConnectionDraws | null;
}

/** Slots of the versions that a result lists. */
export function listedSlots({ slots, counts }: Pick<Counted, 'slots' | 'counts'>): number[] {
  return slots.listed((slot) => counts.slot(slot).outcomes.some((count) => count > 0));
}

export function checkInput(
  { judge, method, slots, counts, latency }: Counted,
  { draws, ...facts }: RunFacts,
): CheckInput {
  const isError = errorStatusTest(judge.errorStatuses);
  const listed = listedSlots({ slots, counts });
  return {
    judge,
    method,
    versions: listed.map((slot, i) => ({
      version: slots.names[slot] as string,
      expectedShare: judge.expected?.[i]?.share ?? null,
      requests: counts.slot(slot).responses.requests,
      drawn: counts.drawn(slot),
      drawnByConnections: draws?.of(slot) ?? 0,
      errors: counts.errors(isError, slot),
      latency: latency.histogram(slot),
    })),
    unknown: counts.unknownVersion,
    connections: draws?.connections ?? null,
    unknownConnections: draws === null ? 0 : (draws.unknown ?? estimated(draws, counts, listed)),
    errors: counts.errors(isError),
    notSent: counts.notSent,
    ...facts,
  };
}

/** As large a part of the connections as of the requests. */
function estimated({ connections }: ConnectionDraws, counts: Counts, listed: readonly number[]): number {
  const known = sum(listed.map((slot) => counts.drawn(slot)));
  return known === 0 ? 0 : (counts.unknownVersion / known) * connections;
}
