/**
 * Envoy's outlier detection as a model without sockets and clocks: the caller reports what happened when, and
 * the model decides which hosts are ejected (merged-hosts.ts has when that takes effect). Rules as in Envoy 1.40
 * (outlier_detection_impl.cc) and as measured (docs/envoy.md): a host is ejected inline at the Nth failure in a row, and let back only at a
 * sweep. Success-rate ejection is left out: Istio switches it off.
 */
import { countedStatus, isGatewayError } from '../../plan/policy/counted-status.js';
import { MAX_EJECTION_MS } from '../../plan/policy/envoy-defaults.js';
import type { OutlierDetection } from '../../plan/policy/outlier-detection.js';

/** Which count ejected a host. */
export type EjectionCause = 'consecutive-5xx' | 'consecutive-gateway-failure' | 'consecutive-local-failure';

/** What happened to a host. */
export interface EjectionEvent {
  readonly atMs: number;
  readonly host: string;
  /** `refused`: it would have been ejected, but for `maxEjectionPercent`. */
  readonly action: 'ejected' | 'refused' | 'returned';
  readonly cause: EjectionCause | null;
  /** n of the window base × n; 0 when refused. */
  readonly backOff: number;
}

/** How a request to a host ended: its status, or a failure to connect or to get an answer. */
export type HostResult = number | 'connect-failure' | 'timeout';

interface HostState {
  consecutive5xx: number;
  consecutiveGateway: number;
  consecutiveLocal: number;
  /** Null: takes requests. */
  ejectedAtMs: number | null;
  backOff: number;
}

/** Outlier detection of one cluster. */
export class OutlierModel {
  readonly #settings: OutlierDetection;
  readonly #onEvent: (event: EjectionEvent) => void;
  readonly #hosts = new Map<string, HostState>();
  #nextSweepMs: number;
  #ejected = 0;

  /**
   * @param hosts names of the cluster's hosts
   * @param startMs when the cluster was made: sweeps come at start + k × interval
   * @param onEvent called for ejections and returns, in order of time
   */
  constructor(
    hosts: readonly string[],
    settings: OutlierDetection,
    startMs: number,
    onEvent: (event: EjectionEvent) => void = () => {},
  ) {
    this.#settings = settings;
    this.#onEvent = onEvent;
    for (const host of hosts) {
      this.#hosts.set(host, {
        consecutive5xx: 0,
        consecutiveGateway: 0,
        consecutiveLocal: 0,
        ejectedAtMs: null,
        backOff: 0,
      });
    }
    this.#nextSweepMs = startMs + settings.intervalMs;
  }

  /**
   * Takes the end of a request. Times must not go back.
   *
   * @throws RangeError for a host that the cluster does not have
   */
  record(host: string, result: HostResult, atMs: number): void {
    this.sweepUntil(atMs);
    const state = this.#stateOf(host);
    if (typeof result !== 'number' && this.#settings.splitExternalLocalOriginErrors) {
      state.consecutiveLocal += 1;
      if (state.consecutiveLocal === this.#settings.consecutiveLocalOriginFailures) {
        state.consecutiveLocal = this.#tryToEject(host, state, 'consecutive-local-failure', atMs);
      }
      return;
    }
    state.consecutiveLocal = 0;
    // Without the split a failure to connect counts as 503 and a timeout as 504.
    const status =
      typeof result === 'number'
        ? countedStatus(result, this.#settings.errorCodes)
        : result === 'timeout'
          ? 504
          : 503;
    if (status < 500) {
      state.consecutive5xx = 0;
      state.consecutiveGateway = 0;
      return;
    }
    if (isGatewayError(status)) {
      state.consecutiveGateway += 1;
      if (state.consecutiveGateway === this.#settings.consecutiveGatewayErrors) {
        state.consecutiveGateway = this.#tryToEject(host, state, 'consecutive-gateway-failure', atMs);
      }
    } else {
      state.consecutiveGateway = 0;
    }
    state.consecutive5xx += 1;
    if (state.consecutive5xx === this.#settings.consecutive5xxErrors) {
      state.consecutive5xx = this.#tryToEject(host, state, 'consecutive-5xx', atMs);
    }
  }

  /** Does the sweeps up to this time: they put hosts back. */
  sweepUntil(atMs: number): void {
    while (this.#nextSweepMs <= atMs) {
      this.#sweep(this.#nextSweepMs);
      this.#nextSweepMs += this.#settings.intervalMs;
    }
  }

  /** Whether the host is ejected at this time. */
  isEjected(host: string, atMs: number): boolean {
    this.sweepUntil(atMs);
    return this.#stateOf(host).ejectedAtMs !== null;
  }

  /** Names of the hosts that are ejected at this time. */
  ejectedHosts(atMs: number): readonly string[] {
    this.sweepUntil(atMs);
    return [...this.#hosts].filter(([, state]) => state.ejectedAtMs !== null).map(([host]) => host);
  }

  /** @returns what the counter that fired becomes: a host that is out already keeps counting */
  #tryToEject(host: string, state: HostState, cause: EjectionCause, atMs: number): number {
    if (state.ejectedAtMs !== null) return this.#thresholdOf(cause);
    const percent = (100 * (this.#ejected + 1)) / this.#hosts.size;
    if (percent > this.#settings.maxEjectionPercent) {
      this.#onEvent({ atMs, host, action: 'refused', cause, backOff: 0 });
      return 0;
    }
    const { baseEjectionTimeMs } = this.#settings;
    this.#ejected += 1;
    state.ejectedAtMs = atMs;
    if (state.backOff * baseEjectionTimeMs < this.#longestMs() + baseEjectionTimeMs) state.backOff += 1;
    this.#onEvent({ atMs, host, action: 'ejected', cause, backOff: state.backOff });
    return 0;
  }

  #thresholdOf(cause: EjectionCause): number {
    if (cause === 'consecutive-5xx') return this.#settings.consecutive5xxErrors;
    if (cause === 'consecutive-gateway-failure') return this.#settings.consecutiveGatewayErrors;
    return this.#settings.consecutiveLocalOriginFailures ?? 0;
  }

  #sweep(atMs: number): void {
    for (const [host, state] of this.#hosts) {
      if (state.ejectedAtMs === null) {
        state.backOff = Math.max(0, state.backOff - 1);
      } else if (
        atMs - state.ejectedAtMs >=
        Math.min(state.backOff * this.#settings.baseEjectionTimeMs, this.#longestMs())
      ) {
        this.#ejected -= 1;
        state.ejectedAtMs = null;
        state.consecutive5xx = 0;
        state.consecutiveGateway = 0;
        state.consecutiveLocal = 0;
        this.#onEvent({ atMs, host, action: 'returned', cause: null, backOff: state.backOff });
      }
    }
  }

  #longestMs(): number {
    return Math.max(MAX_EJECTION_MS, this.#settings.baseEjectionTimeMs);
  }

  #stateOf(host: string): HostState {
    const state = this.#hosts.get(host);
    if (state === undefined) throw new RangeError(`the cluster has no host ${host}`);
    return state;
  }
}
