/** Times of ejection windows: seconds on the run clock, with as many digits as their bounds carry. */

/** A pair of bounds in ms; null: not known on that side. */
type Bounds = readonly [lo: number | null, hi: number | null];

/** Milliseconds between two bounds, 0 when either is not known. */
export function widthMs([lo, hi]: Bounds): number {
  return lo === null || hi === null ? 0 : Math.max(hi - lo, 0);
}

/**
 * `12.43 s` for a time that is known to 23 ms, `12 s` when it is to 1 s, `~12 s` beyond 2 s.
 *
 * @param width how far it may be off, ms
 */
export function seconds(ms: number, width: number): string {
  const about = width >= 2_000 ? '~' : '';
  return `${about}${fixedSeconds(ms, digitsFor(width))} s`;
}

/** Decimals of a second: those greater than the width tells, at most milliseconds. */
function digitsFor(width: number): number {
  return width <= 1 ? 3 : Math.max(0, 3 - Math.floor(Math.log10(width)));
}

function fixedSeconds(ms: number, digits: number): string {
  const text = (ms / 1_000).toLocaleString('en-US', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  return text.replace(/^-(0(\.0+)?)$/, '$1');
}

/**
 * What a rule allows: `30 – 60 s`, `30 s`, `0.5 – 1 s`.
 *
 * @param open nothing is known of the upper bound: `≥ 30 s`
 */
export function allowed([lo, hi]: readonly [number, number], open: boolean): string {
  const short = (ms: number) => (ms / 1_000).toLocaleString('en-US', { maximumFractionDigits: 3 });
  if (open) return `≥ ${short(lo)} s`;
  return lo === hi ? `${short(lo)} s` : `${short(lo)} – ${short(hi)} s`;
}

/** A moment and how far it may be off; null: it lies outside what was looked at, a run or a part of one. */
export type Moment = { readonly ms: number; readonly width: number } | null;

/**
 * `12.43 s – 46.2 s`, `before – 46.2 s`, `12.43 s – to the end`.
 *
 * @param short `12.43 s – end`
 */
export function fromTo(start: Moment, end: Moment, short: boolean): string {
  const from = start === null ? 'before' : seconds(start.ms, start.width);
  const to = end === null ? (short ? 'end' : 'to the end') : seconds(end.ms, end.width);
  return `${from} – ${to}`;
}
