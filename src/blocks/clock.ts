/**
 * The run clock, one for all threads: microseconds since the start of the run. `performance.now()` is cheap but starts
 * at 0 in each thread; `process.hrtime` reads the same monotonic clock in every thread. Reading both once gives the
 * difference between them. Adjustments of the wall clock have no effect on either.
 */

/** The longest time that Node's timers can wait, ms. A timer with a longer time would fire at once. */
export const MAX_TIMER_MS = 2 ** 31 - 1;

/** A time for one of Node's timers, ms: the given time or the longest possible one. */
export function timerMs(ms: number): number {
  return Math.min(ms, MAX_TIMER_MS);
}

/** The process-wide monotonic clock, µs. */
export function monotonicUs(): number {
  return Number(process.hrtime.bigint()) / 1000;
}

/** How often both clocks are read; the most exact reading counts. */
const READINGS = 25;

/**
 * Monotonic clock minus this thread's `performance.now()`, µs. On a busy machine a thread can lose its core for
 * milliseconds between two readings, which would shift its times for the whole run. So the one clock is read between
 * two readings of the other, several times, and the reading with the shortest time between those two is used.
 */
function offsetUs(): number {
  let best = Number.POSITIVE_INFINITY;
  let offset = 0;
  for (let reading = 0; reading < READINGS; reading += 1) {
    const before = monotonicUs();
    const nowUs = performance.now() * 1000;
    const after = monotonicUs();
    if (after - before < best) {
      best = after - before;
      offset = (before + after) / 2 - nowUs;
    }
  }
  return offset;
}

/** Makes the run clock: a function that returns the µs since `runStartMonotonicUs`, cheap enough for every request. */
export function runClock(runStartMonotonicUs: number): () => number {
  return settableRunClock(runStartMonotonicUs).now;
}

/** A run clock whose zero may be set again: before a run it shows times too, which only differences are made of. */
export interface SettableRunClock {
  readonly now: () => number;
  readonly startAt: (runStartMonotonicUs: number) => void;
}

/** Makes a run clock that is 0 at `runStartMonotonicUs` until another start is set. */
export function settableRunClock(runStartMonotonicUs: number): SettableRunClock {
  const offset = offsetUs();
  let fromStartUs = offset - runStartMonotonicUs;
  return {
    now: () => performance.now() * 1000 + fromStartUs,
    startAt(startUs) {
      fromStartUs = offset - startUs;
    },
  };
}
