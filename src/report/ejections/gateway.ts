/** The table that compares the ejections that the gateway reports with the client's windows. */
import type { EjectionWindow, GatewayView, GatewayWindow } from '../../analysis/ejections/result.js';
import { time } from '../../text/durations.js';
import { count, tally } from '../../text/numbers.js';
import { type Cell, type Column, type GridData, grid } from '../layout/grid.js';
import { paragraph } from '../layout/page.js';
import { label, more, NARROW, number } from '../table/columns.js';
import { fromTo, type Moment, widthMs } from './times.js';

/** At most so many reported windows, and so many clusters with counters, are shown; `--json` has them all. */
const MAX_WINDOWS = 20;
const MAX_CLUSTERS = 8;
/** At most so many remarks are shown; `--json` has them all. */
const MAX_REMARKS = 12;
/** Precision of a time in the event log, ms. */
const LOG_WIDTH_MS = 1;

/**
 * A row per reported window: its times, the client's, and the differences; below each row the explanation. Then the clock
 * offset, counters and remarks.
 *
 * @param gateway null: the gateway was not watched, and the section is empty
 * @param windows the client's windows
 */
export function gatewaySection(
  gateway: GatewayView | null,
  windows: readonly EjectionWindow[],
  columns: number,
): string[] {
  if (gateway === null) return [];
  const rest = gatewayRemarks(gateway).flatMap((line) => paragraph('-', [line], 2, columns));
  if (gateway.windows.length === 0) return ['Gateway: no ejection reported', ...rest];
  const shown = gateway.windows.slice(0, MAX_WINDOWS);
  const { columns: heads, rows } = gatewayTable(shown, windows, columns < NARROW);
  // No cell is wrapped, so each row is one line.
  const [head = '', ...lines] = grid(heads, rows, columns);
  const table = lines.flatMap((line, i) => [
    line,
    ...paragraph('', [explained(shown[i] as GatewayWindow)], 2, columns),
  ]);
  return [head, ...table, ...more(gateway.windows.length - shown.length, 'windows of the gateway'), ...rest];
}

/** On its clock, its counters, and what else is to be said of it. */
export function gatewayRemarks(gateway: GatewayView): string[] {
  return [...clock(gateway), ...counters(gateway), ...remarks(gateway)];
}

/** @param narrow with short heads and words, and without the client's times */
export function gatewayTable(
  shown: readonly GatewayWindow[],
  windows: readonly EjectionWindow[],
  narrow: boolean,
): GridData {
  const heads: Column[] = [
    label('Gateway'),
    { head: narrow ? 'ejected' : 'ejected from – to', align: 'left' },
    ...(narrow ? [] : [{ head: 'seen from – to', align: 'left' } as const]),
    number('start Δ ms'),
    number('end Δ ms'),
  ];
  const rows = shown.map((window): Cell[] => [
    { text: window.endpoint ?? window.address },
    { text: fromTo(moment(window.ejectedMs), moment(window.unejectedMs), narrow) },
    ...(narrow ? [] : [{ text: seen(window, windows) }]),
    { text: difference(window.differenceMs.start) },
    { text: difference(window.differenceMs.end) },
  ]);
  return { columns: heads, rows };
}

function moment(bounds: readonly [number, number] | null): Moment {
  if (bounds === null) return null;
  const width = Math.max(widthMs(bounds), LOG_WIDTH_MS);
  return { ms: (bounds[0] + bounds[1]) / 2, width };
}

/** From the start of the first of the client's windows to the end of the last: the differences refer to these. */
function seen({ windows: its }: GatewayWindow, windows: readonly EjectionWindow[]): string {
  const own = its.flatMap((at) => windows[at] ?? []);
  const [first, last] = [own[0], own.at(-1)];
  if (first === undefined || last === undefined) return 'nothing';
  const { startMs, startBoundsMs } = first;
  const { endMs, endBoundsMs } = last;
  return fromTo(
    startMs === null ? null : { ms: startMs, width: widthMs(startBoundsMs) },
    endMs === null ? null : { ms: endMs, width: widthMs(endBoundsMs) },
    false,
  );
}

/** The client's time minus the reported one, ms: `+12`, `-1,004`. */
function difference(ms: number | null): string {
  if (ms === null) return '-';
  const whole = Math.round(ms);
  return whole === 0 ? '0' : `${whole < 0 ? '-' : '+'}${count(Math.abs(whole))}`;
}

/** Where it was reported, and why it is not the client's. */
export function explained({ endpoint, address, cluster, from, explanation }: GatewayWindow): string {
  const source = from === 'admin' ? 'admin interface' : 'event log';
  const where = [...(endpoint === null ? [] : [address]), cluster, source].join(', ');
  return explanation === '' ? where : `${where}: ${explanation}`;
}

/** A line on clocks that agree. An offset other than 0 is in the remarks. */
function clock({ clockOffsetMs }: GatewayView): string[] {
  if (clockOffsetMs?.estimate !== 0) return [];
  const us = (ms: number) => (ms < 0 ? `-${time(-ms * 1_000)}` : time(ms * 1_000));
  const [lo, hi] = clockOffsetMs.bounds;
  return [`Its clock minus this machine's: ${us(0)} (between ${us(lo)} and ${us(hi)}).`];
}

/** Counters that grew, a line per cluster. */
function counters({ counters }: GatewayView): string[] {
  const lines = Object.entries(counters ?? {}).flatMap(([cluster, byName]) => {
    const counted = Object.fromEntries(Object.entries(byName).filter(([, n]) => n > 0));
    return Object.keys(counted).length === 0 ? [] : [`${cluster}: ${tally(counted)}`];
  });
  const hidden = lines.length - MAX_CLUSTERS;
  return hidden > 0
    ? [...lines.slice(0, MAX_CLUSTERS), `Counters of ${count(hidden)} more: see --json.`]
    : lines;
}

function remarks({ remarks }: GatewayView): string[] {
  const hidden = remarks.length - MAX_REMARKS;
  return hidden > 0
    ? [...remarks.slice(0, MAX_REMARKS), `And ${count(hidden)} more remarks: see --json.`]
    : remarks;
}
