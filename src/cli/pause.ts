/** How long to wait before work is done again, so that it takes a small part of the time only. */

/** Longer or shorter by chance, or because code runs for the first time: the shortest of so many counts. */
const REMEMBERED = 3;

export class Pause {
  readonly #leastMs: number;
  readonly #mostMs: number;
  readonly #times: number;
  readonly #tookMs: number[] = [];

  /** @param times so many times as long as the work takes; within the two bounds */
  constructor(times: number, leastMs: number, mostMs: number) {
    this.#times = times;
    this.#leastMs = leastMs;
    this.#mostMs = mostMs;
  }

  /** The pause after work that took so long, ms. */
  after(tookMs: number): number {
    this.#tookMs.push(tookMs);
    if (this.#tookMs.length < REMEMBERED) return this.#leastMs;
    if (this.#tookMs.length > REMEMBERED) this.#tookMs.shift();
    return Math.min(this.#mostMs, Math.max(this.#leastMs, this.#times * Math.min(...this.#tookMs)));
  }
}
