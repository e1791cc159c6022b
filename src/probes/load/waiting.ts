/**
 * How an open loop waits for the next due time. Timers are only good to a millisecond, so that it spins for the last bit: it goes
 * round in the event loop, which reads responses meanwhile. That takes CPU, within a budget. While nothing is in flight there is
 * nothing to read: then the thread sleeps, which is good to some tens of microseconds, and spins only after that.
 */

/** From here on timers are too coarse, µs. */
const TIMER_US = 1_500;
/** A sleep ends so long before the due time, µs: the system wakes a thread up some 60 µs late, and a busy one later. */
const SLEEP_LEAD_US = 150;
/** Shorter sleeps are not worth two calls of the system, µs. */
const MIN_SLEEP_US = 50;
/** Share of its time that a thread may spin if it has no core for itself: the main thread needs a core too. */
const SHARED_CORE_SHARE = 0.9;
/** Time that may be spun at once, when it was not used before, µs. */
const MAX_SAVED_US = 10_000;

/** Part of its time that a thread may spin. `off`: none. A core for the main thread and one for each worker: all of it. */
export function spinShare(spin: 'auto' | 'off', cores: number, workers: number): number {
  if (spin === 'off') return 0;
  return cores > workers ? 1 : SHARED_CORE_SHARE;
}

const NOBODY_WAKES = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));

/** Blocks the thread: nothing is read meanwhile. */
export function sleep(us: number): void {
  Atomics.wait(NOBODY_WAKES, 0, 0, us / 1000);
}

/** Decides how to wait. It reads no clock. */
export class Waiting {
  ms = 0;
  sleepUs = 0;
  readonly #share: number;
  /** Time that may be spun. */
  #savedUs = MAX_SAVED_US;
  #lastUs: number | null = null;
  #lastSpunUs = 0;

  /** @param share see {@link spinShare} */
  constructor(share: number) {
    this.#share = share;
  }

  /**
   * Says how to wait: for a timer of `ms`, or by going round in the event loop once, after a sleep of `sleepUs` or at once.
   *
   * @param waitUs time until the next request is due
   * @param isIdle nothing is in flight
   * @param nowUs the run clock
   * @param spunUs time that was spun in the run so far
   */
  choose(waitUs: number, isIdle: boolean, nowUs: number, spunUs: number): 'timer' | 'sleep' | 'spin' {
    this.sleepUs = waitUs - SLEEP_LEAD_US;
    if (waitUs < TIMER_US && waitUs > 0 && this.#share > 0) {
      if (isIdle && this.sleepUs >= MIN_SLEEP_US) return 'sleep';
      if (this.#maySpin(nowUs, spunUs)) return 'spin';
    }
    // A timer to spin after is to come early. If the request is due and no lane is free, the next response sends it, and the timer
    // only watches for the end of the schedule.
    const early = this.#share > 0 && waitUs >= TIMER_US;
    this.ms = early ? Math.floor((waitUs - 1000) / 1000) : Math.max(1, Math.ceil(waitUs / 1000));
    return 'timer';
  }

  #maySpin(nowUs: number, spunUs: number): boolean {
    if (this.#share >= 1) return true;
    const passedUs = this.#lastUs === null ? 0 : nowUs - this.#lastUs;
    this.#lastUs = nowUs;
    this.#savedUs = Math.min(
      MAX_SAVED_US,
      this.#savedUs + passedUs * this.#share - (spunUs - this.#lastSpunUs),
    );
    this.#lastSpunUs = spunUs;
    return this.#savedUs > 0;
  }
}
