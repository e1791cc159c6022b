/** The timeline: a row per endpoint, a character per slice of time, and below an axis in seconds. */
import type { EjectionTimeline } from '../../analysis/ejections/result.js';
import { time } from '../../text/durations.js';
import { grouped } from '../../text/numbers.js';
import { terminalText } from '../../text/printable.js';
import { widthOf } from '../../text/width.js';
import { type Cell, grid, type Paint } from '../layout/grid.js';
import { cut } from '../layout/text.js';
import { more } from '../table/columns.js';
import { nameOf } from './windows.js';

/** At most so many endpoints are shown; those that were out come first, then those that failed. */
const MAX_ENDPOINTS = 24;
/** Minimum width of the first column, as in the other tables. */
const MIN_LABEL = 13;
/** Labels take at most this part of the terminal's width. */
const MAX_LABEL_PART = 1 / 3;
const GAP = 2;

/** A character for several slices is the first of these that occurs among them. */
const BY_WEIGHT = ['_', 'x', '.'] as const;
const MEANINGS = { _: 'fail', x: 'inconclusive' } as const;

/**
 * The timeline, fitted to the width of the terminal by merging slices. Empty if there are no slices.
 *
 * @param columns width of the terminal
 */
export function timelineSection(timeline: EjectionTimeline, columns: number, paint: Paint): string[] {
  const shown = chosenRows(timeline.rows, MAX_ENDPOINTS);
  const slices = shown.reduce((most, row) => Math.max(most, row.slices.length), 0);
  if (slices === 0) return [];
  const widest = Math.floor(columns * MAX_LABEL_PART);
  const names = shown.map((row) => cut(terminalText(nameOf(row)), widest));
  const labelWidth = names.reduce((most, name) => Math.max(most, widthOf(name)), MIN_LABEL);
  const room = columns - labelWidth - GAP;
  const merged = Math.ceil(slices / room);
  const sliceMs = timeline.sliceMs * merged;
  const heads = [
    { head: 'Timeline', align: 'left', fit: 'cut', minWidth: labelWidth },
    { head: `. ok  x failing  _ out · ${lengthOf(sliceMs)} each`, align: 'left' },
  ] as const;
  const rows = shown.map((row, i): Cell[] => [
    { text: names[i] as string },
    { text: fitted(row.slices, merged), paint: (cell) => coloured(cell, paint) },
  ]);
  rows.push([{ text: '' }, { text: axis(Math.ceil(slices / merged), sliceMs, room) }]);
  return [...grid(heads, rows, columns), ...more(timeline.rows.length - shown.length, 'endpoints')];
}

type Row = EjectionTimeline['rows'][number];

/** All rows; if they are too many, those of the most important endpoints, in the same order. */
export function chosenRows(rows: readonly Row[], max: number): readonly Row[] {
  if (rows.length <= max) return rows;
  const weight = ({ slices }: Row) => (slices.includes('_') ? 0 : slices.includes('x') ? 1 : 2);
  const kept = new Set([...rows].sort((a, b) => weight(a) - weight(b)).slice(0, max));
  return rows.filter((row) => kept.has(row));
}

/** Shows each `merged` slices as one character. */
function fitted(slices: string, merged: number): string {
  let line = '';
  for (let i = 0; i < slices.length; i += merged) {
    const part = slices.slice(i, i + merged);
    line += BY_WEIGHT.find((character) => part.includes(character)) ?? ' ';
  }
  return line;
}

function coloured(line: string, paint: Paint): string {
  return line.replace(/_+|x+/g, (run) => paint(MEANINGS[run[0] as '_' | 'x'], run));
}

/** `0.5 s`, `250 ms` */
function lengthOf(ms: number): string {
  return ms < 1_000 ? time(ms * 1_000).replace(/\.0+ /, ' ') : `${Number((ms / 1_000).toFixed(1))} s`;
}

/** `|0 s      |10 s     |20 s`: each mark is below the character that contains its time. */
function axis(characters: number, sliceMs: number, room: number): string {
  const mark = (ms: number) => `|${grouped(String(Number((ms / 1_000).toFixed(3))))} s`;
  const lastMs = characters * sliceMs;
  const between = mark(lastMs).length + 3;
  const stepMs = niceStep(between * sliceMs);
  let line = '';
  for (let ms = 0; ms < lastMs; ms += stepMs) {
    const at = Math.floor(ms / sliceMs + 1e-9);
    if (at + mark(ms).length > room) break;
    line = line.padEnd(at) + mark(ms);
  }
  return line;
}

/** The least step of the series …, 0.5, 1, 2, 5, 10, 20, 50, … s that is not shorter, ms. */
export function niceStep(leastMs: number): number {
  const power = 10 ** Math.floor(Math.log10(leastMs));
  return power * ([1, 2, 5, 10].find((factor) => power * factor >= leastMs) as number);
}
