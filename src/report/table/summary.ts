/** The verdict and the figures that come first. */
import type { RunResult } from '../../analysis/result.js';
import { sum } from '../../collections.js';
import { duration } from '../../text/durations.js';
import { count, counted, percent, plain, rate, tally } from '../../text/numbers.js';
import { brokenRules, ejectedInWords, keptRules } from '../ejections/summary.js';
import type { Paint } from '../layout/grid.js';
import { paragraph } from '../layout/page.js';
import { wrapItems } from '../layout/text.js';
import { unfinishedTerm, VERSION_UNKNOWN } from '../terms.js';

/** Verdict, figures, reasons for the verdict, and what a passed verdict must not hide. */
export function summarySection(result: RunResult, columns: number, paint: Paint): string[] {
  const { requests, failures, verdict } = result;
  const word = verdict === null ? '' : `${verdict.toUpperCase()}  `;
  const [line = '', ...further] = figures(result, columns - word.length);
  const first = verdict === null ? line : `${paint(verdict, word.trim())}  ${line}`;
  const said = [verdictInWords(result), keptRules(result.ejections)].filter((sentence) => sentence !== '');
  const why = said.length === 0 ? [] : paragraph('', said, word.length, columns);
  const kinds =
    requests.failed === 0 ? [] : paragraph('', [`Failed: ${tally(failures)}`], word.length, columns);
  // A split that is kept says nothing about errors: a version that mostly fails is named here too.
  const mostly = result.notes.filter(({ code }) => code === 'version-mostly-5xx');
  const errors = [...mostly.map(({ text }) => `But: ${text}`), ...brokenRules(result.ejections)]
    .flatMap((text) => paragraph('', [text], word.length, columns))
    .map((line) => paint('fail', line));
  const ejected = ejectedInWords(result.ejections?.windows ?? []);
  const out = ejected === '' ? [] : paragraph('', [ejected], word.length, columns);
  const rest = further.map((text) => `${' '.repeat(word.length)}${text}`);
  return [first, ...rest, ...why, ...errors, ...out, ...kinds];
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

/** What the verdict rests on. */
function verdictInWords({ split, checks, requests, ended }: RunResult): string {
  if (split === null) return '';
  if (requests.attributed === 0 && split.verdict === 'inconclusive') return 'No response named its version.';
  const within = `within ± ${plain(split.tolerancePoints)} points`;
  switch (split.verdict) {
    case 'pass':
      return ended === 'failed'
        ? `The run broke off, so it cannot pass. Up to then, every share lay ${within} of its weight.`
        : `Every share is shown to lie ${within} of its weight.`;
    case 'fail': {
      const off = checks.filter(({ name, verdict }) => verdict === 'fail' && name.startsWith('split/'));
      const named = off
        .slice(0, 3)
        .map(({ name, figure }) => `${name.replace('split/', '')} ${percent(figure)} %`);
      const rest = off.length > 3 ? ` and ${off.length - 3} more` : '';
      return `The split is not kept ${within}: ${named.join(', ')}${rest}.`;
    }
    case 'inconclusive':
      return split.moreRequests === null
        ? `Not decided ${within}, and more requests alone would not decide it at these shares.`
        : `Not decided ${within}: about ${count(split.moreRequests)} more requests would, if the shares stay.`;
  }
}
