/** The verdict and the figures that come first. */
import type { ResultNote, RunResult, SplitResult } from '../../analysis/result.js';
import { sum } from '../../collections.js';
import { duration } from '../../text/durations.js';
import { count, counted, plain, rate, tally } from '../../text/numbers.js';
import { brokenRules, ejectedInWords, keptRules } from '../ejections/summary.js';
import { headline } from '../headline.js';
import type { Paint } from '../layout/grid.js';
import { paragraph } from '../layout/page.js';
import { wrapItems } from '../layout/text.js';
import { unfinishedTerm, VERSION_UNKNOWN } from '../terms.js';
import { verdictIndent, verdictLines } from '../verdict-line.js';

/** Notes that a verdict must not hide. They are in the summary, whatever it is. */
const NEVER_HIDDEN: readonly string[] = ['version-mostly-5xx', 'version-only-4xx', 'latency-differs'];
/** So many causes are in the summary; others are among the notes. */
const MAX_CAUSES = 5;

/** What comes first, in sentences. */
export interface Summary {
  /** What would decide a split that is not decided. */
  readonly open: readonly string[];
  /** What a verdict must not hide. */
  readonly warnings: readonly string[];
  readonly causes: readonly ResultNote[];
  readonly figures: readonly string[];
  /** Ejections, and failures by kind. */
  readonly more: readonly string[];
}

export function summaryOf(result: RunResult): Summary {
  const { requests, failures, ejections } = result;
  const said = (texts: readonly string[]) => texts.filter((text) => text !== '');
  return {
    open: said([splitInWords(result)]),
    warnings: said([...hiddenByVerdict(result), ...brokenRules(ejections)]),
    causes: causesOf(result),
    figures: figures(result),
    more: said([
      keptRules(ejections),
      ejectedInWords(ejections?.windows ?? []),
      requests.failed === 0 ? '' : `Failed: ${tally(failures)}`,
    ]),
  };
}

/** The verdict with what decided it, its causes, the figures, and what a verdict must not hide. */
export function summarySection(result: RunResult, columns: number, paint: Paint): string[] {
  const indent = verdictIndent(result.verdict);
  const { open, warnings, causes, figures, more } = summaryOf(result);
  const lines = (texts: readonly string[]) => texts.flatMap((text) => paragraph('', [text], indent, columns));
  const listed = causes.flatMap(({ text }) => paragraph('-', text.split('\n'), 2, columns - indent));
  const wrapped = wrapItems(figures, ' · ', columns - indent);
  return [
    ...verdictLines(result.verdict, headline(result), columns, paint),
    ...lines(open),
    ...lines(warnings).map((line) => paint('fail', line)),
    ...[...listed, ...wrapped].map((line) => `${' '.repeat(indent)}${line}`),
    ...lines(more),
  ];
}

/** The notes that are not in the summary. */
export function notesBelow(result: RunResult): readonly ResultNote[] {
  const above = causesOf(result);
  return result.notes.filter((note) => !NEVER_HIDDEN.includes(note.code) && !above.includes(note));
}

/** Findings on the split, and what may explain a verdict that is not a pass. */
function causesOf({ verdict, notes, split }: RunResult): readonly ResultNote[] {
  const isBad = verdict === 'fail' || verdict === 'inconclusive';
  const found = notes.filter((note) => split?.findings.some(({ text }) => note.text.startsWith(text)));
  const others = notes.filter(
    (note) => isBad && note.kind === 'cause' && !NEVER_HIDDEN.includes(note.code) && !found.includes(note),
  );
  return [...found, ...others].slice(0, MAX_CAUSES);
}

/** Errors that the verdict does not name already. */
function hiddenByVerdict({ checks, notes, verdict }: RunResult): string[] {
  const named = checks.some((check) => check.verdict === 'fail' && /^errors(\/|$)/.test(check.name));
  const but = verdict === 'pass' || verdict === null ? 'But: ' : '';
  return notes
    .filter(({ code }) => NEVER_HIDDEN.includes(code) && !(named && code.startsWith('version-')))
    .map(({ text }) => `${but}${text}`);
}

/** Until the verdict: over how many requests it is, since the tables have those that were in flight too. */
function verdictAfter({ split, requests }: RunResult): string[] {
  const at = split?.requestsAtVerdict ?? null;
  return at === null || at === requests.scheduled ? [] : [`verdict after ${count(at)}`];
}

function figures(result: RunResult): string[] {
  const { requests, unattributed, versions, ended } = result;
  const ofClass = (first: string) =>
    sum(
      [unattributed, ...versions].flatMap(({ statuses }) =>
        Object.entries(statuses).map(([status, times]) => (status.startsWith(first) ? times : 0)),
      ),
    );
  const errors = ['4', '5'].flatMap((first) => {
    const times = ofClass(first);
    return times === 0 ? [] : [`${count(times)} × ${first}xx`];
  });
  const gatewayReplies = sum(Object.values(result.gatewayReplies));
  const allAnswered =
    requests.scheduled > 0 &&
    requests.failed === 0 &&
    requests.cutOff === 0 &&
    gatewayReplies === 0 &&
    // Requests that became due while a thread hung are in no count.
    ended !== 'failed';
  return [
    `${counted(requests.scheduled, 'request')} in ${duration(result.durationMs)}`,
    ...verdictAfter(result),
    ...(ended === 'completed' ? [] : [ended]),
    ...(requests.failed === 0 ? [] : [`${count(requests.failed)} failed`]),
    ...(requests.cutOff === 0 ? [] : [`${count(requests.cutOff)} ${unfinishedTerm(result)}`]),
    // Not "none failed": a 404 and a 5xx are answers too. Replies of the gateway itself are not answers of a backend.
    ...(allAnswered ? ['all answered'] : []),
    ...errors,
    rate(result.requestsPerSecond),
    ...(requests.unattributed === 0 ? [] : [`${VERSION_UNKNOWN}: ${count(requests.unattributed)}`]),
  ];
}

/** What would decide a split that is not decided. One that is not kept is in the first line. */
function splitInWords({ split, requests }: RunResult): string {
  if (split?.verdict !== 'inconclusive' || requests.attributed === 0) return '';
  const open = `The split is not decided ${withinTolerance(split)}`;
  if (split.unit === 'connection') return `${open} by ${counted(split.draws, 'connection')}.`;
  const { moreRequestsNeeded: more } = split;
  return more === null
    ? `${open}, and more requests alone would not decide it at these shares.`
    : `${open}: ${moreInWords(more)} more requests would, if the shares stay.`;
}

/** `within ± 2 points` */
function withinTolerance({ tolerancePoints }: Pick<SplitResult, 'tolerancePoints'>): string {
  return tolerancePoints === null
    ? 'within the tolerances of the versions'
    : `within ± ${plain(tolerancePoints)} points`;
}

/** So few that a run may be decided by the next ones. */
const FEW = 10;

function moreInWords([fewest, most]: readonly [fewest: number, most: number | null]): string {
  if (most === null) return fewest < FEW ? 'perhaps many' : `at least ${count(fewest)}`;
  if (fewest < FEW && most > FEW) return `up to about ${count(most)}`;
  return fewest === most ? `about ${count(fewest)}` : `about ${count(fewest)} to ${count(most)}`;
}
