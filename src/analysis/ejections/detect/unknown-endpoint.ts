/** Requests of a version to an unknown endpoint: each may have gone to any endpoint of the version. */

/** At least so many of the last 5xx are kept, at most twice as many. */
const KEPT = 256;

export interface UnknownFailure {
  readonly status: number;
  readonly sendUs: number;
  readonly seenUs: number;
}

/** `n`: number of the version's last request whose endpoint is known. */
export class UnknownEndpointRequests {
  count = 0;
  inFlight = 0;
  /** `n` when the last one was sent. */
  lastSentN = 0;
  /** `n` when the last response was seen, so that none was in flight. */
  idleSinceN = 0;
  readonly #failures: UnknownFailure[] = [];

  /** The last errors that named no endpoint. */
  get failures(): readonly UnknownFailure[] {
    return this.#failures;
  }

  sent(n: number): void {
    this.count += 1;
    this.inFlight += 1;
    this.lastSentN = n;
  }

  /** @param status of an answer that named no endpoint and is an error; else 0 */
  seen(n: number, status: number, sendUs: number, seenUs: number): void {
    this.inFlight -= 1;
    if (this.inFlight === 0) this.idleSinceN = n;
    if (status === 0) return;
    this.#failures.push({ status, sendUs, seenUs });
    if (this.#failures.length > 2 * KEPT) this.#failures.splice(0, KEPT);
  }
}
