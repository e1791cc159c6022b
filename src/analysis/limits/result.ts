/**
 * LimitsResult: what `weighbridge limits` found, as plain data. It is what its `--json` writes (docs/limits.schema.json), and the
 * only thing its reports read. Shares are fractions, rates are per second, other units are in the names.
 *
 * A *level* is what a step holds: so many connections (search `connections`), or so many requests per second (search `rate`).
 */
import type { GeneratorUse, ResultNote, RunEnding, TargetResult, ToolResult, Verdict } from '../result.js';

export type SearchKind = 'connections' | 'rate';
/** What a connection does after a refusal: it waits for one median accepted time, or sends at once. */
export type AfterRefusal = 'wait' | 'hammer';

export interface LimitsResult {
  schemaVersion: 1;
  tool: ToolResult;
  /** RFC 3339 with microseconds. */
  startedAt: string;
  durationMs: number;
  ended: RunEnding;
  target: TargetResult;
  /** Null: nothing was expected and nothing predicted. */
  verdict: Verdict | null;
  checks: LimitsCheck[];
  limits: FoundLimits;
  predicted: PredictedLimits | null;
  /** How busy the threads that sent the requests were; null: it is not known. */
  generator: GeneratorUse | null;
  /** All requests of the search, steps or not. */
  requests: LimitsRequests;
  /** The gateway's own counters beside the client's counts, a row per cluster; null: it was not asked, or keeps none. */
  gateway: GatewayCounts | null;
  notes: ResultNote[];
}

export interface LimitsCheck {
  kind: 'knee';
  verdict: Verdict;
  /** In words: what is asked, and what was found. */
  text: string;
}

export interface FoundLimits {
  search: SearchKind;
  /** Requests at once on each connection (HTTP/2); 1 over HTTP/1.1. */
  streams: number;
  afterRefusal: AfterRefusal;
  /** How long a connection waited after a refusal in the steps above the knee; null: it did not, or there was none. */
  afterRefusalMs: number | null;
  /** A step counts as refused if the 95 % lower bound of its refused share is above this. */
  refusalThreshold: number;
  /** Smallest number of connections that was refused; null: none was, or the search was by rate. */
  firstRefusalConnections: number | null;
  /**
   * Largest number of connections below it, and below any at which requests failed, that was not shown to be refused; 0: there is none.
   */
  lastAcceptedConnections: number | null;
  /** From here on refusals grow with the load; null: not found, or the search was by rate. */
  kneeConnections: number | null;
  /** The same by rate. */
  firstRefusalPerSecond: number | null;
  lastAcceptedPerSecond: number | null;
  kneePerSecond: number | null;
  /** 95 %, of the knee that is not null. */
  kneeBounds: [lo: number, hi: number] | null;
  /** Of the knee, by the limits and the service times that were measured; null: no limit is known. */
  predictedKnee: number | null;
  bindingLimit: BindingLimit | null;
  /** In the order of time; a level may be held several times. */
  steps: StepResult[];
  /** For each level, lowest first, all of its steps together, without the recovery: `startMs` and `purpose` are the first one's. */
  levels: StepResult[];
  /** From when the load fell to half the knee until the last refusal; null: not measured. */
  recoveryMs: number | null;
  /** Why no knee was found, or what limits the throughput where no limit of the gateway does; null: the knee was found. */
  bottleneck: Bottleneck | null;
}

export interface BindingLimit {
  /** Null: all versions of the rule together. */
  version: string | null;
  /** The limits that together are full: `maxConnections`, `maxPendingRequests`, `maxRequests`. */
  limits: ('maxConnections' | 'maxPendingRequests' | 'maxRequests')[];
  /** The resource that gives them; null: an option, or the gateway's defaults. */
  source: string | null;
}

export interface Bottleneck {
  /**
   * `backends`: goodput no longer grows, times do, and nothing is refused. `gateway-queue`: the same, and a limit on connections without a
   * limit on waiting requests explains it. `bound`: the largest level was reached. `time`: the time was over. `client`: this machine.
   */
  kind: 'backends' | 'gateway-queue' | 'bound' | 'time' | 'client';
  /** From this level on; null: not known. */
  fromLevel: number | null;
  goodputPerSecond: number | null;
  /** The version whose times grow most; null: not known. */
  version: string | null;
}

export type StepPurpose = 'given' | 'rising' | 'narrowing' | 'above' | 'recovery';

/** Counts of requests that ended in a step's window, which begins when its level has settled. */
export interface StepResult {
  purpose: StepPurpose;
  /** Search `connections`; else null. */
  connections: number | null;
  /** Search `rate`: scheduled per second; else null. */
  ratePerSecond: number | null;
  /** When the level began, ms on the run clock. */
  startMs: number;
  /** Length of the window. */
  windowMs: number;
  /** Requests that ended: accepted, refused and failed. */
  requests: number;
  /** Requests that ended per second. */
  offered: number;
  /** Answers of backends per second. */
  goodput: number;
  accepted: number;
  /** Accepted requests in flight: goodput × their mean time (Little's law). */
  acceptedInFlight: number;
  /** Replies that the gateway made itself. */
  refused: number;
  refusedShare: number;
  /** 90 %, each side at 95 %: the lower bound holds at every look, since a step may end by it. */
  refusedBounds: [lo: number, hi: number];
  /** By outcome name, refusals and failures: `overflow`, `rate-limited`, `timeout`, `no-local-port`. */
  refusedByKind: Record<string, number>;
  /** Without a whole response. */
  failed: number;
  /** Of `accepted`: those with a 5xx status of the backend. */
  errors: number;
  /** Connections on which requests ended; of a level that was held several times, the most in one of its windows. */
  openConnections: number;
  latencyUs: { accepted: StepTimes; refused: StepTimes };
  versions: StepVersion[];
  /** Growth of the gateway's counters between the step's start and its end, the clusters of its versions together; null: not asked, or not known. */
  overflows: OverflowCounts | null;
}

/** Refusals of the gateway's limits by its own counters. */
export interface OverflowCounts {
  /** For a place to wait. */
  pending: number;
  /** By the limit on requests; null: Envoy before 1.38 counts these as `pending`. */
  active: number | null;
}

export interface StepVersion {
  /** `(none)` for responses without a version. */
  version: string;
  goodput: number;
  accepted: number;
  acceptedInFlight: number;
  /** Refusals that name the version; most gateways' do not. */
  refused: number;
  refusedByKind: Record<string, number>;
  latencyUs: { accepted: StepTimes; refused: StepTimes };
}

/** Null percentiles: too few for it. */
export interface StepTimes {
  count: number;
  mean: number | null;
  p50: number | null;
  p90: number | null;
  p99: number | null;
  max: number | null;
}

/** What limits and measured service times say. */
export interface PredictedLimits {
  /** What the limits are counted over. `version`: each version by itself; `route`: all versions of the rule together. */
  scope: 'version' | 'route';
  /** Why this scope: words for the report. */
  scopeFrom: string;
  gatewayReplicas: number;
  /**
   * In the unit of the search: connections, each with `streams` requests at once, or requests per second; of all replicas together. Null:
   * no limit binds.
   */
  knee: number | null;
  binding: BindingLimit | null;
  /** The limit that binds next, once the first does not, and where (never below `knee`); null: none. */
  next: { binding: BindingLimit; knee: number } | null;
  versions: PredictedVersion[];
  /**
   * What to change to reach the knee that is wanted (--expect-knee); none: nothing has to be. `atOnce`: requests under way that one replica
   * must take, so that none waits; `has`: those that it takes, without those that wait.
   */
  changes: { version: string | null; atOnce: number; has: number; text: string }[];
}

export interface PredictedVersion {
  /** Null: all versions together. */
  version: string | null;
  share: number;
  /** By measurement below the knee; null: not measured. */
  serviceTimeMs: number | null;
  backendProtocol: 'http/1.1' | 'h2';
  maxConnections: number | null;
  maxPendingRequests: number | null;
  maxRequests: number | null;
  /** What it takes at once, at one replica; null: no limit. */
  atOnce: number | null;
  source: string | null;
}

export interface LimitsRequests {
  scheduled: number;
  accepted: number;
  refused: number;
  failed: number;
  cutOff: number;
  /** By outcome name, as of steps. */
  byKind: Record<string, number>;
}

export interface GatewayCounts {
  clusters: {
    cluster: string;
    version: string | null;
    pendingOverflow: number;
    /** Null: Envoy before 1.38 counts these as `pendingOverflow`. */
    activeOverflow: number | null;
    /** No connection was opened because of their limit; the request waited, if it could. */
    connectionOverflow: number;
    retryOverflow: number;
    /** The least that was left of each limit between steps; null: the gateway does not tell. */
    lowestRemaining: { connections: number; pending: number; requests: number } | null;
  }[];
  /** Overflows that the client saw, beside those that the gateway counted; null: it keeps no such counters. */
  overflows: { client: number; gateway: number } | null;
  remarks: string[];
}
