/** Times of ejection windows: seconds on the run clock, with as many digits as their bounds allow. */
import { grouped } from '../../text/numbers.js';

/** A pair of bounds in ms; null: not known on that side. */
type Bounds = readonly [lo: number | null, hi: number | null];

/** Milliseconds between two bounds; 0 if either is not known. */
export function widthMs([lo, hi]: Bounds): number {
  return lo === null || hi === null ? 0 : Math.max(hi - lo, 0);
}

/**
 * A time with as many digits as its precision allows: `12.43 s` if it is known to 23 ms, `12 s` if to 1 s, `~12 s` if to
 * 2 s or less exactly.
 *
 * @param width distance between its bounds, ms
 */
export function seconds(ms: number, width: number): string {
  const about = width >= 2_000 ? '~' : '';
  return `${about}${fixedSeconds(ms, digitsFor(width))} s`;
}

/** Decimals of a second for a distance between bounds, ms; at most 3. */
function digitsFor(width: number): number {
  return width <= 1 ? 3 : Math.max(0, 3 - Math.floor(Math.log10(width)));
}

function fixedSeconds(ms: number, digits: number): string {
  return grouped((ms / 1_000).toFixed(digits)).replace(/^-(0(\.0+)?)$/, '$1');
}

/**
 * The range of durations that a rule allows: `30 – 60 s`, `30 s`, `0.5 – 1 s`.
 *
 * @param bounds ms
 * @param open the upper bound is not known: `≥ 30 s`
 */
export function allowed(bounds: readonly [number, number], open: boolean): string {
  const [lo, hi] = bounds;
  const short = (ms: number) => grouped(String(Number((ms / 1_000).toFixed(3))));
  if (open) return `≥ ${short(lo)} s`;
  return lo === hi ? `${short(lo)} s` : `${short(lo)} – ${short(hi)} s`;
}

/** A moment and the distance between its bounds, ms; null: before or after the run, or the part of it that is analyzed. */
export type Moment = { readonly ms: number; readonly width: number } | null;

/**
 * A range of time: `12.43 s – 46.2 s`, `before – 46.2 s`, `12.43 s – to the end`.
 *
 * @param short abbreviates: `12.43 s – end`
 */
export function fromTo(start: Moment, end: Moment, short: boolean): string {
  const from = start === null ? 'before' : seconds(start.ms, start.width);
  const to = end === null ? (short ? 'end' : 'to the end') : seconds(end.ms, end.width);
  return `${from} – ${to}`;
}
