/** Formats durations. Each function says which unit and how many digits it writes. */
import { grouped } from './numbers.js';

/** For sentences, never in minutes: `850 ms`, `33.8 s`. */
export function inSeconds(ms: number): string {
  const rounded = Math.abs(ms) < 1000 ? Number(ms.toPrecision(3)) : Number((ms / 1000).toFixed(2));
  return Math.abs(ms) < 1000 ? `${rounded} ms` : `${grouped(String(rounded))} s`;
}

/**
 * Three significant digits: `812 µs`, `12.3 ms`, `1.04 s`, `2m05s`; `-` for none.
 *
 * @param us microseconds
 * @param space between number and unit
 */
export function time(us: number | null, space = ' '): string {
  if (us === null) return '-';
  const whole = Math.round(us);
  if (whole < 1_000) return `${whole}${space}µs`;
  // Rounded before the comparison, so that 999.96 ms is not written as 1000 ms.
  if (Number((us / 1e3).toPrecision(3)) < 1_000) return `${(us / 1e3).toPrecision(3)}${space}ms`;
  if (Number((us / 1e6).toPrecision(3)) < 60) return `${(us / 1e6).toPrecision(3)}${space}s`;
  return long(us / 1e6);
}

/** For lengths of runs: `850 ms`, `10.0 s`, `2m05s`, `1h02m`. */
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

/** Seconds with two digits, without the unit: `12.34`; never negative. */
export function secondsOf(ms: number): string {
  return (Math.max(0, ms) / 1000).toFixed(2);
}

/** A difference of times between two bounds, in the unit of the larger one: `-0.05 – +0.31 ms`. */
export function timeInterval([lowUs, highUs]: readonly [low: number, high: number]): string {
  const size = Math.max(Math.abs(lowUs), Math.abs(highUs));
  const [unit, name] = size < 1e3 ? [1, 'µs'] : size < 1e6 ? [1e3, 'ms'] : [1e6, 's'];
  const digits = unit === 1 ? 0 : Math.max(0, 2 - Math.floor(Math.log10(size / unit)));
  const signed = (us: number) => {
    const text = (us / unit).toFixed(digits);
    return Number(text) > 0 ? `+${text}` : Number(text) === 0 ? '0' : text;
  };
  return `${signed(lowUs)} – ${signed(highUs)} ${name}`;
}
