/** Durations in Go's format, which Kubernetes, Istio and the Gateway API use. */

/** Go accepts both the micro sign (U+00B5) and the Greek letter (U+03BC). */
const UNIT_MS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  '\u00b5s': 1e-3,
  '\u03bcs': 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};
const PART = '(\\d+(?:\\.\\d*)?|\\.\\d+)(ns|us|\u00b5s|\u03bcs|ms|s|m|h)';
const WHOLE = new RegExp(`^(?:${PART})+$`);
const PARTS = new RegExp(PART, 'g');
/** The largest of Go's time.Duration, an int64 of nanoseconds. */
const MAX_MS = 2 ** 63 / 1e6;

/**
 * Milliseconds of a duration such as `1h30m`, `0.05s` or `0`, as Go's time.ParseDuration reads it. A sign is refused,
 * because no field of a manifest may be negative.
 *
 * @returns null if it is not a duration, or is longer than Go's longest
 */
export function goDurationMs(text: string): number | null {
  if (text === '0') return 0;
  if (!WHOLE.test(text)) return null;
  let ms = 0;
  for (const [, number, unit] of text.matchAll(PARTS))
    ms += Number(number) * (UNIT_MS[unit as string] as number);
  return ms < MAX_MS ? ms : null;
}
