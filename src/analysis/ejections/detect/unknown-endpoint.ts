/** Requests of a version of which it is not known which endpoint got them: each may have been any one's. */
import type { EjectionRule } from '../../../plan/plan.js';
import { type Endpoint, isWholeCause } from './endpoint-state.js';
import { type FailureState, FailureTracker } from './failure-streak.js';

/** 5xx that are kept, once or twice as many. */
const KEPT = 256;

interface NamelessFailure {
  readonly status: number;
  readonly sendUs: number;
  readonly seenUs: number;
}

/** `n` is the number of the version's requests whose endpoint is known. */
export class Doubts {
  count = 0;
  underWay = 0;
  /** n when the last one was sent. */
  lastN = 0;
  /** n when the last one ended, so that none was under way. */
  clearN = 0;
  readonly #failures: NamelessFailure[] = [];

  sent(n: number): void {
    this.count += 1;
    this.underWay += 1;
    this.lastN = n;
  }

  /** @param status of an answer that told no endpoint; 0 when there was none */
  seen(n: number, status: number, sendUs: number, seenUs: number): void {
    this.underWay -= 1;
    if (this.underWay === 0) this.clearN = n;
    if (status < 500) return;
    this.#failures.push({ status, sendUs, seenUs });
    if (this.#failures.length > 2 * KEPT) this.#failures.splice(0, KEPT);
  }

  /**
   * 5xx since the endpoint's last answer and before it was surely gone, if these can have been its own and ejected it.
   * Which of them filled a count is not known: others' may be among them.
   */
  causeOf({ member, failures, missedUs }: Endpoint, rule: EjectionRule | null): FailureState | null {
    if (failures.consecutive > 0) return null;
    const tracker = new FailureTracker(rule);
    for (const { status, sendUs, seenUs } of this.#failures) {
      if (seenUs > member.lastSeenUs && sendUs <= missedUs) tracker.failed(status, sendUs, seenUs, 0);
    }
    return isWholeCause(tracker) ? { ...tracker.state(), trigger: null } : null;
  }
}
