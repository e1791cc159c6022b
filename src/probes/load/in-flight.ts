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

/** Gives up the requests that were started before `limitUs`. */
export function giveUpLate(lanes: readonly Lane[], limitUs: number): void {
  for (const lane of lanes) {
    if (lane.busy && lane.startUs < limitUs) {
      lane.giveUp(Number.isNaN(lane.sendUs) ? 'connect-timeout' : 'timeout');
    }
  }
}
