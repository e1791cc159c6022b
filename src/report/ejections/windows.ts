/** The table of windows: which endpoint was out of rotation, from when to when, and why. */
import type { AbsenceKind, EjectionTrigger, EjectionWindow } from '../../analysis/ejections/result.js';
import { duration } from '../../text/durations.js';
import { count, tally } from '../../text/numbers.js';
import { type Cell, type Column, fits, type GridData, grid, type Paint } from '../layout/grid.js';
import { paragraph } from '../layout/page.js';
import { label, more, NARROW, number } from '../table/columns.js';
import { allowed, fromTo, seconds, widthMs } from './times.js';

/** At most so many windows are shown; `--json` and `--csv-dir` have them all. */
const MAX_WINDOWS = 20;
/** If n has more possible values than this, only the lower bound is shown. */
const MANY = 9;
/** Indent of the second line of a window. */
const INDENT = 2;

/** What preceded a window without a trigger. */
const NO_TRIGGER: Readonly<Record<AbsenceKind, string>> = {
  ejected: '5xx before it',
  left: 'failed connections',
  silent: 'no error before it',
  joined: 'its first request came late',
};

/** How tables name what the gateway reports. */
const BY = { 'event-log': 'event log', admin: 'admin interface' } as const;

interface Field {
  readonly column: Column;
  readonly cell: (window: EjectionWindow) => Cell;
}

const left = (head: string): Column => ({ head, align: 'left' });
const none: Cell = { text: '-' };

/** One line per window if all columns fit, else two: the times, and below them the cause. Empty if there are no windows. */
export function windowSection(windows: readonly EjectionWindow[], columns: number, paint: Paint): string[] {
  if (windows.length === 0) return [];
  const shown = windows.slice(0, MAX_WINDOWS);
  const { columns: heads, rows } = windowTable(shown);
  const lines = fits(heads, rows, columns)
    ? grid(heads, rows, columns, paint)
    : twoLines(shown, columns, paint);
  return [...lines, ...more(windows.length - shown.length, 'windows')];
}

/** One row per window, without columns that would be empty. */
export function windowTable(windows: readonly EjectionWindow[]): GridData {
  const used = FIELDS.filter(({ cell }) => windows.some((window) => cell(window).text !== none.text));
  return {
    columns: used.map(({ column }) => column),
    rows: windows.map((window) => used.map(({ cell }) => cell(window))),
  };
}

/** The name of an endpoint with its version: `v2 / pod-7c9`; the version alone if the endpoint is ''. */
export function nameOf({ version, endpoint }: { version: string; endpoint: string }): string {
  return endpoint === '' ? version : `${version} / ${endpoint}`;
}

const FIELDS: readonly Field[] = [
  { column: label('Ejections'), cell: (window) => ({ text: nameOf(window) }) },
  {
    column: left('kind'),
    cell: (window) => ({ text: [window.kind, ...manner(window)].join(', ') }),
  },
  { column: left('out from – to'), cell: (window) => ({ text: times(window, false) }) },
  { column: number('out for'), cell: (window) => ({ text: outFor(window) }) },
  { column: number('expected'), cell: (window) => expected(window) },
  { column: left('trigger'), cell: (window) => ({ text: cause(window) }) },
  { column: left('leaked'), cell: (window) => leak(window) },
  { column: left('verdict'), cell: (window) => judged(window) },
];

function twoLines(windows: readonly EjectionWindow[], columns: number, paint: Paint): string[] {
  const narrow = columns < NARROW;
  // In a narrow terminal the verdict begins the second line.
  const judge = !narrow && windows.some(({ verdict }) => verdict !== null);
  const heads = [
    label('Ejections'),
    left('kind'),
    left('out from – to'),
    number('out for'),
    ...(judge ? [left('verdict')] : []),
  ];
  const rows = windows.map((window): Cell[] => [
    { text: nameOf(window) },
    { text: window.kind },
    { text: times(window, narrow) },
    { text: outFor(window) },
    ...(judge ? [judged(window)] : []),
  ]);
  // No cell is wrapped, so each row is one line.
  const [head = '', ...lines] = grid(heads, rows, columns, paint);
  return [
    head,
    ...lines.flatMap((line, i) => [line, ...below(windows[i] as EjectionWindow, narrow, columns, paint)]),
  ];
}

/** The second line: what has no room in the first. */
function below(window: EjectionWindow, narrow: boolean, columns: number, paint: Paint): string[] {
  const { verdict } = window;
  const [wanted, leaked] = [expected(window), leak(window)];
  const parts = [
    ...(narrow && verdict !== null ? [judged(window).text] : []),
    ...manner(window),
    cause(window),
    ...(leaked === none ? [] : [window.leaked === 0 ? 'nothing leaked' : `leaked ${leaked.text}`]),
    ...(wanted === none ? [] : [`expected ${wanted.text}`]),
  ];
  const [first = '', ...rest] = paragraph('', [parts.join(', ')], INDENT, columns);
  const painted = narrow && verdict !== null ? first.replace(verdict, (word) => paint(verdict, word)) : first;
  return [painted, ...rest];
}

/** Properties that most windows lack: n above 1, only a part of the traffic lost, other endpoints out at the same time. */
function manner(window: EjectionWindow): string[] {
  const {
    sequence,
    sequenceBounds: [lo, hi],
    fraction,
    outAtOnce,
  } = window;
  const n = lo === hi ? `n = ${sequence}` : isAnyN(window) ? `n ≥ ${lo}` : `n = ${lo} to ${hi}`;
  return [
    ...(sequence > 1 || hi > 1 ? [n] : []),
    ...(fraction < 1 ? [`${Math.round(fraction * 100)} % of it`] : []),
    ...(outAtOnce.out > 1 ? [`${outAtOnce.out} of ${outAtOnce.of} at once`] : []),
  ];
}

/** When it was out: `12.43 s – 46.2 s` */
export function times(window: EjectionWindow, short: boolean): string {
  const { kind, startMs, startBoundsMs, endMs, endBoundsMs } = window;
  if (kind === 'joined' && endMs !== null) return `until ${seconds(endMs, widthMs(endBoundsMs))}`;
  const start = startMs === null ? null : { ms: startMs, width: widthMs(startBoundsMs) };
  const end = endMs === null ? null : { ms: endMs, width: widthMs(endBoundsMs) };
  return fromTo(start, end, short);
}

/** `33.8 s`; the part that is certain if the window began before or ended after the run: `> 12.3 s`. */
function outFor({ durationMs, startBoundsMs, endBoundsMs }: EjectionWindow): string {
  const width = widthMs(startBoundsMs) + widthMs(endBoundsMs);
  if (durationMs !== null) return seconds(durationMs, width);
  const sure = endBoundsMs[0] - startBoundsMs[1];
  return sure > 0 ? `> ${seconds(sure, Math.max(width, 100))}` : none.text;
}

function expected(window: EjectionWindow): Cell {
  const { expectedDurationMs } = window;
  return expectedDurationMs === null ? none : { text: allowed(expectedDurationMs, isAnyN(window)) };
}

/** Whether the bounds of n are too wide to be of use, e.g. because earlier ejections are not known. */
function isAnyN({ sequenceBounds: [lo, hi] }: EjectionWindow): boolean {
  return hi - lo >= MANY;
}

/** `113 in 1.0 s` */
function leak({ leaked, leakedForMs }: EjectionWindow): Cell {
  if (leaked === null) return none;
  if (leaked === 0 || leakedForMs === null) return { text: count(leaked) };
  return { text: `${count(leaked)} in ${duration(leakedForMs)}` };
}

function judged({ verdict, reported }: EjectionWindow): Cell {
  if (verdict === null) return none;
  const by = reported?.settles.includes('verdict') === true ? ` (${BY[reported.from]})` : '';
  return { text: `${verdict}${by}`, meaning: verdict };
}

function cause(window: EjectionWindow): string {
  const { trigger, errorsBefore, reported, kind } = window;
  if (trigger !== null) return triggerText(trigger, widthMs(window.startBoundsMs));
  const few = Object.keys(errorsBefore).length === 0 ? '' : `only ${tally(errorsBefore)} before it`;
  if (reported?.settles.includes('kind') === true) {
    const why = reported.type === null ? '' : ` (${reported.type})`;
    return [`by the gateway's ${BY[reported.from]}${why}`, ...(few === '' ? [] : [few])].join(', ');
  }
  if (few === '') return kind === 'left' ? `${NO_TRIGGER.left}, no 5xx` : NO_TRIGGER[kind];
  return kind === 'left' ? `${NO_TRIGGER.left}, ${few}` : few;
}

/** `5 × 500 in a row from 12.41 s` */
function triggerText(trigger: EjectionTrigger, width: number): string {
  const { consecutive, firstErrorMs, statuses, inFlight, endpointKnown } = trigger;
  const kinds = Object.keys(statuses);
  const all5xx = kinds.every((kind) => Number(kind) >= 500);
  const status = kinds.length === 1 ? kinds[0] : all5xx ? '5xx' : 'errors';
  return [
    `${count(consecutive)} × ${status} in a row from ${seconds(firstErrorMs, width)}`,
    ...(kinds.length > 1 ? [`(${tally(statuses)})`] : []),
    ...(inFlight > 0 ? [`(${count(inFlight)} in flight)`] : []),
    ...(endpointKnown ? [] : ['(endpoint unknown)']),
  ].join(' ');
}
