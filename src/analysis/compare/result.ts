/**
 * CompareResult: how results differ from a first one, as plain data. It is what `weighbridge compare --json` writes
 * (docs/compare.schema.json), and the only thing its reports read. Units are in the names or beside the figure.
 */
import type { RunEnding, ToolResult } from '../result.js';
import type { Verdict } from '../verdict.js';

export interface CompareResult {
  schemaVersion: 1;
  tool: ToolResult;
  /** Results of `run` and `analyze`, or of `limits`. */
  of: 'runs' | 'limits';
  /** In the order given; the first is the reference, which the others are compared with. */
  results: ComparedResult[];
  /** With which all intervals hold together, a fraction. */
  confidence: number;
  /** How many tests that confidence is divided among. */
  tests: number;
  /** Of each `interval`: with several tests more than `confidence`. */
  intervalConfidence: number;
  /** Of each `ownInterval`: each side is judged by itself. */
  ownIntervalConfidence: number;
  /** Differences that are smaller are too small to count; those of shares are beside each. */
  tolerances: CompareTolerancesResult;
  /** Of the curves. */
  curvePercentiles: number[];
  /** `fail`: something got worse; `pass`: nothing did, by more than what counts; `inconclusive`: it cannot be told. */
  verdict: Verdict;
  /** One for each result but the first. */
  comparisons: PairComparison[];
}

export interface CompareTolerancesResult {
  /** Of percentiles of latency: a part of the reference's, or a time; the other is null. */
  latencyPart: number | null;
  latencyMs: number | null;
  errorPoints: number;
  /** A part of the reference's. */
  kneePart: number;
}

export interface ComparedResult {
  /** The file's name. */
  name: string;
  /** RFC 3339 with microseconds. */
  startedAt: string;
  durationMs: number;
  ended: RunEnding;
  url: string;
  host: string;
  /** Scheduled. */
  requests: number;
  /** Answers per second; null for `limits`. */
  requestsPerSecond: number | null;
  /** The result's own. */
  verdict: Verdict | null;
  /** Of up to eight versions that the first result has too; of all backends together where there is none; none for `limits`. */
  curves: CurveResult[];
}

/** How long answers took. */
export interface CurveResult {
  /** Null: all backends together. */
  version: string | null;
  /** At each of `curvePercentiles`; null: too few answers. */
  timesUs: (number | null)[];
}

export interface PairComparison {
  name: string;
  reference: string;
  /** As of the whole, of this pair. */
  verdict: Verdict;
  /** Why the two may differ by something else than what is tested: other load, other target, an interrupted run. */
  warnings: CompareWarning[];
  /** Versions that only one of the two has. */
  onlyInReference: string[];
  onlyInThis: string[];
  /** Figures with an interval of their difference. */
  differences: Difference[];
  /** Figures without one: they are shown and not judged. */
  figures: FigurePair[];
  /** Errors by status or by the outcome's name, and refusals of `limits`: the largest first. */
  errorKinds: ErrorKindPair[];
  /** The results' own checks whose verdict is not the same. */
  checks: CheckChange[];
}

export interface CompareWarning {
  /** Stable, for programs. */
  code: string;
  text: string;
}

/**
 * - `worse`, `better`: shown, and by at least as much as counts,
 * - `differs`: the same, of what has no better or worse,
 * - `slight`: shown, but too small to count,
 * - `alike`: shown to be smaller than what counts, whichever way,
 * - `not-worse`: shown not to be worse by as much as counts,
 * - `unknown`: none of these can be told.
 */
export type Outcome = 'worse' | 'better' | 'differs' | 'slight' | 'alike' | 'not-worse' | 'unknown';

export interface Difference {
  /** `slower`: in how many percent of pairs the answer takes longer than that of the reference, equal times counting half. */
  figure: 'share' | 'latency' | 'slower' | 'error-rate' | 'knee';
  /** Null: of all versions together. */
  version: string | null;
  /** Of latency; else null. */
  percentile: number | null;
  /** Of all numbers here. Differences in `percent` are percentage points. */
  unit: 'percent' | 'us' | 'connections' | 'per-second';
  /** Null: there is none, or there are too few answers. */
  reference: number | null;
  value: number | null;
  /** value − reference; of `slower`: − 50. */
  difference: number | null;
  /** difference ÷ reference; null of percentages. */
  relative: number | null;
  /** Holds together with all others. */
  interval: [lo: number, hi: number] | null;
  /** For this difference alone: by it `alike` and `not-worse` are told. */
  ownInterval: [lo: number, hi: number] | null;
  /** A smaller difference is too small to count; null: nothing is judged. */
  tolerance: number | null;
  /** Null: nothing is judged. */
  outcome: Outcome | null;
  /** Null: what has no better or worse. */
  verdict: Verdict | null;
  /** Why nothing can be told; null: something is, or the intervals are only too wide. */
  reason: string | null;
  /** Too wide: about how many times as many requests, in each, would tell; null: not known, or more than 1,000 times. */
  moreTimes: number | null;
}

export interface FigurePair {
  figure:
    | 'requests-per-second'
    | 'ejection-windows'
    | 'ejected-endpoints'
    | 'time-out-of-rotation'
    | 'leaked-errors'
    | 'first-refusal'
    | 'last-accepted'
    | 'predicted-knee'
    | 'largest-goodput'
    | 'recovery';
  /** Null: a number of things. */
  unit: 'ms' | 'per-second' | 'connections' | null;
  /** Null: it was not measured. */
  reference: number | null;
  value: number | null;
}

export interface ErrorKindPair {
  kind: string;
  reference: number;
  value: number;
  /** Of the requests that were answered or failed; null: there are none. */
  referencePercent: number | null;
  valuePercent: number | null;
}

export interface CheckChange {
  name: string;
  /** Null: it was not checked. */
  reference: Verdict | null;
  value: Verdict | null;
  /** What the later one found; null: it was not checked. */
  text: string | null;
}
