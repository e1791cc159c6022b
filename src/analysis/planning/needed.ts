/** How many requests a run needs for its checks to pass, if all is as it should be. */
import { MAX_REQUESTS_FACTOR } from '../../plan/defaults.js';
import { errorLimit } from '../../plan/error-limits.js';
import type { JudgePlan, LoadPlan } from '../../plan/plan.js';
import { REQUESTS } from '../../plan/ranges.js';
import { plain } from '../../text/numbers.js';
import { normalQuantile } from '../stats/normal.js';
import { samplesForUpperBound } from '../stats/quantile-bounds.js';
import { trialsToDecide } from '../stats/rate-limit.js';
import { fixedSize } from '../stats/sample-size.js';
import { passChance, type SplitGoal } from './pass-chance.js';
import type { NeededResult } from './result.js';

/** Each step makes the run larger by this factor. */
const STEP = 1.01;
const MAX_STEPS = 64;
/** Mean requests at the verdict of a split that is kept, in parts of the fixed size: 0.92 to 0.98 for the splits that were simulated. */
const SEQUENTIAL_MEAN = 0.95;
/** Rates that times are given for when none is asked for. */
const TYPICAL_RATES = [10, 100, 1000] as const;

export function neededRequests(
  judge: JudgePlan,
  goal: SplitGoal,
  power: number,
  load: Pick<LoadPlan, 'ratePerSecond' | 'untilVerdict' | 'requests' | 'durationMs'>,
): NeededResult {
  const { ratePerSecond } = load;
  const split = judgesKind(judge, 'split') ? splitRequests(goal, power) : null;
  const answers = answersNeeded(judge, power);
  const requests = Math.max(1, split?.requests ?? 0, ...answers.map((one) => one.requests));
  return {
    requests,
    split,
    answers,
    times: (ratePerSecond === null ? TYPICAL_RATES : [ratePerSecond]).map((rate) => ({
      ratePerSecond: rate,
      seconds: requests / rate,
    })),
    untilVerdict: load.untilVerdict ? untilVerdict(judge, goal, load) : null,
  };
}

/** What a run takes that ends with its verdict, if all is as it should be. */
function untilVerdict(
  judge: JudgePlan,
  { shares, tolerances, confidence }: SplitGoal,
  { requests, durationMs }: Pick<LoadPlan, 'requests' | 'durationMs'>,
): NonNullable<NeededResult['untilVerdict']> {
  const size = fixedSize(shares, tolerances, confidence);
  const errors = errorAnswers(judge, 'sequential').map(({ share, answers }) => answers / share);
  const split = judgesKind(judge, 'split') ? size * SEQUENTIAL_MEAN : 0;
  return {
    about: roundedUp(Math.max(1, split, ...errors)),
    most: requests ?? Math.min(MAX_REQUESTS_FACTOR * size, REQUESTS.max),
    mostMs: durationMs,
  };
}

/** The normal approximation, made larger until the test itself passes with the power that is asked for. */
function splitRequests(goal: SplitGoal, power: number): NonNullable<NeededResult['split']> {
  const { shares, tolerances, confidence } = goal;
  const start = fixedSize(shares, tolerances, confidence, power);
  const at = (step: number) => {
    const requests = roundedUp(start * STEP ** step);
    return { requests, passChance: passChance(goal, requests, shares) };
  };
  const first = at(0);
  if (first.passChance === null || first.passChance >= power) return first;
  let [low, high, found] = [0, MAX_STEPS, at(MAX_STEPS)];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    const tried = at(middle);
    if (tried.passChance !== null && tried.passChance < power) low = middle;
    else [high, found] = [middle, tried];
  }
  return found;
}

/** Of the checks that look at each version alone: without errors an error rate is shown to be low by 299 answers. */
function answersNeeded(judge: JudgePlan, power: number): NeededResult['answers'] {
  const expected = (judge.expected ?? []).filter(({ share }) => share > 0);
  const alpha = 1 - judge.confidence;
  const inAll = (share: number, answers: number) =>
    requestsFor(answers, share, (1 - power) / expected.length);
  const needs: NeededResult['answers'] = errorAnswers(judge, 'fixed').map(
    ({ version, share, limit, answers }) => ({
      check: 'errors',
      version,
      limit: `${plain(limit * 100)} %`,
      answers,
      requests: inAll(share, answers),
    }),
  );
  if (judgesKind(judge, 'latency')) {
    const percentiles = [
      ...judge.maxLatency.map((one) => ({ ...one, alpha })),
      ...judge.maxLatencyRatio.map((one) => ({ ...one, version: null, alpha: alpha / 2 })),
    ];
    for (const { version: only, percentile, alpha: level } of percentiles) {
      const answers = samplesForUpperBound(percentile / 100, level);
      for (const { name, share } of expected.filter((one) => only === null || one.name === only)) {
        const limit = `p${percentile}`;
        const requests = inAll(share, answers);
        needs.push({ check: 'latency', version: name, limit, answers, requests });
      }
    }
  }
  return needs;
}

/** For each version and the whole run: the answers without an error that show less than the limit. */
function errorAnswers(judge: JudgePlan, method: 'fixed' | 'sequential') {
  if (!judgesKind(judge, 'errors')) return [];
  const alpha = 1 - judge.confidence;
  const versions = (judge.expected ?? []).filter(({ share }) => share > 0);
  const rated = [
    ...versions.map(({ name, share }) => ({ version: name, share })),
    { version: null, share: 1 },
  ];
  return rated.flatMap(({ version, share }) => {
    const limit = errorLimit(judge, version);
    if (limit === null) return [];
    const answers = trialsToDecide({ events: 0, trials: 1 }, { method, limit, alpha, failAlpha: alpha });
    return answers === null ? [] : [{ version, share, limit, answers }];
  });
}

function judgesKind({ only }: JudgePlan, kind: 'split' | 'errors' | 'latency'): boolean {
  return only === null || only.includes(kind);
}

/**
 * The number of requests with which a version of this share gets so many, but for the chance `miss`: n p − z √(n p (1 − p)) =
 * answers, solved for n.
 */
function requestsFor(answers: number, share: number, miss: number): number {
  if (share >= 1) return answers;
  const spread = Math.max(0, normalQuantile(miss)) * Math.sqrt(1 - share);
  const root = (spread + Math.sqrt(spread * spread + 4 * answers)) / (2 * Math.sqrt(share));
  return roundedUp(root * root);
}

/** Rounded up to three digits: such numbers are approximations. */
function roundedUp(n: number): number {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(n)) - 2);
  return Math.ceil(n / unit) * unit;
}
