/** Simulated runs in which each request draws its version and whether it is an error, judged by the product's own rules on counts. */
import { nextLook } from '../../../src/analysis/looks/look-times.js';
import { judgeRate } from '../../../src/analysis/stats/rate-limit.js';
import { fixedSize } from '../../../src/analysis/stats/sample-size.js';
import type { TestMethod } from '../../../src/analysis/stats/share-test.js';
import { judgeSplit, worst } from '../../../src/analysis/stats/two-one-sided.js';
import type { Verdict } from '../../../src/analysis/verdict.js';
import {
  DEFAULT_CONFIDENCE,
  DEFAULT_MAX_ERROR_RATE,
  MAX_REQUESTS_FACTOR,
} from '../../../src/plan/defaults.js';
import { binomialDraw } from '../binomial.js';
import type { Simulation } from './step.js';
import { type Ended, tallied } from './tally.js';

export interface Drawn {
  /** Expected shares. */
  readonly expected: readonly number[];
  /** A fraction of all requests. */
  readonly tolerance: number;
  /** Shares in force. */
  readonly truth: readonly number[];
  /** What is judged; default: the split. */
  readonly only?: 'split' | 'errors' | 'both';
  /** True error rate of each version; default: no errors. */
  readonly errorRates?: readonly number[];
}

/** Requests of a run of fixed size that passes a kept split in nine of ten runs. */
export function sizeOf({ expected, tolerance }: Pick<Drawn, 'expected' | 'tolerance'>): number {
  return fixedSize(
    expected,
    expected.map(() => tolerance),
    DEFAULT_CONFIDENCE,
  );
}

/** Runs until their verdict, at most as long as the product lets them go on. */
export function untilVerdict(drawn: Drawn): Simulation {
  const size = sizeOf(drawn);
  return (runs, random) => tallied(runs, size, () => run(drawn, size, random));
}

/** Runs of the fixed size that are judged once. */
export function once(drawn: Drawn): Simulation {
  const size = sizeOf(drawn);
  return (runs, random) =>
    tallied(runs, size, () => {
      const counted = new Counted(drawn);
      counted.draw(size, random);
      return { verdict: counted.verdict('fixed'), requests: size };
    });
}

function run(drawn: Drawn, size: number, random: () => number): Ended {
  const counted = new Counted(drawn);
  const cap = MAX_REQUESTS_FACTOR * size;
  for (let requests = 0; ; ) {
    const next = Math.min(cap, nextLook(requests));
    counted.draw(next - requests, random);
    requests = next;
    const verdict = counted.verdict('sequential');
    if (verdict !== 'inconclusive' || requests === cap) return { verdict, requests };
  }
}

/** The counts of one run. */
export class Counted {
  readonly #drawn: Drawn;
  readonly #versions: { expectedShare: number; tolerance: number; drawn: number }[];
  readonly #errors: number[];
  #requests = 0;

  constructor(drawn: Drawn) {
    this.#drawn = drawn;
    this.#versions = drawn.expected.map((expectedShare) => ({
      expectedShare,
      tolerance: drawn.tolerance,
      drawn: 0,
    }));
    this.#errors = drawn.expected.map(() => 0);
  }

  /** Counts a request; for runs whose requests are drawn elsewhere. */
  add(version: number, isError: boolean): void {
    this.#count(version, 1, isError ? 1 : 0);
  }

  /** Draws requests. */
  draw(requests: number, random: () => number): void {
    const { truth, errorRates } = this.#drawn;
    let left = requests;
    let share = 1;
    truth.forEach((part, v) => {
      const last = v === truth.length - 1;
      const drawn = last ? left : binomialDraw(left, Math.min(1, part / share), random);
      this.#count(v, drawn, binomialDraw(drawn, errorRates?.[v] ?? 0, random));
      left -= drawn;
      share -= part;
    });
  }

  #count(version: number, requests: number, errors: number): void {
    (this.#versions[version] as { drawn: number }).drawn += requests;
    (this.#errors[version] as number) += errors;
    this.#requests += requests;
  }

  verdict(method: TestMethod): Verdict {
    const { only = 'split' } = this.#drawn;
    const split = only === 'errors' ? [] : [this.#split(method)];
    const errors = only === 'split' ? [] : this.#errorVerdicts(method);
    return worst([...split, ...errors]) ?? 'inconclusive';
  }

  #split(method: TestMethod): Verdict {
    const counts = { versions: this.#versions, unexpected: 0, unknown: 0 };
    return judgeSplit(counts, { method, confidence: DEFAULT_CONFIDENCE });
  }

  /** Of each version and of the whole run. */
  #errorVerdicts(method: TestMethod): Verdict[] {
    const alpha = 1 - DEFAULT_CONFIDENCE;
    const failAlpha = alpha / (this.#versions.length + 1);
    const rule = { method, limit: DEFAULT_MAX_ERROR_RATE, alpha, failAlpha };
    const rates = this.#versions.map(({ drawn }, v) => ({
      events: this.#errors[v] as number,
      trials: drawn,
    }));
    const whole = { events: this.#errors.reduce((sum, errors) => sum + errors, 0), trials: this.#requests };
    return [...rates, whole].map((rate) => judgeRate(rate, rule));
  }
}
