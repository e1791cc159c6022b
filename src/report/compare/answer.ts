/** Is it worse, in what, and by how much: the first lines about a pair. */
import type { Difference, PairComparison } from '../../analysis/compare/result.js';
import { counted, plain } from '../../text/numbers.js';
import type { Paint } from '../layout/grid.js';
import { paragraph } from '../layout/page.js';
import { shortName } from '../layout/text.js';
import { ANSWERS, differenceText, intervalText, subject } from './words.js';

/** Above the warnings. */
export const CAREFUL = 'something else may explain a difference:';

/** At most so many differences of a kind are named; the tables have all. */
const MAX_NAMED = 4;
const MAX_WARNINGS = 6;
/** Of a run that would take more times as long, nobody needs to hear. */
const MOST_TIMES = 20;

/** @param names what the two are called: `B today.json`, `A last-week.json` */
export function answer(
  pair: PairComparison,
  names: { readonly own: string; readonly reference: string },
  columns: number,
  paint: Paint,
): string[] {
  const { verdict, warnings } = pair;
  const word = ANSWERS[verdict];
  const indent = word.length + 2;
  const [first = '', ...more] = paragraph(word, [`${names.own} against ${names.reference}`], indent, columns);
  const body = paragraph('', sentences(pair), indent, columns);
  return [
    ...careful(warnings, columns, paint),
    `${paint(verdict, word)}${first.slice(word.length)}`,
    ...more,
    ...body,
  ];
}

/** Before all else: why the two may differ for other reasons. */
function careful(warnings: PairComparison['warnings'], columns: number, paint: Paint): string[] {
  if (warnings.length === 0) return [];
  const texts = warnings.slice(0, MAX_WARNINGS).map(({ text }) => `- ${text}`);
  const hidden = warnings.length - texts.length;
  const head = `CAREFUL  ${CAREFUL}`;
  return [
    paint('inconclusive', head),
    ...paragraph('', [...texts, ...(hidden > 0 ? [`- and ${hidden} more: see --json`] : [])], 2, columns),
  ];
}

/** What differs, what cannot be told, and what is not compared. */
export function sentences(pair: PairComparison): string[] {
  const { differences, checks, onlyInReference, onlyInThis, verdict } = pair;
  const of = (...outcomes: readonly Difference['outcome'][]) =>
    withoutSums(differences.filter(({ outcome }) => outcomes.includes(outcome)));
  const failed = checks.filter(({ value, reference }) => value === 'fail' && reference !== 'fail');
  return [
    ...(verdict === 'inconclusive' ? ['Nothing is shown to be worse.'] : []),
    ...named(of('worse'), shown, 'worse'),
    ...named(
      failed,
      ({ name, text }) => `its own check ${shortName(name)} fails now: ${text ?? ''}`,
      'failed checks',
    ),
    ...named(of('differs'), (one) => `Differs: ${shown(one)}`, 'that differ'),
    ...named(of('better'), (one) => `Better: ${shown(one)}`, 'better'),
    ...unclear(of('unknown')),
    ...together('Shown, but too small to count', of('slight')),
    ...(verdict === 'pass' && of('worse', 'better', 'differs', 'slight').length === 0
      ? [`Nothing ${onlyInThis.length === 0 ? '' : 'that is compared '}is shown to differ.`]
      : []),
    ...versionsOfOne('only in the reference', onlyInReference),
    ...versionsOfOne('only in this one', onlyInThis),
  ];
}

/** Figures of all versions together say nothing new where a version's own is there. */
function withoutSums(items: readonly Difference[]): readonly Difference[] {
  return items.filter(
    ({ version, figure, percentile }) =>
      version !== null ||
      !items.some((one) => one.version !== null && one.figure === figure && one.percentile === percentile),
  );
}

function shown(one: Difference): string {
  const interval = one.interval === null ? '' : `, interval ${intervalText(one)}`;
  return `${subject(one, 'sentence')} ${differenceText(one)}${interval}${one.unit === 'percent' ? ' points' : ''}`;
}

function named<T>(items: readonly T[], text: (item: T) => string, what: string): string[] {
  const hidden = items.length - MAX_NAMED;
  return [...items.slice(0, MAX_NAMED).map(text), ...(hidden > 0 ? [`and ${hidden} more ${what}`] : [])];
}

function together(what: string, items: readonly Difference[]): string[] {
  return items.length === 0 ? [] : [`${what}: ${list(items)}.`];
}

function list(items: readonly Difference[]): string {
  const names = items.slice(0, MAX_NAMED).map((one) => subject(one, 'sentence'));
  const hidden = items.length - names.length;
  return `${names.join(', ')}${hidden > 0 ? ` and ${hidden} more` : ''}`;
}

/** What cannot be told, and what would tell it. */
function unclear(items: readonly Difference[]): string[] {
  if (items.length === 0) return [];
  const [wide, without] = [
    items.filter(({ reason }) => reason === null),
    items.filter(({ reason }) => reason !== null),
  ];
  const [first] = without;
  const times = wide.map(({ moreTimes }) => moreTimes);
  const most = times.every((n) => n !== null) ? Math.max(...times) : Number.POSITIVE_INFINITY;
  const more = most > MOST_TIMES ? '' : ` About ${plain(most)} times as many requests in each would tell.`;
  return [
    ...(wide.length === 0 ? [] : [`It cannot be told whether these are worse: ${list(wide)}.${more}`]),
    ...(first === undefined
      ? []
      : [
          `It cannot be told of ${list(without)}${without.length === 1 ? '' : `. ${subject(first, 'sentence')}`}: ${first.reason}.`,
        ]),
  ];
}

function versionsOfOne(where: string, versions: readonly string[]): string[] {
  if (versions.length === 0) return [];
  const names = versions.slice(0, MAX_NAMED).map(shortName);
  const hidden = versions.length - names.length;
  return [
    `Not compared, ${where}: ${counted(versions.length, 'version')} (${names.join(', ')}${hidden > 0 ? ' …' : ''}).`,
  ];
}
