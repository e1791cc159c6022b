/** What is simulated: plain data. Times are ms since the start of the run, rates per second. */
import type { OutlierDetection } from '../../../src/plan/policy/outlier-detection.js';

export type Latency =
  | { readonly kind: 'fixed'; readonly ms: number }
  | { readonly kind: 'lognormal'; readonly medianMs: number; readonly sigma: number };

/** What goes wrong at an endpoint from `fromMs` to `toMs`. */
export type SimFault = {
  readonly fromMs: number;
  readonly toMs: number;
} & (
  | { readonly kind: 'status'; readonly status: number; readonly rate: number }
  /** Connections fail; the gateway retries elsewhere, so that the client sees no error of it. */
  | { readonly kind: 'refuse' }
  /** Requests are held until the end of the fault. */
  | { readonly kind: 'hang' }
);

export interface SimEndpoint {
  readonly name: string;
  readonly latency: Latency;
  readonly faults: readonly SimFault[];
  /** Joins then; 0: from the beginning. */
  readonly joinsMs: number;
  /** Leaves then, with nothing lost; Infinity: never. */
  readonly leavesMs: number;
}

export interface SimVersion {
  readonly name: string;
  readonly weight: number;
  readonly balancer: 'ROUND_ROBIN' | 'LEAST_REQUEST' | 'RANDOM';
  /** Null: nothing is ejected. */
  readonly rule: OutlierDetection | null;
  readonly endpoints: readonly SimEndpoint[];
}

export interface SimSetup {
  readonly seed: number;
  readonly durationMs: number;
  readonly load:
    | { readonly mode: 'open'; readonly ratePerSecond: number; readonly arrival: 'uniform' | 'poisson' }
    | { readonly mode: 'closed'; readonly connections: number; readonly requests: number };
  readonly timeoutMs: number;
  /** Threads of the generator. */
  readonly threads: number;
  readonly versions: readonly SimVersion[];
  /** Each replica ejects on its own; each of its workers goes round on its own. */
  readonly gateway: { readonly replicas: number; readonly workers: number };
  readonly weightChange: { readonly atMs: number; readonly weights: readonly number[] } | null;
  /** The generator neither sends nor reads meanwhile; `thread` null: none of its threads does. */
  readonly stall: { readonly fromMs: number; readonly toMs: number; readonly thread: number | null } | null;
  /** Whether 5xx of endpoints tell the endpoint. */
  readonly faultsTellEndpoint: boolean;
  /** Whether the gateway's own replies tell the version that they were meant for. */
  readonly gatewayTellsVersion: boolean;
}

/** Envoy's and Istio's defaults but for what is given. */
export function simRule(values: Partial<OutlierDetection> = {}): OutlierDetection {
  return {
    errorCodes: null,
    consecutive5xxErrors: 5,
    consecutiveGatewayErrors: 0,
    consecutiveLocalOriginFailures: null,
    splitExternalLocalOriginErrors: false,
    intervalMs: 10_000,
    baseEjectionTimeMs: 30_000,
    maxEjectionPercent: 10,
    alwaysEjectsOne: false,
    ejectsBySuccessRate: false,
    failurePercentage: null,
    minHealthPercent: 0,
    given: [],
    ...values,
  };
}

/** An endpoint that answers after `ms`, always there. */
export function simEndpoint(name: string, ms = 5, changes: Partial<SimEndpoint> = {}): SimEndpoint {
  return {
    name,
    latency: { kind: 'fixed', ms },
    faults: [],
    joinsMs: 0,
    leavesMs: Number.POSITIVE_INFINITY,
    ...changes,
  };
}

/** One gateway with two workers, 500/s for 10 s on two threads. */
export function simSetup(versions: readonly SimVersion[], changes: Partial<SimSetup> = {}): SimSetup {
  return {
    seed: 1,
    durationMs: 10_000,
    load: { mode: 'open', ratePerSecond: 500, arrival: 'uniform' },
    timeoutMs: 10_000,
    threads: 2,
    versions,
    gateway: { replicas: 1, workers: 2 },
    weightChange: null,
    stall: null,
    faultsTellEndpoint: true,
    gatewayTellsVersion: false,
    ...changes,
  };
}
