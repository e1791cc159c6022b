/** What checks are made of: the counts of a run. */

import type { LogHistogram } from '../../log-histogram.js';
import type { JudgePlan } from '../../plan/plan.js';
import type { RuleResult } from '../ejections/result.js';
import type { ErrorCounts } from '../slot-counts.js';
import type { TestMethod } from '../stats/share-test.js';

/** A version as counted. */
export interface CountedVersion {
  readonly version: string;
  /** Null: it is not expected. */
  readonly expectedShare: number | null;
  /** Whole responses. */
  readonly requests: number;
  /** Requests known to have been drawn for it: whole responses and broken ones. */
  readonly drawn: number;
  /** The same where connections are counted, not requests: a connection counts by its parts. */
  readonly drawnByConnections: number;
  readonly errors: ErrorCounts;
  /** Of backends' answers: from the due time in open loop, from sending in closed loop. */
  readonly latency: Pick<LogHistogram, 'count' | 'percentile' | 'atRank' | 'forEach'>;
}

export interface CheckInput {
  readonly judge: JudgePlan;
  /** `sequential`: shares and error rates are judged by tests that hold however often the counts are looked at. */
  readonly method: TestMethod;
  /** Those expected come first, in the plan's order. */
  readonly versions: readonly CountedVersion[];
  /** Requests whose version is unknown though the gateway may have drawn one. */
  readonly unknown: number;
  /** Connections with versions, if these keep to versions, so that a connection is one draw; null: a request is. */
  readonly connections: number | null;
  /** Besides, connections whose version is unknown. */
  readonly unknownConnections: number;
  /** Of the whole run, with and without a version. */
  readonly errors: ErrorCounts;
  /** Requests that the schedule gave out. */
  readonly scheduled: number;
  /** Of these, those that never left this machine. */
  readonly notSent: number;
  /** The last requests found no connection. */
  readonly gatewayLeft: boolean;
  readonly rules: readonly RuleResult[];
  /** Options ask for an ejection rule, and no response named the endpoint that it is about. */
  readonly endpointsMissing: boolean;
}

/** Confidence of the intervals that are judged: each side of one is judged by itself, so that both together are less sure. */
export function intervalConfidence({ judge: { confidence } }: Pick<CheckInput, 'judge'>): number {
  return Number((1 - 2 * (1 - confidence)).toPrecision(12));
}

/** A version as counted at another look; undefined: it had not answered yet. */
export function sameVersion(
  { versions }: CheckInput,
  { version }: Pick<CountedVersion, 'version'>,
): CountedVersion | undefined {
  return versions.find((other) => other.version === version);
}

/** Whether it has weight or answered. */
export function isSeen({ expectedShare, latency }: CountedVersion): boolean {
  return (expectedShare ?? 0) > 0 || latency.count > 0;
}

/** The version that others are compared with: that of most weight, else that with most requests. Null: there is none. */
export function baselineOf(versions: readonly CountedVersion[]): CountedVersion | null {
  const size = ({ expectedShare, requests }: CountedVersion): [share: number, requests: number] => [
    expectedShare ?? -1,
    requests,
  ];
  return versions.reduce<CountedVersion | null>((best, version) => {
    if (best === null) return version;
    const [a, b] = [size(version), size(best)];
    // Of equal weights the first: the plan's order says which.
    const larger = a[0] !== b[0] ? a[0] > b[0] : a[0] < 0 && a[1] > b[1];
    return larger ? version : best;
  }, null);
}
