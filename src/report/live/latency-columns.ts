/** Columns of latency: p50 and p99, each with its latest figures. */
import type { SoFar } from '../../analysis/so-far.js';
import { time } from '../../text/durations.js';
import type { Paint } from '../layout/grid.js';
import { inWholeSeconds } from '../progress.js';
import { LiveColumn } from './columns.js';
import { ifFailed } from './if-failed.js';
import { sparkline } from './sparkline.js';
import type { Row } from './version-rows.js';

/** @returns the columns, by the characters that the latest figures have; 0: without them */
export function latencyColumns(
  rows: readonly Row[],
  soFar: SoFar | null,
  paint: Paint,
): (spark: number) => LiveColumn[] {
  const spans = Math.max(0, ...rows.map(({ figures }) => figures?.recent.length ?? 0));
  const figure = (head: string, key: 'p50Us' | 'p99Us') => {
    const cells = rows.map((row) => ({
      text: time(row.figures?.[key] ?? null),
      ...ifFailed(row.slow.includes(head), paint),
    }));
    return new LiveColumn(head, 'right', cells);
  };
  const latest = (key: 'p50Us' | 'p99Us', width: number): LiveColumn => {
    const recent = rows.map(({ figures }) => (figures?.recent ?? []).map((span) => span[key]));
    const most = Math.max(0, ...recent.flat().map((us) => us ?? 0));
    const shownMs = Math.min(spans, width) * (soFar?.recentMs ?? 0);
    const cells = recent.map((us) => ({ text: sparkline(us, most, width) }));
    const head = shownMs === 0 ? '' : shownMs < 1000 ? 'latest' : `last ${inWholeSeconds(shownMs)}`;
    return new LiveColumn(head, 'left', cells);
  };
  return (spark) => {
    const [p50, p99] = [figure('p50', 'p50Us'), figure('p99', 'p99Us')];
    return spark === 0 ? [p50, p99] : [p50, latest('p50Us', spark), p99, latest('p99Us', spark)];
  };
}
