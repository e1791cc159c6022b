/**
 * The Plan: what to send, how, and what to expect. It is plain data, because it is passed to workers and written to saved
 * runs. makePlan makes it; it is never changed afterwards.
 */

import type { CheckKind } from './check-kinds.js';
import type { PRESET_NAMES } from './labels/preset-names.js';
import type { IstioVersion } from './manifests/model.js';
import type { NoteCode } from './note-code.js';

/** Where connections go. */
export type ConnectTo =
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | { readonly kind: 'unix'; readonly path: string };

/** What is requested, and where. */
export interface Target {
  /** The URL as given or derived; reports name the target by it. */
  readonly url: string;
  readonly scheme: 'http' | 'https';
  /** `h2` is HTTP/2: agreed by ALPN over TLS, with prior knowledge over plain TCP. */
  readonly protocol: 'http/1.1' | 'h2';
  /**
   * Addresses connected to, after `--connect-to`, `--resolve` and `--unix-socket`: at least one. Connections are
   * divided evenly among them. When the load begins, names have become IP addresses (resolve-addresses.ts).
   */
  readonly connectTo: readonly ConnectTo[];
  /** Value of the Host header. */
  readonly host: string;
  /** Server name of the TLS handshake; null for http, and for an IP address, which cannot be sent as one. */
  readonly sni: string | null;
  /** Path and query, beginning with `/`. */
  readonly path: string;
  /** Whether path, headers or body have values such as `{{uuid}}`. If not, double braces in them are text. */
  readonly values: boolean;
  readonly method: string;
  /** Request headers besides Host, in order. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Uint8Array | null;
  readonly tls: TlsPlan;
}

/** TLS settings; PEM texts, not file names. */
export interface TlsPlan {
  readonly verify: boolean;
  readonly ca: string | null;
  readonly cert: string | null;
  readonly key: string | null;
}

/** Implementations that send requests, by name. */
export type DriverName = 'undici' | 'wire' | 'node-http2';

/** The number and the pace of requests. */
export interface LoadPlan {
  readonly mode: 'closed' | 'open';
  /** Closed loop: connections, each with `streams` requests at a time. Open loop: as many as `maxInFlight` needs. */
  readonly connections: number;
  /** Requests at once on each connection: 1, or with HTTP/2 as many as its streams. */
  readonly streams: number;
  /** Open loop: requests that may be unanswered at once. */
  readonly maxInFlight: number;
  /** Open loop: requests per second. */
  readonly ratePerSecond: number | null;
  readonly arrival: 'uniform' | 'poisson';
  /** The run ends as soon as its verdict is known; `requests` and `durationMs` are the most that it may take. */
  readonly untilVerdict: boolean;
  /** Number of requests to schedule, or null for as many as fit in `durationMs`. */
  readonly requests: number | null;
  /** Time in which requests are scheduled, or null if `requests` alone ends the run. */
  readonly durationMs: number | null;
  readonly rampMs: number;
  readonly warmup: { readonly requests: number } | { readonly durationMs: number } | null;
  readonly timeoutMs: number;
  readonly threads: number;
  /** The client closes a connection after so many requests; null for no limit. 1 is `--no-keepalive`. */
  readonly requestsPerConnection: number | null;
  /** `connection`: each connection sends back the cookies that it got. `off`: none is sent back. */
  readonly cookies: 'off' | 'connection';
  /** What sends the requests; null if another tool sent them, or it is not known. */
  readonly driver: DriverName | null;
  /** Open loop: whether threads spin, within limits, until a request is due, or wait for timers only. */
  readonly spin: 'auto' | 'off';
  /** Seed of the Poisson arrivals and of the requests' values, printed so that a run can be repeated. */
  readonly seed: number;
}

/** Names of the presets, which know where well-known apps have their version. */
export type PresetName = (typeof PRESET_NAMES)[number];

/** Where a label is read in a response. */
export type LabelSource =
  | { readonly from: 'header'; readonly name: string }
  | { readonly from: 'body'; readonly pattern: string; readonly flags: string }
  | { readonly from: 'json'; readonly pointer: string }
  | { readonly from: 'preset'; readonly preset: PresetName }
  | { readonly from: 'none' };

/** How version and endpoint of a response are read. */
export interface IdentifyPlan {
  readonly version: LabelSource;
  readonly endpoint: LabelSource;
  /** Bytes of a body that are kept for the identifier; the rest is received and dropped. */
  readonly bodyLimitBytes: number;
  /** Words that stand for expected versions (see labels.ts); presets that search free text look for these. */
  readonly candidates: readonly string[];
  /**
   * True if a response of a backend had `x-envoy-upstream-service-time`: a response without it was then made by the
   * gateway itself (docs/envoy.md).
   */
  readonly upstreamTimeStamped: boolean;
}

/** One version that is expected, with its share. */
export interface ExpectedVersion {
  /** `backend-v1` with manifests, `v1` with `--expect v1=…`. */
  readonly name: string;
  readonly weight: number;
  /** weight ÷ sum of weights, a fraction. */
  readonly share: number;
  /** Labels given by `--map NAME=LABEL`, perhaps with stars; if there are any, only these stand for the version. */
  readonly mapped: readonly string[];
}

/** What is judged, and how strictly. */
export interface JudgePlan {
  /** Null: nothing to judge, shares are only reported. */
  readonly expected: readonly ExpectedVersion[] | null;
  /** Allowed deviations of shares; null: the default for each version, which depends on the shares. */
  readonly tolerance: Tolerances | null;
  /** 0.95 means that a wrong pass or fail has at most 5 % chance. */
  readonly confidence: number;
  /** Only these kinds of checks are made; null: all. */
  readonly only: readonly CheckKind[] | null;
  /** Null: the default limit for each version and the whole run if versions are expected, else none. */
  readonly maxErrorRate: ErrorLimits | null;
  /** By how much a version's error rate may exceed the baseline's, a fraction; null: this is not judged. */
  readonly maxErrorIncrease: number | null;
  /** Largest percentiles of latency; none: they are not judged. */
  readonly maxLatency: readonly LatencyLimit[];
  /** Largest ratios of a version's percentile to the baseline's. */
  readonly maxLatencyRatio: readonly LatencyRatioLimit[];
  /** Statuses that are errors: classes such as `5xx`, and single ones such as `429`. */
  readonly errorStatuses: readonly string[];
}

/** How far shares may be from their weights. */
export interface Tolerances {
  /** Of each version that `versions` does not name; null: the default. */
  readonly all: Tolerance | null;
  readonly versions: readonly { readonly version: string; readonly tolerance: Tolerance }[];
}

/** A fraction, above 0 and at most 1: of all requests (0.02 is two points), or relative to the share that is expected. */
export interface Tolerance {
  readonly fraction: number;
  readonly of: 'requests' | 'share';
}

/** A percentile of latency and its limit. */
export interface LatencyLimit {
  /** Null: every version that has no limit of its own for this percentile. */
  readonly version: string | null;
  /** Between 0 and 100, with at most one decimal. */
  readonly percentile: number;
  readonly ms: number;
}

/** A percentile of latency, and how many times the baseline's it may be. */
export interface LatencyRatioLimit {
  readonly percentile: number;
  readonly ratio: number;
}

/** Largest error rates, fractions; null for no limit. */
export interface ErrorLimits {
  /** The whole run's, and that of each version that `versions` does not name. */
  readonly all: number | null;
  readonly versions: readonly { readonly version: string; readonly limit: number | null }[];
}

/** A sentence of the report. Programs use `code`, which is stable; behaviour never depends on `text`. */
export interface Note {
  readonly code: NoteCode;
  readonly text: string;
}

/** What limits and ejections are counted over: the endpoints of one version, or those of all versions of the rule together. */
export type PolicyScope = 'version' | 'route';

/** A policy for the traffic to backends as it was read. It is printed, and saved with the run. */
export interface KeptPolicy {
  /** `DestinationRule istio-test/backend-destination-rule (file, line)` */
  readonly source: string;
  /** What it is for: the host of a DestinationRule, or the resource that another policy targets. */
  readonly host: string;
  readonly subset: string | null;
  /** The trafficPolicy of a DestinationRule, or the fields of another policy, as plain data. */
  readonly trafficPolicy: unknown;
  readonly scope: PolicyScope;
}

/** When the gateway ejects an endpoint of a version, and for how long. */
export interface EjectionRule {
  /** The expected version it is for; null: every version. */
  readonly version: string | null;
  /** `route`: percentages and `endpoints` are of the endpoints of all versions whose rules have this scope. */
  readonly scope: PolicyScope;
  /** `DestinationRule istio-test/backend-destination-rule (file, line)`, or the flags. */
  readonly source: string;
  /** The only statuses that count as errors, in place of 5xx; null: every 5xx does. */
  readonly errorCodes: readonly number[] | null;
  /** Consecutive 5xx that eject; 0: none do. */
  readonly consecutive5xx: number;
  /** Consecutive 502, 503 or 504 that eject; 0: none do. */
  readonly consecutiveGatewayErrors: number;
  /** Consecutive failed connections that eject, if they are counted separately; null: they count as 5xx. */
  readonly consecutiveLocalOriginFailures: number | null;
  /** Time between sweeps, in which endpoints are put back. */
  readonly intervalMs: number;
  /** The nth window in a row lasts n times this, rounded up to the next sweep. */
  readonly baseEjectionTimeMs: number;
  readonly maxEjectionPercent: number;
  /** Whether one endpoint may be out even if the percentage allows none. */
  readonly alwaysEjectsOne: boolean;
  /** If fewer endpoints are healthy than this percentage, ejected ones get requests too; 0: never. */
  readonly minHealthPercent: number;
  /** Number of the endpoints that are counted, by `scope`; null if the manifests do not have it. */
  readonly endpoints: number | null;
  /** Options of the run ask for it, so that a run that cannot judge it says so in its verdict. */
  readonly asked: boolean;
}

/** `detect` of a plan whose label sources are both known. */
export const NOTHING_TO_DETECT: Plan['detect'] = { version: false, endpoint: false };

/** Everything a run needs to know. */
export interface Plan {
  readonly target: Target;
  readonly load: LoadPlan;
  readonly identify: IdentifyPlan;
  /** Which label sources are still to be detected, in responses before the load. */
  readonly detect: { readonly version: boolean; readonly endpoint: boolean };
  /** The version of Istio, for what is said before the load; not saved. Absent: it is not known. */
  readonly istio?: IstioVersion;
  readonly judge: JudgePlan;
  readonly policies: readonly KeptPolicy[];
  /** The rules that ejections are compared with; at most one per version. */
  readonly ejection: readonly EjectionRule[];
  /** What was derived, chosen or ignored while the plan was made. */
  readonly notes: readonly Note[];
  /**
   * Lower-case names of request headers and query parameters whose values are never written to a report, besides those
   * that are secret by their names (text/secrets.ts).
   */
  readonly secretHeaders: readonly string[];
}
