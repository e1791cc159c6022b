/**
 * RunResult: what a run found, as plain data. It is what `--json` writes (docs/result.schema.json), and the
 * only thing reports read. Shares are fractions, deviations percentage points, times as their names say.
 */
import type { GeneratorUse } from '../blocks/generator-use.js';
import type { LatenessBucket } from '../blocks/lateness.js';
import type { RunEnding } from '../blocks/run-record.js';
import type { NoteKind } from '../plan/note-code.js';
import type { Note } from '../plan/plan.js';
import type { EjectionsResult } from './ejections/result.js';
import type { Finding } from './findings/finding.js';
import type { Verdict } from './verdict.js';

export type { GeneratorUse, RunEnding, Verdict };

export interface RunResult {
  schemaVersion: 1;
  tool: ToolResult;
  /** RFC 3339 with microseconds. */
  startedAt: string;
  /** From the first measured request's due time to the end of the last one. */
  durationMs: number;
  ended: RunEnding;
  target: TargetResult;
  load: LoadResult;
  /** How busy the threads that sent the requests were; null: it is not known. */
  generator: GeneratorUse | null;
  identifier: { version: string; endpoint: string };
  requests: RequestCounts;
  /** Responses (attributed + unattributed) per second of durationMs. */
  requestsPerSecond: number;
  /** All whole responses, whoever made them: backends or the gateway, with a version or without. */
  overall: AnswersResult;
  /** Those of backends. */
  backends: AnswersResult;
  /** Requests that got no good answer, in the whole run. */
  errors: ErrorsResult;
  versions: VersionResult[];
  /** Each version with weight or answers against that of most weight; none where requests were chosen by what answered them. */
  comparisons: ComparisonResult[];
  /** Whole responses in which no version could be read. `kinds` counts by outcome name, `no-version` for 'ok'. */
  unattributed: { requests: number; statuses: Record<string, number>; kinds: Record<string, number> };
  /** By outcome name: requests that got no whole response. */
  failures: Record<string, number>;
  /** By outcome name: replies that the gateway made itself, with or without a version. */
  gatewayReplies: Record<string, number>;
  timeline: TimelineRow[];
  /** Length of a timeline row. */
  timelineIntervalMs: number;
  /** How the shares of expected versions settle; none where nothing was expected. */
  runningShares: RunningShare[];
  split: SplitResult | null;
  /** The whole run's: fail beats inconclusive beats pass over `checks`; null when nothing was judged. */
  verdict: Verdict | null;
  checks: Check[];
  /** Where the measured requests went, by name; with more than 256 addresses the last row is "(other)". */
  addresses: AddressResult[];
  /** Whether connections keep to versions; null when fewer than two connections or versions can be compared. */
  connections: ConnectionsResult | null;
  /** Endpoints that were taken out of rotation; null when it was not looked for. */
  ejections: EjectionsResult | null;
  /** Waiting for the route before the load (--settle); null when there was none. */
  settle: { durationMs: number; requests: number; complete: boolean } | null;
  notes: ResultNote[];
}

/** A remark, with what it is to a reader: a cause of a bad verdict, a warning, or how an expectation was derived. */
export interface ResultNote extends Note {
  readonly kind: NoteKind;
}

export interface AnswersResult {
  requests: number;
  statuses: Record<string, number>;
  latencyUs: LatencyResult;
  serviceTimeUs: LatencyResult;
}

/** What made the result. */
export interface ToolResult {
  /** Of weighbridge. */
  version: string;
  /** The command line, without secrets; null: it was made by the library. */
  command: string | null;
}

/** Null rates: nothing was answered, or requests were chosen by what answered them. */
export interface ErrorsResult {
  /** Requests that were answered or failed. */
  requests: number;
  errors: number;
  errorRate: number | null;
  /** The interval that is judged, as of shares. */
  errorRateInterval: [lo: number, hi: number] | null;
  /** Of this and all other intervals of shares and error rates. Each side is judged by itself: at 95 %, 0.9. */
  intervalConfidence: number;
  /** By status, or by the outcome's name. */
  kinds: Record<string, number>;
  /** Statuses that are errors: `5xx`, or single ones. */
  statuses: string[];
}

/** Are the responses of every connection divided alike? A test of homogeneity (docs/statistics.md). */
export interface ConnectionsResult {
  /** Connections with responses that name a version. */
  compared: number;
  /** Probability of differences as large as these, or larger, if each request draws its version. */
  p: number;
  /** About 1 if each request draws its version; about the responses of a connection if each connection does. */
  designEffect: number;
  /** Whether parts of the run vary so little that the gateway takes versions in turn. */
  takesTurns: boolean;
  /**
   * p is at most 0.001, and neither turns nor shares that change during the run explain it: a connection counts as one draw.
   */
  keepVersion: boolean;
  /** Of `compared`: those with one version only. */
  oneVersion: number;
  /** Whether so many have one version only that each connection keeps to one. */
  keepToOne: boolean;
}

export interface AddressResult {
  /** `host:port` or `unix:/path` */
  address: string;
  /** Whole responses. */
  requests: number;
  /** Those that name a version, by version. */
  versions: Record<string, number>;
  /** Those that name none. */
  unattributed: number;
  /** By outcome name: requests that got no whole response. */
  failures: Record<string, number>;
}

export interface TargetResult {
  url: string;
  method: string;
  path: string;
  /** Addresses connected to, `host:port` or `unix:/path`. */
  addresses: string[];
  host: string;
  sni: string | null;
  /** 'http/1.1' or 'h2' */
  protocol: string;
  /** null for http. */
  tlsVerified: boolean | null;
  /** Request headers; the values of secret ones are `(secret)`. */
  headers: [name: string, value: string][];
}

export interface LoadResult {
  /** 'unknown' for what another tool sent: then all else is 0 or null. */
  mode: 'closed' | 'open' | 'unknown';
  connections: number;
  /** Requests at once on each connection. */
  streams: number;
  ratePerSecond: number | null;
  arrival: 'uniform' | 'poisson' | null;
  maxInFlight: number | null;
  threads: number;
  /** Requests were sent until the verdict was known; the next two are the most that the run could take. */
  untilVerdict: boolean;
  requests: number | null;
  plannedDurationMs: number | null;
  timeoutMs: number;
  requestsPerConnection: number | null;
  /** `connection`: each connection sent back the cookies that it got. */
  cookies: 'off' | 'connection';
  /** What sent the requests; null when it is not known. */
  driver: 'undici' | 'wire' | 'node-http2' | null;
  seed: number;
  /** Connections opened over the whole run, and how long opening took; null when it is not known. */
  connectionsOpened: number | null;
  /**
   * Open loop: those of them that were opened before the first request and got none.
   */
  connectionsUnused: number | null;
  /**
   * Connections that were closed because bytes came that no request was written for; null when it is not known, and if the
   * driver cannot tell.
   */
  connectionsUnasked: number | null;
  connectUs: { count: number; mean: number; max: number } | null;
  /**
   * Open loop: how late measured requests were written. The generator's own lateness, with a free connection at
   * hand: how many by more than 1 ms (`sentLate`), at most, on average, its percentiles and its histogram (null when they are not
   * known). And those that waited for one: how many by more than 1 ms (`waited`), at most (`waitMaxUs`). Null in closed loop, and
   * when it is not known.
   */
  lateness: {
    sentLate: number;
    generatorMaxUs: number;
    generatorMeanUs: number;
    /** Keys "50", "90", "95", "99", "99.9"; null: no request had a free connection. */
    percentilesUs: Record<string, number | null> | null;
    buckets: readonly LatenessBucket[] | null;
    waited: number;
    waitMaxUs: number;
  } | null;
}

/** scheduled = attributed + unattributed + failed + cutOff, always. The other phases are counted apart. */
export interface RequestCounts {
  scheduled: number;
  attributed: number;
  unattributed: number;
  failed: number;
  cutOff: number;
  preflight: number;
  settle: number;
  warmup: number;
}

export interface LatencyResult {
  count: number;
  min: number | null;
  mean: number | null;
  max: number | null;
  /** Keys "50", "90", "95", "99", "99.9"; null: too few answers (docs/statistics.md). */
  percentiles: Record<string, number | null>;
  /**
   * How many answers took from `fromUs` to below `toUs`, without empty ones. The bounds are the same in every run: each doubling has 16
   * buckets.
   */
  buckets: [fromUs: number, toUs: number, count: number][];
  /** HdrHistogram V2, compressed, base64. */
  histogram: string;
}

export interface VersionResult {
  version: string;
  /** What was read in responses. */
  labels: string[];
  expectedShare: number | null;
  /** Attributed responses, gateway-made ones included. */
  requests: number;
  /** requests ÷ attributed */
  share: number | null;
  deviationPoints: number | null;
  tolerancePoints: number | null;
  /** Where the tolerance ends, fractions; null for no bound on that side, because it lies at or beyond 0 or 1. */
  shareBounds: [lo: number | null, hi: number | null] | null;
  /** The interval that is judged (`split.intervalConfidence`), over the bounds that unattributed requests leave open. */
  shareInterval: [lo: number, hi: number] | null;
  /** Errors among `requests` and `failures`: statuses that are errors, 4xx and 5xx of the gateway itself, failures. */
  errors: number;
  /** errors ÷ (requests + failures) */
  errorRate: number | null;
  /** The interval that is judged. */
  errorRateInterval: [lo: number, hi: number] | null;
  statuses: Record<string, number>;
  /** Attributed requests that broke after their version was read, by outcome name; not in `requests`. */
  failures: Record<string, number>;
  /** Gateway-made replies among `requests`. */
  gatewayReplies: number;
  /** These by outcome name, and by status. */
  gatewayReplyKinds: Record<string, number>;
  gatewayReplyStatuses: Record<string, number>;
  /** Answers of backends only. */
  latencyUs: LatencyResult;
  serviceTimeUs: LatencyResult;
  endpoints: { endpoint: string; requests: number; statuses: Record<string, number> }[];
}

/** A figure with its interval, of `intervalConfidence`. */
export interface Estimate {
  value: number;
  interval: [lo: number, hi: number];
}

/** A version against the baseline. */
export interface ComparisonResult {
  version: string;
  /** The version of most weight, else that with most requests. */
  baseline: string;
  intervalConfidence: number;
  /**
   * Percentiles of latencyUs minus the baseline's, by percentile: "50", "90", "99"; null: one of the two has too few answers for an
   * interval.
   */
  latencyUs: Record<string, Estimate | null>;
  /** Probability that an answer takes longer than one of the baseline, equal times counting half; null: one of the two has none. */
  slower: Estimate | null;
  /** errorRate minus the baseline's, in percentage points; null: one of the two has no request. */
  errorPoints: Estimate | null;
}

export interface TimelineRow {
  startMs: number;
  version: string;
  requests: number;
  /** Of the interval's responses that name a version; null for those that name none, and where there is none. */
  share: number | null;
  statuses: Record<string, number>;
  /** Requests that got no good answer, by status or by the outcome's name, as `errors.kinds`; some of them have no response. */
  errors: Record<string, number>;
  p50Us: number | null;
  p99Us: number | null;
  /** Exact, however long the interval is: no slow answer is lost in it. */
  maxUs: number | null;
}

/** The share of a version in all responses that had come by a time. */
export interface RunningShare {
  /** End of an interval of the timeline, ms on the run clock. */
  endMs: number;
  version: string;
  /** Its responses up to then. */
  requests: number;
  /** requests ÷ attributed */
  share: number;
  /**
   * Of `split.intervalConfidence`, for all times together: it may be looked at again and again, and is wider than the interval of a run
   * that is judged once. Over the bounds that unattributed requests leave open. Null where connections are the draws.
   */
  shareInterval: [lo: number, hi: number] | null;
}

export interface SplitResult {
  verdict: Verdict;
  /** Null: not the same for all versions. */
  tolerancePoints: number | null;
  /** Of the shares' intervals. Each side is judged by itself: at 95 %, 0.9. */
  intervalConfidence: number;
  /** `fixed`: looked at once, at the end. `sequential`: looked at until the verdict was known, with tests that allow it. */
  method: 'fixed' | 'sequential';
  /** How often it was looked at. */
  looks: number;
  /** Sequential: requests that the verdict and the intervals are over, the first ones in the order of sending. */
  requestsAtVerdict: number | null;
  /** What the gateway draws a version for; `connection` where connections keep to versions. */
  unit: 'request' | 'connection';
  /** Draws that the verdict and the intervals are over: requests or connections. */
  draws: number;
  /** Requests whose version is not known though the gateway may have drawn one. */
  unknownVersion: number;
  /** Inconclusive: how many more requests would decide, by the shares seen; the most is null for no limit. Null: none would. */
  moreRequestsNeeded: [fewest: number, most: number | null] | null;
  /** Why shares are off, or draws are not independent. */
  findings: Finding[];
}

export interface Check {
  /** e.g. `split/backend-v1` */
  name: string;
  verdict: Verdict;
  figure: number | null;
  /** What the figure is compared with: [low, high], null for no bound on that side. */
  bound: [lo: number | null, hi: number | null];
  interval: [lo: number, hi: number] | null;
  /** Inconclusive: about how many requests of the version, or of the run, would decide; null when it is not known. */
  requestsNeeded: number | null;
  /** What was found, for people: `v2 got 10.3 % (10 % ± 2)`. */
  text: string;
}
