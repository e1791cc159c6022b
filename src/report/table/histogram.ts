/** How answers spread over time, as a line of block characters per version. */
import type { LatencyResult, RunResult } from '../../analysis/result.js';
import { time } from '../../text/durations.js';
import { type Cell, type Column, grid } from '../layout/grid.js';
import { label, MAX_VERSIONS, more, number, text } from './columns.js';

/** From a few answers to most. */
const BLOCKS = '▁▂▃▄▅▆▇█';
/** What the other columns and the gaps take at most. */
const BESIDE = 44;
const MIN_CELLS = 12;

/**
 * Of latencies, which count from the due time in an open loop. All versions on one logarithmic axis, from the shortest time to the longest, each as high as its own most frequent time: shapes are
 * compared, not counts. Empty without answers of versions.
 */
export function histogramSection({ versions }: RunResult, columns: number): string[] {
  const answered = versions.filter(({ latencyUs }) => latencyUs.count > 0);
  const shown = answered.slice(0, MAX_VERSIONS);
  if (shown.length === 0) return [];
  const fromUs = Math.min(...shown.map(({ latencyUs }) => latencyUs.min ?? 0));
  const toUs = Math.max(...shown.map(({ latencyUs }) => latencyUs.max ?? 0));
  const cells = Math.max(MIN_CELLS, columns - BESIDE);
  const rows = shown.map(({ version, latencyUs }): Cell[] =>
    text(version, blocks(latencyUs, fromUs, toUs, cells), time(latencyUs.min), time(latencyUs.mean)),
  );
  const axis: Column = { head: axisOf(time(fromUs), time(toUs), cells), align: 'left' };
  const heads = [label('Histogram'), axis, number('min'), number('mean')];
  return [...grid(heads, rows, columns), ...more(answered.length - shown.length, 'versions')];
}

/** `0.81 ms ── log ── 41.2 ms` */
function axisOf(from: string, to: string, cells: number): string {
  const line = cells - from.length - to.length - 2;
  return line < 1 ? from : `${from} ${' log '.padStart((line + 5) >> 1, '─').padEnd(line, '─')} ${to}`;
}

/** @param cells how many characters */
function blocks({ buckets }: LatencyResult, fromUs: number, toUs: number, cells: number): string {
  const counts = new Float64Array(cells);
  const scale = cells / Math.log((toUs + 1) / Math.max(fromUs, 0.5));
  const placeOf = (us: number) => Math.log(Math.max(us, 0.5) / Math.max(fromUs, 0.5)) * scale;
  for (const [lowUs, nextUs, count] of buckets) {
    const low = clamp(placeOf(lowUs), cells);
    const high = Math.max(clamp(placeOf(nextUs), cells), low + 1e-9);
    for (let cell = Math.floor(low); cell < Math.min(cells, Math.ceil(high)); cell++) {
      const overlap = Math.min(high, cell + 1) - Math.max(low, cell);
      counts[cell] = (counts[cell] as number) + (count * overlap) / (high - low);
    }
  }
  const most = Math.max(...counts);
  return Array.from(counts, (count) =>
    count === 0 ? ' ' : BLOCKS[Math.max(0, Math.ceil((count / most) * BLOCKS.length) - 1)],
  ).join('');
}

function clamp(place: number, cells: number): number {
  return Math.min(Math.max(place, 0), cells - 1e-6);
}
