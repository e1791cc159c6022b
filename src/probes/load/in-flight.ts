/** What is asked of all requests in flight, a few times a second. */
import type { Lane } from '../lane/lane.js';

/** The time (µs) before which no request was sent that is still in flight. */
export function watermarkUs(lanes: readonly Lane[], nowUs: number): number {
  let oldest = nowUs;
  for (const { busy, sendUs, startUs } of lanes) {
    if (busy) oldest = Math.min(oldest, Number.isNaN(sendUs) ? startUs : sendUs);
  }
  return oldest;
}

/**
 * Rounds of the event loop from a timer until requests are given up. If this thread was held up, timers are due before the loop has
 * seen what came meanwhile: one round shows that a connection is open, the next one writes its request.
 */
const ROUNDS = 3;

/** Gives up the requests that were started before `limitUs`, once all that has come by now was seen. */
export function giveUpLateSoon(lanes: readonly Lane[], limitUs: number, rounds = ROUNDS): void {
  if (rounds === 0) giveUpLate(lanes, limitUs);
  else setImmediate(giveUpLateSoon, lanes, limitUs, rounds - 1);
}

function giveUpLate(lanes: readonly Lane[], limitUs: number): void {
  for (const lane of lanes) {
    if (lane.busy && lane.startUs < limitUs) {
      lane.giveUp(Number.isNaN(lane.sendUs) ? 'connect-timeout' : 'timeout');
    }
  }
}
