/** Do errors stay below their limits, for each version and in the whole run? And are they no more than the baseline's? */
import { isGatewayReply, type OutcomeName } from '../../blocks/outcome.js';
import { errorLimit } from '../../plan/error-limits.js';
import { count, counted, tally } from '../../text/numbers.js';
import type { Check } from '../result.js';
import type { ErrorCounts } from '../slot-counts.js';
import { differenceBounds } from '../stats/rate-difference.js';
import { judgeRate, type Rate, type RateRule, rateTest, trialsToDecide } from '../stats/rate-limit.js';
import type { Verdict } from '../verdict.js';
import { baselineOf, type CheckInput, type CountedVersion } from './check-input.js';
import { differenceOf, intervalOf, rateOf } from './rates.js';
import { nameOf, percentOf } from './words.js';

/** What has an error rate: a version, or the whole run. */
interface Subject {
  readonly name: string;
  readonly words: string;
  /** `the requests for v2` */
  readonly requests: string;
  readonly limit: number;
  readonly counts: ErrorCounts;
}

export function errorChecks(input: CheckInput): Check[] {
  const { judge } = input;
  const alpha = 1 - judge.confidence;
  const subjects = subjectsOf(input);
  return subjects.map((subject) => {
    const rate = rateOf(subject.counts);
    // One rate above its limit is enough to fail, so that the chance of a wrong fail is divided among them.
    const rule = {
      method: input.method,
      limit: subject.limit,
      alpha,
      failAlpha: alpha / subjects.length,
    };
    return limitCheck(subject, rate, rule);
  });
}

function subjectsOf({ judge, versions, errors }: CheckInput): Subject[] {
  const seen = versions.filter((version) => (version.expectedShare ?? 0) > 0 || version.errors.requests > 0);
  const all = [
    ...seen.map(({ version, errors: counts }) => ({
      name: `errors/${version}`,
      words: nameOf(version),
      requests: `the requests for ${nameOf(version)}`,
      limit: errorLimit(judge, version),
      counts,
    })),
    {
      name: 'errors',
      words: 'the whole run',
      requests: 'all requests',
      limit: errorLimit(judge, null),
      counts: errors,
    },
  ];
  return all.filter((subject): subject is Subject => subject.limit !== null);
}

function limitCheck(subject: Subject, rate: Rate, rule: RateRule): Check {
  const { name, limit, counts } = subject;
  const { requests, errors } = counts;
  const verdict = judgeRate(rate, rule);
  const needed = verdict === 'inconclusive' ? trialsToDecide(rate, rule) : null;
  const interval = intervalOf(rate, rule.alpha, rateTest(rule.method, limit));
  return {
    name,
    verdict,
    figure: requests === 0 ? null : errors / requests,
    bound: [null, limit],
    interval,
    requestsNeeded: needed,
    text: limitText(verdict, subject, interval, needed),
  };
}

function limitText(
  verdict: Verdict,
  subject: Subject,
  interval: [lo: number, hi: number] | null,
  needed: number | null,
): string {
  const { words, limit, counts } = subject;
  const { requests, errors } = counts;
  const share = percentOf(requests === 0 ? 0 : errors / requests);
  switch (verdict) {
    case 'pass':
      return `${words} has ${share} errors, below ${percentOf(limit)}`;
    case 'fail': {
      const least = errors === requests ? '' : `, at least ${percentOf(interval?.[0] ?? 0)}`;
      return tooMany(subject, share, least);
    }
    case 'inconclusive': {
      if (requests === 0) return `${words} has no request to judge errors by`;
      const seen = `${words} has ${counted(errors, 'error')} in ${counted(requests, 'request')}`;
      if (needed === null) return `${seen}, which is on the limit of ${percentOf(limit)}`;
      const side = errors > limit * requests ? 'more' : 'less';
      const about = errors === 0 ? '' : 'about ';
      return `${seen}; ${about}${count(needed)} are needed to show ${side} than ${percentOf(limit)}`;
    }
  }
}

/** Replies by which the gateway did not let a request through. */
const REFUSALS: readonly string[] = ['overflow', 'rate-limited', 'access-denied'] satisfies OutcomeName[];

/** What the gateway answered itself is not said of the version that it was meant for. */
function tooMany({ words, requests, counts: { kinds } }: Subject, share: string, least: string): string {
  const of = (wanted: boolean) =>
    Object.fromEntries(Object.entries(kinds).filter(([kind]) => isGatewayReply(kind) === wanted));
  const [gateway, others] = [of(true), of(false)];
  if (Object.keys(others).length === 0) {
    const refused = Object.keys(gateway).every((kind) => REFUSALS.includes(kind));
    const how = refused ? 'refused by the gateway' : 'answered with errors by the gateway itself';
    return `${share} of ${requests} were ${how}${least} (${tally(gateway)})`;
  }
  if (Object.keys(gateway).length > 0) {
    return `${words} has ${share} errors${least} (${tally(others)}; from the gateway itself: ${tally(gateway)})`;
  }
  const what = statusClass(kinds);
  return what === null
    ? `${words} has ${share} errors${least} (${tally(kinds)})`
    : `${words} answers ${share} ${what}${least}`;
}

/** `5xx` if all errors are statuses of this class; null for several kinds of errors. */
function statusClass(kinds: Readonly<Record<string, number>>): string | null {
  const classes = new Set(Object.keys(kinds).map((kind) => (/^\d{3}$/.test(kind) ? `${kind[0]}xx` : null)));
  const [only = null] = classes;
  return classes.size === 1 ? only : null;
}

/** Each version against the baseline, if a largest increase is given. */
export function errorIncreaseChecks({ judge, versions }: CheckInput): Check[] {
  const alpha = 1 - judge.confidence;
  const limit = judge.maxErrorIncrease;
  const baseline = baselineOf(versions);
  if (limit === null || baseline === null) return [];
  const others = versions.filter(
    (version) => version !== baseline && ((version.expectedShare ?? 0) > 0 || version.errors.requests > 0),
  );
  return others.map((version) => {
    const [rate, base] = [rateOf(version.errors), rateOf(baseline.errors)];
    const interval = differenceBounds(rate, base, alpha);
    const [atLeast] = differenceBounds(rate, base, alpha / others.length);
    const verdict = interval[1] < limit ? 'pass' : atLeast > limit ? 'fail' : 'inconclusive';
    const figure = differenceOf(rate, base);
    return {
      name: `error-increase/${version.version}`,
      verdict,
      figure,
      bound: [null, limit],
      interval: figure === null ? null : interval,
      requestsNeeded: null,
      text: increaseText(version, baseline, figure, interval, limit),
    };
  });
}

function increaseText(
  version: CountedVersion,
  baseline: CountedVersion,
  figure: number | null,
  [low, high]: readonly [number, number],
  limit: number,
): string {
  const names = `the error rate of ${nameOf(version.version)} over that of ${nameOf(baseline.version)}`;
  if (figure === null) return `${names} is not known: one of them has no request`;
  const points = (fraction: number) => percentOf(fraction).replace(' %', '');
  return `${names}: ${points(figure)} points, between ${points(low)} and ${points(high)} (at most ${points(limit)})`;
}
