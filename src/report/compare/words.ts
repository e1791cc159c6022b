/** What differences are called, and how their numbers are written. */
import type { Difference, Outcome } from '../../analysis/compare/result.js';
import type { Verdict } from '../../analysis/verdict.js';
import { time, timeInterval } from '../../text/durations.js';
import { count, deviation, plain } from '../../text/numbers.js';
import { terminalText } from '../../text/printable.js';
import { cut } from '../layout/text.js';

/** A version's name in a row, so that what follows it is seen. */
const MAX_NAME = 24;

/** In capitals: the answer to "is it worse?". */
export const ANSWERS: Readonly<Record<Verdict, string>> = {
  fail: 'WORSE',
  pass: 'NOT WORSE',
  inconclusive: 'CANNOT TELL',
};

export const OUTCOMES: Readonly<Record<Outcome, string>> = {
  worse: 'worse',
  better: 'better',
  differs: 'differs',
  slight: 'too small',
  alike: 'alike',
  'not-worse': 'not worse',
  unknown: 'unclear',
};

/** `backend-v2 p99`, `errors of backend-v2` in sentences; in a row of a table without what its head says. */
export function subject({ figure, version, percentile }: Difference, place: 'row' | 'sentence'): string {
  const name = version === null ? null : cut(terminalText(version), MAX_NAME);
  if (figure === 'knee') return 'knee';
  if (figure === 'latency') return `${name ?? 'all backends'} p${percentile}`;
  if (figure === 'slower') return `${name ?? 'all backends'} slower in`;
  const of = name ?? 'all requests';
  if (place === 'row') return of;
  return figure === 'share' ? `share of ${of}` : `errors of ${of}`;
}

/** A figure in its unit. */
export function figureText(value: number | null, unit: Difference['unit'], space: string): string {
  if (value === null) return '-';
  if (unit === 'us') return time(value, space);
  return unit === 'percent' ? value.toFixed(2) : plainLevel(value);
}

/** Connections or requests per second. */
export function plainLevel(value: number): string {
  return value < 100 ? plain(value) : count(value);
}

/** `+45.2 ms`, `+3.20 points` or `-12`, then `+8.3 %` of what can have a ratio. */
export function differenceText({ difference, relative, unit }: Difference): string {
  if (difference === null) return '-';
  if (unit === 'percent') return `${deviation(difference)} points`;
  const size = unit === 'us' ? time(Math.abs(difference)) : plainLevel(Math.abs(difference));
  const sign = difference < 0 ? '-' : difference > 0 ? '+' : '';
  return `${sign}${size}${relative === null ? '' : ` (${relativeText(relative)})`}`;
}

/** `+8.3 %`, and from twice as much on `2.1 times`. */
export function relativeText(relative: number): string {
  if (relative >= 1) return `${plain(relative + 1)} times`;
  const percent = plain(Math.abs(relative) * 100);
  return percent === '0' ? '0 %' : `${relative < 0 ? '-' : '+'}${percent} %`;
}

/** `+31.0 – +60.1 ms`; `-` where there is none. Of `slower` the percentage itself, not its distance from 50. */
export function intervalText({ figure, interval, unit }: Difference): string {
  if (interval === null) return '-';
  const [low, high] = interval;
  if (unit === 'us') return timeInterval([low, high]);
  if (figure === 'slower') return `${(low + 50).toFixed(1)} – ${(high + 50).toFixed(1)}`;
  if (unit === 'percent') return `${deviation(low)} – ${deviation(high)}`;
  const signed = (n: number) => (n > 0 ? `+${plainLevel(n)}` : n < 0 ? `-${plainLevel(-n)}` : '0');
  return `${signed(low)} – ${signed(high)}`;
}
