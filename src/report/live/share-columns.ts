/** Columns of shares, requests and errors. */
import type { SoFar } from '../../analysis/so-far.js';
import { count, percent, plain } from '../../text/numbers.js';
import type { Paint } from '../layout/grid.js';
import { cut } from '../layout/text.js';
import { type Flexible, type LiveCell, LiveColumn } from './columns.js';
import { ifFailed } from './if-failed.js';
import { plainBar, shareBar } from './share-bar.js';
import type { Row } from './version-rows.js';

/** Narrower bars show too little. */
const MIN_BAR = 21;

/** @param attributed responses of all versions */
export function shareColumns(rows: readonly Row[], soFar: SoFar | null, attributed: number, paint: Paint) {
  const isExpected = rows.some(({ live }) => live.expectedShare !== null);
  const cells = (cell: (row: Row) => LiveCell) => rows.map(cell);
  const names = cells(({ name }) => ({ text: name }));
  const tolerance = toleranceOf(soFar);
  const barHead = isExpected ? `expected ± ${tolerance}` : '0 – 100 %';
  const bar: Flexible = {
    width: MIN_BAR,
    atWidth: (width) =>
      new LiveColumn(
        barHead.length > width ? cut(`± ${tolerance}`, width) : barHead,
        'left',
        cells((row) => barCell(row, isExpected, width, paint)),
      ),
  };
  const shareOf = ({ live, figures }: Row) =>
    figures?.share ?? (attributed === 0 ? null : live.requests / attributed);
  const right = (head: string, cell: (row: Row) => LiveCell) => new LiveColumn(head, 'right', cells(cell));
  return {
    name: (head: string) => new LiveColumn(head, 'left', names),
    /** None where nothing is expected. */
    expected: !isExpected ? [] : [right('exp. %', ({ live }) => ({ text: percent(live.expectedShare) }))],
    got: right('share %', (row) => ({
      text: percent(shareOf(row)),
      ...ifFailed(row.split === 'fail', paint),
    })),
    bar,
    requests: right('requests', ({ live }) => ({ text: count(live.requests) })),
    errors: right('errors', (row) => ({
      text: row.live.errorRate === null ? '-' : `${Number((row.live.errorRate * 100).toPrecision(2))} %`,
      ...ifFailed(row.errors === 'fail', paint),
    })),
  };
}

function barCell({ live, figures, split }: Row, isExpected: boolean, width: number, paint: Paint): LiveCell {
  if (!isExpected) return { text: plainBar(figures?.share ?? null, width).text };
  const verdict = split ?? 'inconclusive';
  const { expectedShare } = live;
  if (expectedShare === null || expectedShare === 0) {
    const words = expectedShare === null ? 'not expected' : 'must get nothing';
    return { text: cut(words, width), paint: (text) => paint(verdict, text) };
  }
  if (figures?.shareBounds == null) return { text: '' };
  const { share, shareBounds: bounds, shareInterval: interval } = figures;
  const { text, marked } = shareBar({ expectedShare, bounds, share, interval }, width);
  const [from, to] = marked;
  return {
    text,
    paint: (bar) =>
      from === to ? bar : `${bar.slice(0, from)}${paint(verdict, bar.slice(from, to))}${bar.slice(to)}`,
  };
}

/** `2 points`, or a word where versions have different ones. */
function toleranceOf(soFar: SoFar | null): string {
  const points = (soFar?.versions ?? []).flatMap(({ expectedShare, shareBounds }) => {
    if (expectedShare === null || expectedShare === 0 || shareBounds === null) return [];
    const [low, high] = shareBounds;
    if (low === null && high === null) return [];
    return [plain((low === null ? (high as number) - expectedShare : expectedShare - low) * 100)];
  });
  const [only, ...others] = new Set(points);
  return only === undefined || others.length > 0
    ? 'tolerance'
    : `${only} ${only === '1' ? 'point' : 'points'}`;
}
