/** Numbers and times as people read them. */
import { count } from './counted.js';

export { count };

/** A fraction as a percentage without its sign: `89.97`; `-` for none. */
export function percent(fraction: number | null): string {
  return fraction === null ? '-' : (fraction * 100).toFixed(2);
}

/** `+0.03`; `-` for none. */
export function deviation(points: number | null): string {
  if (points === null) return '-';
  const text = Math.abs(points).toFixed(2);
  if (text === '0.00') return text;
  return points < 0 ? `-${text}` : `+${text}`;
}

/** Three digits that count, none that say nothing: `2`, `0.5`, `0.001`. */
export function plain(n: number): string {
  return String(Number(n.toPrecision(3)));
}

/**
 * A time with three digits that count: `812 µs`, `12.3 ms`, `1.04 s`, `2m05s`; `-` for none.
 *
 * @param space between number and unit
 */
export function time(us: number | null, space = ' '): string {
  if (us === null) return '-';
  const whole = Math.round(us);
  if (whole < 1_000) return `${whole}${space}µs`;
  // Rounded first, so that 999.96 ms is not written 1000 ms.
  if (Number((us / 1e3).toPrecision(3)) < 1_000) return `${(us / 1e3).toPrecision(3)}${space}ms`;
  if (Number((us / 1e6).toPrecision(3)) < 60) return `${(us / 1e6).toPrecision(3)}${space}s`;
  return long(us / 1e6);
}

/** A time of the order of a run: `850 ms`, `10.0 s`, `2m05s`, `1h02m`. */
export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  return ms < 59_950 ? `${(ms / 1_000).toFixed(1)} s` : long(ms / 1_000);
}

function long(seconds: number): string {
  const whole = Math.round(seconds);
  const two = (n: number) => String(n).padStart(2, '0');
  if (whole < 3_600) return `${Math.floor(whole / 60)}m${two(whole % 60)}s`;
  return `${Math.floor(whole / 3_600)}h${two(Math.floor((whole % 3_600) / 60))}m`;
}

/** Kinds named in a tally; a server can send all thousand statuses. */
const MAX_KINDS = 12;

/** `200 × 17,990 · 503 × 4`, the most frequent twelve in their order */
export function tally(record: Record<string, number>): string {
  const entries = Object.entries(record);
  const frequent = entries.map((_, i) => i).sort((a, b) => (entries[b]?.[1] ?? 0) - (entries[a]?.[1] ?? 0));
  const kept = new Set(frequent.slice(0, MAX_KINDS));
  const shown = entries.filter((_, i) => kept.has(i));
  const parts = shown.map(([name, n]) => `${name} × ${count(n)}`);
  const hidden = entries.length - shown.length;
  return (hidden > 0 ? [...parts, `${count(hidden)} more`] : parts).join(' · ');
}

/** Requests per second: `1,998/s`, `0.52/s`. */
export function rate(perSecond: number): string {
  return `${perSecond < 10 ? Number(perSecond.toFixed(2)) : count(perSecond)}/s`;
}
