/**
 * One clock for all threads: microseconds since the start of the run. `performance.now()` is cheap but
 * counts from each thread's own origin; `process.hrtime` reads the same monotonic clock in every thread, so
 * one reading of both gives the difference, and no step of the wall clock can move it.
 */

/** What one of Node's timers can wait at most; a longer wait would end at once. */
export const MAX_TIMER_MS = 2 ** 31 - 1;

/** The process-wide monotonic clock, µs. */
export function monotonicUs(): number {
  return Number(process.hrtime.bigint()) / 1000;
}

/** Readings of both clocks that are compared; the tightest one counts. */
const READINGS = 25;

/**
 * Monotonic clock minus this thread's `performance.now()`, µs. A thread can lose its core between two
 * readings, by milliseconds on a busy machine, which would shift its times for the whole run: so each reading
 * stands between two of the other clock, and of several the one with the least between them is taken.
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

/** A function that tells the µs since `runStartMonotonicUs`, cheap enough to call per request. */
export function runClock(runStartMonotonicUs: number): () => number {
  const fromStartUs = offsetUs() - runStartMonotonicUs;
  return () => performance.now() * 1000 + fromStartUs;
}
