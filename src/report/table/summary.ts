/** The verdict and the figures that come first. */
import type { RunResult, SplitResult } from '../../analysis/result.js';
import { sum } from '../../collections.js';
import { duration } from '../../text/durations.js';
import { count, counted, percent, plain, rate, tally } from '../../text/numbers.js';
import { brokenRules, ejectedInWords, keptRules } from '../ejections/summary.js';
import { headline } from '../headline.js';
import type { Paint } from '../layout/grid.js';
import { paragraph } from '../layout/page.js';
import { wrapItems } from '../layout/text.js';
import { unfinishedTerm, VERSION_UNKNOWN } from '../terms.js';

/** Notes that a verdict must not hide. They are in the summary and not among the notes. */
export const SUMMARY_NOTES: readonly string[] = ['version-mostly-5xx', 'version-only-4xx', 'latency-differs'];

/** The verdict with what decided it, its causes, the figures, and what a verdict must not hide. */
export function summarySection(result: RunResult, columns: number, paint: Paint): string[] {
  const { requests, failures, verdict, ejections } = result;
  const word = verdict === null ? '' : verdict.toUpperCase();
  const indent = verdict === null ? 0 : word.length + 2;
  const lines = (texts: readonly string[]) =>
    texts.filter((text) => text !== '').flatMap((text) => paragraph('', [text], indent, columns));
  const [first = '', ...more] = verdict === null ? [] : paragraph(word, [headline(result)], indent, columns);
  return [
    ...(verdict === null ? [] : [`${paint(verdict, word)}${first.slice(word.length)}`, ...more]),
    ...lines([splitInWords(result)]),
    ...lines([...hiddenByVerdict(result), ...brokenRules(ejections)]).map((line) => paint('fail', line)),
    ...figures(result, columns - indent).map((line) => `${' '.repeat(indent)}${line}`),
    ...lines([
      keptRules(ejections),
      ejectedInWords(ejections?.windows ?? []),
      requests.failed === 0 ? '' : `Failed: ${tally(failures)}`,
    ]),
  ];
}

/** Errors that the verdict does not name already. */
function hiddenByVerdict({ checks, notes, verdict }: RunResult): string[] {
  const named = checks.some((check) => check.verdict === 'fail' && /^errors(\/|$)/.test(check.name));
  const but = verdict === 'pass' || verdict === null ? 'But: ' : '';
  return notes
    .filter(({ code }) => SUMMARY_NOTES.includes(code) && !(named && code.startsWith('version-')))
    .map(({ text }) => `${but}${text}`);
}

/** The figures, in as many lines of at most `width` columns as they need. */
function figures(result: RunResult, width: number): string[] {
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
  const parts = [
    `${counted(requests.scheduled, 'request')} in ${duration(result.durationMs)}`,
    ...(ended === 'completed' ? [] : [ended]),
    ...(requests.failed === 0 ? [] : [`${count(requests.failed)} failed`]),
    ...(requests.cutOff === 0 ? [] : [`${count(requests.cutOff)} ${unfinishedTerm(result)}`]),
    // Not "none failed": a 404 and a 5xx are answers too. Replies of the gateway itself are not answers of a backend.
    ...(allAnswered ? ['all answered'] : []),
    ...errors,
    rate(result.requestsPerSecond),
    ...(requests.unattributed === 0 ? [] : [`${VERSION_UNKNOWN}: ${count(requests.unattributed)}`]),
  ];
  return wrapItems(parts, ' · ', width);
}

/** What a split that is not kept, or not decided, looks like; empty for one that is kept. */
function splitInWords({ split, checks, requests }: RunResult): string {
  if (split === null || split.verdict === 'pass') return '';
  const within = withinTolerance(split);
  if (split.verdict === 'fail') {
    const off = checks.filter(({ name, verdict }) => verdict === 'fail' && name.startsWith('split/'));
    const named = off
      .slice(0, 3)
      .map(({ name, figure }) => `${name.replace('split/', '')} ${percent(figure)} %`);
    const rest = off.length > 3 ? ` and ${off.length - 3} more` : '';
    return `The split is not kept ${within}: ${named.join(', ')}${rest}.`;
  }
  if (requests.attributed === 0) return 'No response named its version.';
  if (split.unit === 'connection') {
    return `The split is not decided ${within}: connections keep to versions, so there were ${counted(split.draws, 'draw')}, not ${count(requests.attributed)}. Renew connections (--requests-per-connection 10) and send more requests.`;
  }
  const { moreRequestsNeeded: more } = split;
  return more === null
    ? `The split is not decided ${within}, and more requests alone would not decide it at these shares.`
    : `The split is not decided ${within}: ${moreInWords(more)} more requests would, if the shares stay.`;
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
