/**
 * When an ejection takes effect: Envoy's host-set merging as a model without clocks.
 *
 * A host's change of health becomes effective when the worker threads are handed the cluster's new host set. Rules as in
 * Envoy's ClusterManagerImpl::scheduleUpdate and as measured (docs/ejections.md): a change more than
 * `update_merge_window` after the last handing over is handed over at once. One within it starts a timer of a
 * whole window, unless one is running already; when it fires, all that has changed by then is handed over
 * together. So an endpoint that is ejected shortly after another change of its cluster goes on getting requests
 * for a second, and the event log does not show it.
 */
import { MERGE_WINDOW_MS } from '../../plan/policy/envoy-defaults.js';

/** A host to which the workers stopped or began to send requests. */
export interface HostSetChange {
  readonly atMs: number;
  readonly host: string;
  readonly healthy: boolean;
}

/** The hosts of one cluster (one priority) as its workers know them; at first they send to all. */
export class MergedHosts {
  readonly #onChange: (change: HostSetChange) => void;
  readonly #windowMs: number;
  /** Hosts that outlier detection ejected last; all others are healthy. */
  readonly #out = new Set<string>();
  /** What the workers know. */
  readonly #outForWorkers = new Set<string>();
  #handedOverMs = Number.NEGATIVE_INFINITY;
  #timerMs = Number.POSITIVE_INFINITY;

  /** @param onChange called for each change that reached the workers, in order of time */
  constructor(onChange: (change: HostSetChange) => void = () => {}, windowMs = MERGE_WINDOW_MS) {
    this.#onChange = onChange;
    this.#windowMs = windowMs;
  }

  /** Takes a change of health, as the event log has it. Times must not go back, over all methods. */
  change(host: string, healthy: boolean, atMs: number): void {
    this.advance(atMs);
    if (healthy) this.#out.delete(host);
    else this.#out.add(host);
    // Envoy compares whole milliseconds.
    if (Math.floor(atMs - this.#handedOverMs) > this.#windowMs) this.#handOver(atMs);
    else this.#timerMs = Math.min(this.#timerMs, atMs + this.#windowMs);
  }

  /** Whether workers send requests to the host at this time. */
  takesRequests(host: string, atMs: number): boolean {
    this.advance(atMs);
    return !this.#outForWorkers.has(host);
  }

  /** Hands over what is due by this time. */
  advance(atMs: number): void {
    if (this.#timerMs <= atMs) this.#handOver(this.#timerMs);
  }

  #handOver(atMs: number): void {
    this.#handedOverMs = atMs;
    this.#timerMs = Number.POSITIVE_INFINITY;
    for (const host of this.#outForWorkers) {
      if (!this.#out.has(host)) {
        this.#outForWorkers.delete(host);
        this.#onChange({ atMs, host, healthy: true });
      }
    }
    for (const host of this.#out) {
      if (!this.#outForWorkers.has(host)) {
        this.#outForWorkers.add(host);
        this.#onChange({ atMs, host, healthy: false });
      }
    }
  }
}
