/** The wall clock in microseconds, and as RFC 3339. */

/** If the clocks differ by more, ms, the wall clock was set since the process started. */
const AGREE_MS = 2;

/**
 * The wall clock, µs since 1970. `Date.now()` is only exact to a millisecond. The start time of the process plus the
 * monotonic clock is more exact, and is used as long as both agree.
 */
export function wallClockUs(): number {
  const coarseMs = Date.now();
  const fineMs = performance.timeOrigin + performance.now();
  return Math.round((Math.abs(fineMs - coarseMs) <= AGREE_MS ? fineMs : coarseMs) * 1000);
}

/** A time as RFC 3339 with microseconds: `2026-11-24T19:30:42.123456Z`. */
export function toRfc3339(us: number): string {
  const ms = Math.floor(us / 1000);
  return `${new Date(ms).toISOString().slice(0, -1)}${String(us - ms * 1000).padStart(3, '0')}Z`;
}

/** Reads what {@link toRfc3339} wrote: µs since 1970; NaN for any other text. */
export function fromRfc3339(text: string): number {
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3})(\d{3})Z$/.exec(text);
  return match === null ? Number.NaN : Date.parse(`${match[1]}Z`) * 1000 + Number(match[2]);
}
