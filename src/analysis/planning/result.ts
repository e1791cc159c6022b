/**
 * PlanningResult: what is known of a run before it is sent, as plain data. It is what `weighbridge plan --json` writes
 * (docs/plan.schema.json), and the only thing its report reads. Shares, tolerances and chances are fractions.
 */
import type { RuleResult } from '../ejections/result.js';
import type { ResultNote } from '../result.js';

export interface PlanningResult {
  schemaVersion: 1;
  /** What would be sent, without secrets. */
  target: { method: string; host: string | null; path: string };
  expectation: Expectation;
  weights: WeightsResult;
  needed: NeededResult;
  smallerRuns: SmallerRuns;
  breakers: BreakersResult;
  ejections: EjectionExpectation[];
  notes: ResultNote[];
}

interface Expectation {
  /** Where the weights are from: resource, rule, file and line; null: from --expect. */
  from: string | null;
  /** The rule that answers the request, in the same way; null without a rule. */
  rule: string | null;
  confidence: number;
  /** The chance with which a split that is kept should pass. */
  power: number;
  versions: {
    version: string;
    weight: number;
    share: number;
    tolerance: number;
    /** Shares between which it passes. */
    bounds: [lo: number, hi: number];
  }[];
}

/** Whether the weights can come about at all. */
export interface WeightsResult {
  /** What divides requests: the rule's weights, or the number of pods of one Service; null: not known. */
  by: 'weights' | 'pods' | null;
  /** Null: the manifests do not say. */
  possible: boolean | null;
  /** What answers, in what share. */
  portions: { name: string; version: string | null; pods: number | null; share: number }[];
  /** Sentences. */
  reasons: string[];
}

export interface NeededResult {
  /** For the whole verdict: the largest of those below. */
  requests: number;
  /** Null if the split is not judged. */
  split: { requests: number; passChance: number | null } | null;
  /** What the other checks need of a version at least, if it has no errors. */
  answers: {
    check: 'errors' | 'latency';
    /** Null: of the whole run. */
    version: string | null;
    limit: string;
    /** Answers of the version. */
    answers: number;
    /** Requests in all, so that it gets as many with the chance `power`. */
    requests: number;
  }[];
  /** How long that takes. */
  times: { ratePerSecond: number; seconds: number }[];
  /**
   * What a run takes that ends with its verdict, as without -n and -z: about, for shares and errors, if they are as they should be, and
   * at most; null: the options ask for a fixed size, or nothing is judged at looks.
   */
  untilVerdict: { about: number; most: number; mostMs: number | null } | null;
}

/** How often smaller runs pass, by what the gateway really does. */
export interface SmallerRuns {
  truths: {
    /** `kept`; `off`: by twice the tolerance; `more`: twice the share, at most 10 points more; `none`: nothing for the version. */
    kind: 'kept' | 'off' | 'more' | 'none';
    /** In the order of the expected versions. */
    shares: number[];
  }[];
  /** The version of least weight, which the truths are about. */
  version: string;
  runs: {
    /** `curls`: does the version answer at all? `conformance`: the Gateway API's test; `run`: the split of `weighbridge run -n`. */
    kind: 'curls' | 'conformance' | 'run';
    requests: number;
    /** Chance of a pass for each truth, exact; null: not computed. */
    passes: (number | null)[];
  }[];
}

export interface BreakersResult {
  /** Null: of this gateway they were not read, or there is no rule. */
  limits:
    | {
        /** Null: all versions together. */
        version: string | null;
        source: string | null;
        maxConnections: number | null;
        maxPendingRequests: number | null;
        maxRequests: number | null;
        /** Requests that one replica of the gateway has under way and waiting at most; null: no limit. */
        atOnce: { http1: number | null; http2: number | null };
      }[]
    | null;
  /** In flight, of one replica, over HTTP/1.1, if all versions answer equally fast; null: no limit. */
  concurrency: number | null;
  /** Requests that the run has in flight at most. */
  inFlight: number;
}

export interface EjectionExpectation extends Omit<RuleResult, 'version' | 'checks'> {
  /** Null: every version. */
  version: string | null;
  /** How long the first ejection lasts, ms. */
  firstMs: [shortest: number, longest: number];
  /** The longest of any, after many in a row, ms. */
  longestMs: number;
  /** In the rule's scope; null: not known. */
  endpoints: number | null;
  /** Of these, how many may be out at once; null: it depends on their number. */
  maxOut: number | null;
}
