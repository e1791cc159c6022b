/** The live view: what is asked, how it is so far, and where trouble lies, while a run goes on. */
import type { SoFar } from '../../analysis/so-far.js';
import { count, plain, tally } from '../../text/numbers.js';
import { terminalText } from '../../text/printable.js';
import { fittedLine } from '../layout/page.js';
import { fainter, painter } from '../layout/paint.js';
import { cut, wrap, wrapItems } from '../layout/text.js';
import { endpointRows } from './endpoint-rows.js';
import { rateLines, timeLine } from './head-lines.js';
import type { LivePicture, LiveSize } from './picture.js';
import { shownNames } from './version-rows.js';
import { versionTables } from './version-tables.js';
import { checkStates, verdictToCome } from './words.js';

/** Wider lines are hard to follow. */
const MAX_COLUMNS = 130;
/** Rows that all but the versions take, about. */
const OTHER_ROWS = 14;
const MIN_VERSIONS = 4;
const MAX_ENDPOINTS = 6;
/** Up to so many columns, the margin is left out. */
const NARROW = 40;
/** With fewer columns there is no room for bars. */
const LEAST_WITH_BARS = 36;
const MARGIN = 'So far  ';

/** Lines that belong together. */
interface Block {
  readonly lines: readonly string[];
  /** Where there is no room, blocks with small numbers stay. */
  readonly rank: number;
  /** A blank line comes before it, if there is room. */
  readonly apart?: boolean;
}

/** The lines, each narrower than the terminal; fewer than it has rows, so that the cursor has one too. */
export function liveView(picture: LivePicture, size: LiveSize, color: boolean): string[] {
  const columns = Math.max(1, Math.min(MAX_COLUMNS, size.columns - 1));
  const room = Math.max(1, size.rows - 1);
  const { soFar, now, goal } = picture;
  const [paint, faint] = [painter(color), fainter(color)];
  const versions = Math.max(MIN_VERSIONS, room - OTHER_ROWS);
  const tables = versionTables(now, soFar, columns, versions, paint);
  const margin = columns < NARROW ? '' : MARGIN;
  const more = tables.hidden === 0 ? [] : [`and ${count(tables.hidden)} more versions`];
  const blocks: Block[] = [
    { rank: 9, lines: [cut(terminalText(goal.title), columns)] },
    { rank: 0, lines: [timeLine(picture, columns, faint)] },
    { rank: 2, lines: rateLines(picture, columns) },
    { rank: 1, apart: true, lines: stateLines(soFar, margin, columns, paint) },
    { rank: 5, lines: noteLines(soFar, margin, columns).map(faint) },
    { rank: 2, apart: true, lines: [...tables.split, ...more] },
    { rank: 6, apart: true, lines: tables.latency },
    { rank: 3, apart: true, lines: errorLines(picture, columns) },
    { rank: 4, apart: true, lines: endpointRows(soFar?.ejections ?? null, columns, MAX_ENDPOINTS, paint) },
    { rank: 8, apart: true, lines: goal.notes.flatMap((note) => wrap(`- ${note}`, columns)) },
    { rank: 7, apart: true, lines: legend(soFar, columns).map(faint) },
  ];
  const lines = fitted(
    blocks.filter((block) => block.lines.length > 0),
    room,
  );
  // To measure lines with colours takes long, and only the narrowest can be too wide.
  return columns < NARROW ? lines.map((line) => fittedLine(line, columns)) : lines;
}

/** Leaves out the blank lines, then the blocks that matter least, until the rest fits. */
function fitted(blocks: readonly Block[], room: number): string[] {
  const sizeOf = (some: readonly Block[]) => some.reduce((sum, { lines }) => sum + lines.length, 0);
  const gaps = (some: readonly Block[]) => some.filter(({ apart }) => apart === true).length;
  let kept = [...blocks];
  while (kept.length > 1 && sizeOf(kept) > room) {
    const least = Math.max(...kept.map(({ rank }) => rank));
    kept = kept.filter(({ rank }) => rank !== least);
  }
  const blank = sizeOf(kept) + gaps(kept) <= room;
  return kept
    .flatMap(({ lines, apart }, i) => [...(blank && apart === true && i > 0 ? [''] : []), ...lines])
    .slice(0, room);
}

/** `So far  split within tolerance · errors not decided` */
function stateLines(
  soFar: SoFar | null,
  margin: string,
  columns: number,
  paint: ReturnType<typeof painter>,
): string[] {
  if (soFar === null) return [cut(`${margin}no answer yet`, columns)];
  const names = shownNames(soFar.versions, columns);
  const nameOf = (version: string) =>
    names[soFar.versions.findIndex((one) => one.version === version)] ?? 'a version';
  const states = checkStates(soFar, columns < NARROW ? null : nameOf);
  if (states.length === 0) {
    return indented('nothing is judged: no shares are expected, and there are no limits', margin, columns);
  }
  const lines = wrapItems(
    states.map(({ text }) => text),
    ' · ',
    Math.max(1, columns - margin.length),
  );
  return lines.map((line, i) => {
    const painted = cut(line, Math.max(1, columns - margin.length))
      .split(' · ')
      .map((text) => {
        const state = states.find((one) => one.text === text);
        return state === undefined ? text : paint(state.verdict, text);
      });
    return `${i === 0 ? margin : ' '.repeat(margin.length)}${painted.join(' · ')}`;
  });
}

function noteLines(soFar: SoFar | null, margin: string, columns: number): string[] {
  const text = soFar === null ? '' : verdictToCome(soFar);
  return text === '' ? [] : indented(text, ' '.repeat(margin.length), columns);
}

/** A text behind a margin, whose words are before the first line. */
function indented(text: string, margin: string, columns: number): string[] {
  const lines = wrap(text, Math.max(1, columns - margin.length));
  return lines.map((line, i) => `${i === 0 ? margin : ' '.repeat(margin.length)}${line}`);
}

/** Kinds of errors with their counts. */
function errorLines({ soFar }: LivePicture, columns: number): string[] {
  if (soFar === null) return [];
  const kinds = tally(soFar.errorKinds);
  return wrap(`Errors  ${kinds === '' ? 'none so far' : kinds}`, columns);
}

/** What the signs of the bars mean; empty where there are none. */
function legend(soFar: SoFar | null, columns: number): string[] {
  const hasBars = soFar?.versions.some(({ shareBounds }) => shareBounds !== null) ?? false;
  if (soFar === null || !hasBars || columns < LEAST_WITH_BARS) return [];
  const level = `${plain(soFar.intervalConfidence * 100)} %`;
  const when = soFar.method === 'sequential' ? 'at any look' : 'if the run ended now';
  return wrapItems(
    ['├──┼──┤ expected share and tolerance', `━●━ share so far and its ${level} interval ${when}`],
    '   ',
    columns,
  ).flatMap((line) => wrap(line, columns));
}
