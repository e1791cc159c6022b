/**
 * Circuit breaker of one cluster towards HTTP/1.1 backends (docs/envoy.md): a request gets a connection,
 * or waits for one, or is refused. Connections are not counted one by one: a request under way has one.
 */
export interface BreakerLimits {
  readonly maxConnections: number;
  readonly http1MaxPendingRequests: number;
  readonly http2MaxRequests: number;
}

export class Breaker {
  #active = 0;
  readonly #waiting = new Set<() => void>();

  readonly #limits: BreakerLimits;

  constructor(limits: BreakerLimits) {
    this.#limits = limits;
  }

  /**
   * Asks for a place. `granted` is called at once or, after a wait, from another request's `release`.
   *
   * @returns null when refused (overflow), else a function that gives up waiting, of no effect once granted
   */
  enter(granted: () => void): (() => void) | null {
    if (this.#active >= this.#limits.maxConnections) {
      if (this.#waiting.size >= this.#limits.http1MaxPendingRequests) return null;
      const start = () => granted();
      this.#waiting.add(start);
      return () => this.#waiting.delete(start);
    }
    // The limit on requests binds HTTP/1.1 as well, when it is the smaller one.
    if (this.#active >= this.#limits.http2MaxRequests) return null;
    this.#active += 1;
    granted();
    return () => {};
  }

  /** Ends a granted request; the one that has waited longest gets its place. */
  release(): void {
    const [next] = this.#waiting;
    if (next === undefined) {
      this.#active -= 1;
      return;
    }
    this.#waiting.delete(next);
    next();
  }

  /** Requests under way and waiting. */
  get inFlight(): { readonly active: number; readonly waiting: number } {
    return { active: this.#active, waiting: this.#waiting.size };
  }
}
