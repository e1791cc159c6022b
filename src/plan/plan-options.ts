/** The options of `makePlan`. */
import type { CheckKind } from './check-kinds.js';
import type { ManifestSet } from './manifests/model.js';
import type { LabelSource, LatencyRatioLimit, LoadPlan } from './plan.js';

/** Relative weights by version: `{ v1: 90, v2: 10 }`, `{ v1: 9, v2: 1 }`. A Map keeps names such as `1` in order. */
export type Weights = Readonly<Record<string, number>> | ReadonlyMap<string, number>;

/**
 * Labels by the expected version that they stand for: `{ 'backend-v1': 'blue' }`. A star in a label stands for any characters. A
 * label with a star may also be the key: `{ 'podinfo-*': 'canary' }`.
 */
export type LabelMap =
  | Readonly<Record<string, string | readonly string[]>>
  | ReadonlyMap<string, string | readonly string[]>;

/** TLS settings: PEM texts, not file names. */
export interface TlsOptions {
  /** Certificate authorities to trust; default: those of Node.js. */
  readonly ca?: string | undefined;
  /** Client certificate; goes with `key`. Default: none. */
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  /** Whether the server's certificate is verified; default true. */
  readonly verify?: boolean | undefined;
}

/** What is requested besides the URL, and over which connections. */
export interface TargetOptions {
  /** Host header, without a change of the address; default: that of `headers`, of the manifests, of the URL. */
  readonly host?: string | undefined;
  /** Server name of the TLS handshake; default: the host without its port. */
  readonly sni?: string | undefined;
  /** `HOST:PORT:ADDRESS[,ADDRESS]…`, as curl's `--resolve`, but all addresses are used; default: none. */
  readonly resolve?: readonly string[] | undefined;
  /**
   * `HOST1:PORT1:HOST2:PORT2`, as curl's `--connect-to`; connections are divided among those of the same
   * HOST1:PORT1. Default: none.
   */
  readonly connectTo?: readonly string[] | undefined;
  /** Path of a Unix socket to connect to; excludes `resolve` and `connectTo`. Default: TCP. */
  readonly unixSocket?: string | undefined;
  /** HTTP/2, agreed by ALPN over TLS, with prior knowledge elsewhere; default false: HTTP/1.1. */
  readonly http2?: boolean | undefined;
  /** Default: the manifests', else GET; POST with `body`. */
  readonly method?: string | undefined;
  /** Request headers: by name, or lines `Name: value` as curl takes them. Default: user-agent and accept. */
  readonly headers?: Readonly<Record<string, string>> | readonly string[] | undefined;
  /** Default: none. */
  readonly body?: string | Uint8Array | undefined;
  /**
   * Whether `{{uuid}}`, `{{seq}}`, `{{rand LOW HIGH}}` and `{{connection}}` in the URL's path and query, in header values and
   * in the body stand for values that differ from request to request; default true. False: they are text.
   */
  readonly values?: boolean | undefined;
  readonly tls?: TlsOptions | undefined;
}

/** The number and the pace of requests. */
export interface LoadOptions {
  /** Connections, 1 to 20,000; default 50. */
  readonly connections?: number | undefined;
  /** With `http2`: requests at once on each connection; default 1. */
  readonly streams?: number | undefined;
  /** Requests to send, 1 to 1,000,000,000; default: as many as fit in `durationMs`, or until the verdict is known. */
  readonly requests?: number | undefined;
  /** Milliseconds in which requests are sent; default 10,000, or no limit with `requests` or until the verdict. */
  readonly durationMs?: number | undefined;
  /**
   * True: requests are sent until the verdict is known. Default where versions are expected and neither `requests` nor
   * `durationMs` is given.
   */
  readonly untilVerdict?: true | undefined;
  /** Until the verdict: at most so many requests; default: 20 times as many as a run of a fixed size needs. */
  readonly maxRequests?: number | undefined;
  /** Until the verdict: at most so many milliseconds; default 300,000. */
  readonly maxTimeMs?: number | undefined;
  /** Requests per second, due at fixed times (open loop). Default: a response lets the next request go (closed loop). */
  readonly ratePerSecond?: number | undefined;
  /** Open loop: how due times are spread; default `uniform`. */
  readonly arrival?: LoadPlan['arrival'] | undefined;
  /** Open loop: how many requests may be unanswered at once; default `connections` × `streams`. Excludes `connections`. */
  readonly maxInFlight?: number | undefined;
  /** Milliseconds over which connections, or the rate, grow to the full number; default 0. */
  readonly rampMs?: number | undefined;
  /** Requests or milliseconds that are sent first and left out of the figures; default: none. */
  readonly warmup?: { readonly requests: number } | { readonly durationMs: number } | undefined;
  /** Time-out of a request in milliseconds; default 10,000. */
  readonly timeoutMs?: number | undefined;
  /** Worker threads, 1 to 64; default: by cores and rate, at most 8. */
  readonly threads?: number | undefined;
  /** False: a new connection for every request; default true. */
  readonly keepalive?: boolean | undefined;
  /** Each connection is closed after this many requests; default: no limit. */
  readonly requestsPerConnection?: number | undefined;
  /** `connection`: each connection sends back the cookies that its responses set, until it is closed; default `off`. */
  readonly cookies?: LoadPlan['cookies'] | undefined;
  /**
   * What sends the requests over HTTP/1.1: `wire` (bare sockets and llhttp) or `undici`; default `auto`, which is wire. Over
   * HTTP/2 it is node:http2.
   */
  readonly driver?: 'auto' | 'wire' | 'undici' | undefined;
  /**
   * Open loop: `auto`, the default, spins until a request is due, within limits, so that it is sent on time; `off` waits for timers
   * only, which costs less CPU and makes requests about a millisecond late.
   */
  readonly spin?: LoadPlan['spin'] | undefined;
  /** Seed of the Poisson arrivals and of the requests' values, 0 to 4,294,967,295; default: random. */
  readonly seed?: number | undefined;
}

/**
 * When the gateway ejects an endpoint, and for how long. Given values replace those of the manifests. Values that neither
 * gives are Envoy's defaults.
 */
export interface EjectionOptions {
  /** Consecutive 5xx that eject, 0 to 1,000,000; 0: none do. Envoy's default: 5. */
  readonly after?: number | undefined;
  /** Milliseconds that the first ejection lasts, from 1; Envoy's default: 30,000. */
  readonly baseMs?: number | undefined;
  /** Milliseconds between the sweeps that put endpoints back, from 1; Envoy's default: 10,000. */
  readonly intervalMs?: number | undefined;
  /** How many of a version's endpoints may be out at once, in percent, 0 to 100; Envoy's default: 10. */
  readonly maxPercent?: number | undefined;
  /** How reports name these values; default: the options, e.g. `ejection.after 5`. */
  readonly source?: string | undefined;
}

/** The options about the verdict. */
export type JudgeOptions = Pick<
  PlanOptions,
  | 'expect'
  | 'map'
  | 'tolerance'
  | 'confidence'
  | 'only'
  | 'maxErrorRate'
  | 'maxErrorIncrease'
  | 'errorStatuses'
  | 'maxLatency'
  | 'maxLatencyRatio'
>;

/**
 * Largest error rates, fractions above 0 and below 1, or `off`: one for each version and the whole run, or one for these
 * (`all`) and others for some versions.
 */
export type GivenErrorLimits =
  | number
  | 'off'
  | {
      readonly all?: number | 'off' | undefined;
      readonly versions?:
        | Readonly<Record<string, number | 'off'>>
        | ReadonlyMap<string, number | 'off'>
        | undefined;
    };

/** A fraction up to 1: of all requests (0.02 is two points), or `relative` to the version's expected share. */
export type GivenTolerance = number | { readonly relative: number };

/** One tolerance for all versions, or one for these (`all`) and others for some versions. */
export type GivenTolerances =
  | GivenTolerance
  | {
      readonly all?: GivenTolerance | undefined;
      readonly versions?:
        | Readonly<Record<string, GivenTolerance>>
        | ReadonlyMap<string, GivenTolerance>
        | undefined;
    };

/** The options of {@link makePlan}. All have a default, but `url` or `manifests` must be given. */
export interface PlanOptions extends TargetOptions {
  /** `http[s]://HOST[:PORT][/PATH]`; default: address, port and scheme of the Gateway in `manifests`. */
  readonly url?: string | undefined;
  /** Files, folders and `-` for standard input, or what `readManifests` read from them; default: none. */
  readonly manifests?: ManifestSet | readonly string[] | undefined;
  /** Number or name of the rule in the manifests; default: the rule that answers the request. */
  readonly rule?: number | string | undefined;
  /** Expected weights; default: those of the rule in the manifests, else nothing is judged. */
  readonly expect?: Weights | undefined;
  /** What stands in responses for an expected version; default: the version's name or a part of it. */
  readonly map?: LabelMap | undefined;
  /**
   * How far shares may be from their weights; default 0.02, two percentage points, or half of the smallest positive share if
   * that is less.
   */
  readonly tolerance?: GivenTolerances | undefined;
  /** Confidence of the verdict, a fraction from 0.5 to 0.9999; default 0.95. */
  readonly confidence?: number | undefined;
  /** The kinds of checks that decide the verdict, such as `['split']`; default: all. */
  readonly only?: readonly CheckKind[] | undefined;
  /** Largest error rate of each version and of the whole run; default 0.01 where versions are expected, else off. */
  readonly maxErrorRate?: GivenErrorLimits | undefined;
  /**
   * By how much the error rate of a version may exceed that of the baseline, the version of most weight: a fraction. Default:
   * this is not judged.
   */
  readonly maxErrorIncrease?: number | undefined;
  /**
   * Largest percentiles of latency, in milliseconds: of every version, or of `version`. Default: none.
   */
  readonly maxLatency?:
    | readonly {
        readonly percentile: number;
        readonly ms: number;
        readonly version?: string | null | undefined;
      }[]
    | undefined;
  /** How many times the baseline's a percentile may be, above 0. Default: this is not judged. */
  readonly maxLatencyRatio?: readonly LatencyRatioLimit[] | undefined;
  /** Statuses that are errors, such as `['4xx', '5xx']` or `['429', '5xx']`; default `['5xx']`. */
  readonly errorStatuses?: readonly string[] | undefined;
  /**
   * Names of request headers and query parameters whose values no report shows, besides those with token, key, session
   * and the like in their names.
   */
  readonly secretHeaders?: readonly string[] | undefined;
  readonly load?: LoadOptions | undefined;
  /** Where a response has its version: `header:NAME`, `body:/REGEX (GROUP)/`, …; default: detected before the load. */
  readonly versionFrom?: string | LabelSource | undefined;
  /** Where a response has its endpoint; default: detected before the load. */
  readonly endpointFrom?: string | LabelSource | undefined;
  /** Bytes of a body that are read for version and endpoint, 512 to 16,777,216; default 65,536. */
  readonly bodyLimitBytes?: number | undefined;
  /** Version of Istio, such as `1.30`, where an answer depends on it; default: the manifests', else the newest that is known. */
  readonly istio?: string | undefined;
  /** What ejections are compared with; default: the manifests' DestinationRules. */
  readonly ejection?: EjectionOptions | undefined;
}
