/** An endpoint's loss of a part of its traffic, watched slice by slice and told as a window. */
import { type Endpoint, isCause } from './endpoint.js';
import { type Fall, FallWatch } from './fall-watch.js';
import type { Member } from './member.js';
import type { RawWindow } from './raw-window.js';

/**
 * Takes what the endpoint was sent since the last slice.
 *
 * @param present endpoints of the version that are sent requests at the time
 * @returns a loss that is over, or null
 */
export function watchLoss(endpoint: Endpoint, present: number, untilUs: number): Fall | null {
  const { member, failures, sliced } = endpoint;
  const hits = member.sent - sliced.sent;
  // What came after its last may turn out to be an absence as a whole.
  if (hits === 0) return null;
  const requests = member.lastHitN - sliced.n;
  sliced.n = member.lastHitN;
  sliced.sent = member.sent;
  if (endpoint.falls === null) {
    if (!isCause(failures)) return null;
    endpoint.fallCause = failures.state();
    endpoint.falls = new FallWatch(untilUs, shareOf(member));
    return null;
  }
  const { share } = endpoint.falls;
  const fall = endpoint.falls.add(requests, hits, 1 / present, untilUs);
  if (fall !== null) endpoint.falls = new FallWatch(untilUs, share);
  return fall;
}

/**
 * After an absence as a whole, at the version's nth request: other gateways may put the endpoint back later.
 *
 * @param backUs null when it is not back, or was not ejected
 */
export function watchLossAfter(
  endpoint: Endpoint,
  n: number,
  cause: Endpoint['fallCause'],
  backUs: number | null,
): void {
  const { member, sliced } = endpoint;
  sliced.n = n;
  sliced.sent = member.sent;
  endpoint.fallCause = cause;
  endpoint.falls = backUs === null ? null : new FallWatch(backUs, shareOf(member));
}

/** A loss as a window of the version in the slot. */
export function windowOfLoss(slot: number, { label, member, fallCause }: Endpoint, fall: Fall): RawWindow {
  return {
    slot,
    endpoint: label,
    kind: 'ejected',
    begunInRun: true,
    lastSendUs: fall.startBoundsUs[0],
    lastSeenUs: fall.startBoundsUs[0],
    missedUs: fall.startBoundsUs[1],
    failures: fallCause,
    causeComplete: false,
    otherCauses: [],
    inFlight: fallCause?.trigger?.inFlight ?? 0,
    endpointKnown: true,
    back: null,
    stillAbsentUs: fall.endBoundsUs?.[0] ?? member.lastSeenUs,
    fall,
  };
}

function shareOf({ share, leastShare }: Member): FallWatch['share'] {
  return { likely: share, least: leastShare };
}
