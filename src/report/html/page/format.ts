/** How figures are written at axes and in the line below a plot. */
import { time } from '../../../text/durations.js';
import { count, percent, plain, rate } from '../../../text/numbers.js';
import type { PlotSpec, PlotY } from '../plot-spec.js';

type XUnit = PlotSpec['x']['unit'];
type YUnit = PlotY['unit'];

export const Y_VALUES: Readonly<Record<YUnit, (value: number) => string>> = {
  share: (value) => `${percent(value)} %`,
  us: (value) => time(value),
  requests: (value) => count(value),
  perSecond: (value) => rate(value),
};

/** Shorter than in the line below the plot. */
export const Y_TICKS: Readonly<Record<YUnit, (value: number) => string>> = {
  ...Y_VALUES,
  share: (value) => `${plain(value * 100)} %`,
  us: (value) => tickTime(value),
  requests: (value) => (Number.isInteger(value) ? count(value) : ''),
};

export const X_VALUES: Readonly<Record<XUnit, (value: number) => string>> = {
  seconds: (value) => clock(value),
  percentile: (value) => `p${percentOf(value)}`,
  connections: (value) => `${count(value)} connections`,
  rate: (value) => `${count(value)} requests/s`,
};

export const X_TICKS: Readonly<Record<XUnit, (value: number) => string>> = {
  seconds: (value) => clock(value),
  percentile: (value) => `${percentOf(value)} %`,
  connections: (value) => count(value),
  rate: (value) => count(value),
};

/** `2 ms`, `500 µs`: axes have round values. */
function tickTime(us: number): string {
  if (us >= 1e6) return `${plain(us / 1e6)} s`;
  return us >= 1e3 ? `${plain(us / 1e3)} ms` : `${plain(us)} µs`;
}

/** `12.5 s`, `2:05`, `1:02:05` */
function clock(seconds: number): string {
  if (seconds < 120) return `${Number(seconds.toFixed(3))} s`;
  const whole = Math.round(seconds);
  const two = (n: number) => String(n).padStart(2, '0');
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes}:${two(whole % 60)}`;
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(whole % 60)}`;
}

/** Of log10 of 1 ÷ (1 − q): `50`, `99`, `99.9`. */
function percentOf(nines: number): string {
  const rest = 10 ** -nines * 100;
  // As many digits as there are nines.
  const digits = Math.max(0, Math.ceil(nines - 2 - 1e-9) + (Number.isInteger(nines) ? 0 : 1));
  return String(Number((100 - rest).toFixed(digits)));
}
