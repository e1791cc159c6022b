/** All requests of a search for limits, whether a step counts them or not. */
import type { SampleBlock } from '../../blocks/sample-block.js';
import { sum } from '../../collections.js';
import { Counts } from '../counts.js';
import { IS_RESPONSE } from '../slot-counts.js';
import { NONE } from '../version-slots.js';
import type { LimitsRequests } from './result.js';

export class LimitsTotals {
  readonly #counts = new Counts();
  #accepted = 0;

  /** @returns when the last refusal of the block ended, µs on the run clock; −Infinity without one */
  add({ endUs, status, outcome, origin, length }: SampleBlock): number {
    let lastUs = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < length; i++) {
      const code = outcome[i] as number;
      const byBackend = this.#counts.add(NONE, code, status[i] as number, origin[i] as number);
      if (byBackend) this.#accepted++;
      else if (IS_RESPONSE[code] === 1) lastUs = Math.max(lastUs, endUs[i] as number);
    }
    return lastUs;
  }

  /** @param scheduled requests that the workers gave out: those without a row are cut off */
  result(scheduled: number): LimitsRequests {
    const replies = this.#counts.gatewayReplies();
    const failures = this.#counts.failures();
    const [refused, failed] = [sum(Object.values(replies)), sum(Object.values(failures))];
    return {
      scheduled,
      accepted: this.#accepted,
      refused,
      failed,
      cutOff: scheduled - this.#accepted - refused - failed,
      byKind: { ...replies, ...failures },
    };
  }
}
