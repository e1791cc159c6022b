/**
 * One clock for all threads: microseconds since the start of the run. `performance.now()` is cheap but
 * counts from each thread's own origin; `process.hrtime` reads the same monotonic clock in every thread, so
 * one reading of both gives the difference, and no step of the wall clock can move it.
 */

/** The process-wide monotonic clock, µs. */
export function monotonicUs(): number {
  return Number(process.hrtime.bigint()) / 1000;
}

/** A function that tells the µs since `runStartMonotonicUs`, cheap enough to call per request. */
export function runClock(runStartMonotonicUs: number): () => number {
  const offsetUs = monotonicUs() - performance.now() * 1000 - runStartMonotonicUs;
  return () => performance.now() * 1000 + offsetUs;
}
