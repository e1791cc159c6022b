/** The tables of versions: a row each, with as many columns as there is room for. */
import type { SoFar } from '../../analysis/so-far.js';
import type { Paint } from '../layout/grid.js';
import type { ProgressPoint } from '../progress.js';
import { aligned, fitting } from './columns.js';
import { latencyColumns } from './latency-columns.js';
import { shareColumns } from './share-columns.js';
import { chosen, type Row, rowsOf } from './version-rows.js';

/** Below this width, shares and latency are never one table. */
const WIDE = 100;

export interface VersionTables {
  /** Heads, then rows. */
  readonly split: string[];
  /** Empty where the other table has its figures. */
  readonly latency: string[];
  /** Versions without a row. */
  readonly hidden: number;
}

/** @param most rows at most, of one table, or of two together */
export function versionTables(
  { live }: ProgressPoint,
  soFar: SoFar | null,
  columns: number,
  most: number,
  paint: Paint,
): VersionTables {
  const all = rowsOf(live.versions, soFar, columns);
  if (all.length === 0) return { split: [], latency: [], hidden: 0 };
  const tablesOf = (rows: readonly Row[], make: typeof oneTable): VersionTables | null => {
    const tables = make(rows, soFar, live.attributed, columns, paint);
    return tables === null ? null : { ...tables, hidden: all.length - rows.length };
  };
  const one = columns < WIDE ? null : tablesOf(chosen(all, most), oneTable);
  return one ?? (tablesOf(chosen(all, Math.max(1, most >> 1)), twoTables) as VersionTables);
}

function oneTable(
  rows: readonly Row[],
  soFar: SoFar | null,
  attributed: number,
  columns: number,
  paint: Paint,
): Omit<VersionTables, 'hidden'> | null {
  const { name, expected, got, bar, requests, errors } = shareColumns(rows, soFar, attributed, paint);
  const latencies = latencyColumns(rows, soFar, paint);
  const first = [name('Version'), ...expected, got, bar, requests, errors];
  const fits = fitting(
    [16, 12].map((latest) => [...first, ...latencies(latest)]),
    columns,
  );
  return fits === null ? null : { split: aligned(fits, rows.length), latency: [] };
}

function twoTables(
  rows: readonly Row[],
  soFar: SoFar | null,
  attributed: number,
  columns: number,
  paint: Paint,
): Omit<VersionTables, 'hidden'> {
  const { name, expected, got, bar, requests, errors } = shareColumns(rows, soFar, attributed, paint);
  const head = name('Split');
  const split = fitting(
    [
      [head, ...expected, got, bar, requests, errors],
      [head, ...expected, got, bar, errors],
      [head, ...expected, got, bar],
      [head, got, bar],
      [head, ...expected, got, errors],
      [head, ...expected, got],
    ],
    columns,
  ) ?? [head, got];
  const latencies = latencyColumns(rows, soFar, paint);
  const [title, [, p99]] = [name('Latency'), latencies(0)];
  const variants = [16, 12, 8, 0].map((latest) => [title, ...latencies(latest)]);
  const latency = fitting([...variants, p99 === undefined ? [title] : [title, p99]], columns);
  return {
    split: aligned(split, rows.length),
    latency: latency === null ? [] : aligned(latency, rows.length),
  };
}
