/** Bursts of errors of one version: when they began and ended. Times in µs. */
import { missesNeeded } from './traffic-share.js';

/** Shorter bursts of 5xx are not reported. */
const MIN_ERRORS = 5;
/** Good answers whose service times are averaged before and after a burst. */
const RECENT = 128;
/** If all requests of a burst fail, an error rate of one half is assumed, since the true one is not known yet. */
const MAX_PART = 0.5;
/** Overflows with a longer time between them belong to two bursts. */
const MAX_APART_US = 1_000_000;
/** At most so many bursts of a version are kept. */
const MAX_BURSTS = 1024;

export interface ErrorBurst {
  readonly startUs: number;
  /** Null: it went on to the end of the run. */
  readonly endUs: number | null;
  readonly errors: number;
  /** Errors ÷ requests in that time. */
  readonly part: number;
  /** Mean service time of good answers before and after, to the first byte, µs; null: not known. */
  readonly beforeUs: number | null;
  readonly afterUs: number | null;
}

/** Service times of the last good answers. */
class RecentTimes {
  readonly #values = new Float64Array(RECENT);
  #count = 0;

  add(us: number): void {
    // Sums of whole µs are exact.
    this.#values[this.#count % RECENT] = Math.round(us);
    this.#count += 1;
  }

  /** Mean of the last `n`; null: there are none. */
  mean(n = RECENT): number | null {
    const count = Math.min(n, this.#count, RECENT);
    if (count === 0) return null;
    let sum = 0;
    for (let back = 1; back <= count; back += 1) sum += this.#values[(this.#count - back) % RECENT] as number;
    return sum / count;
  }
}

/** Finds bursts of 5xx from a version's backends. A burst ends when so many consecutive good answers are too unlikely at its error rate. */
export class ErrorBursts {
  readonly bursts: ErrorBurst[] = [];
  readonly #recent = new RecentTimes();
  #startUs = Number.NaN;
  #lastUs = 0;
  #errors = 0;
  #requests = 0;
  /** Good answers since the last error. */
  #good = 0;
  #beforeUs: number | null = null;

  failed(sendUs: number, seenUs: number): void {
    if (this.#errors === 0) {
      this.#startUs = sendUs;
      this.#beforeUs = this.#recent.mean();
      this.#requests = 0;
    }
    this.#errors += 1;
    this.#requests += 1;
    this.#good = 0;
    this.#lastUs = seenUs;
  }

  good(sendUs: number, seenUs: number): void {
    this.#recent.add(seenUs - sendUs);
    if (this.#errors === 0) return;
    this.#requests += 1;
    this.#good += 1;
    if (this.#good >= this.#goodNeeded) this.#close(this.#lastUs);
  }

  finish(): void {
    // Too few good answers followed for the burst to end.
    if (this.#errors > 0) this.#close(null);
  }

  get #part(): number {
    return this.#errors / (this.#requests - this.#good);
  }

  get #goodNeeded(): number {
    return missesNeeded(Math.min(MAX_PART, this.#part));
  }

  #close(endUs: number | null): void {
    if (this.#errors >= MIN_ERRORS && this.bursts.length < MAX_BURSTS) {
      this.bursts.push({
        startUs: this.#startUs,
        endUs,
        errors: this.#errors,
        part: this.#part,
        beforeUs: this.#beforeUs,
        afterUs: this.#recent.mean(this.#good),
      });
    }
    this.#errors = 0;
    this.#good = 0;
  }
}

/** Finds bursts of overflows: requests that a circuit breaker refused. A burst ends when none was refused for a while. */
export class OverflowBursts {
  readonly bursts: ErrorBurst[] = [];
  #startUs = Number.NaN;
  #lastUs = 0;
  #errors = 0;
  #requests = 0;
  /** Requests since the last refused one. */
  #passed = 0;

  refused(seenUs: number): void {
    this.#closeIfOver(seenUs);
    if (this.#errors === 0) {
      this.#startUs = seenUs;
      this.#passed = 0;
      this.#requests = 0;
    }
    this.#errors += 1;
    this.#requests += 1 + this.#passed;
    this.#passed = 0;
    this.#lastUs = seenUs;
  }

  /** A request that was not refused. */
  passed(seenUs: number): void {
    this.#closeIfOver(seenUs);
    this.#passed += 1;
  }

  finish(untilUs: number): void {
    this.#closeIfOver(untilUs);
    if (this.#errors > 0) this.#close(null);
  }

  #closeIfOver(nowUs: number): void {
    if (this.#errors > 0 && nowUs - this.#lastUs > MAX_APART_US) this.#close(this.#lastUs);
  }

  #close(endUs: number | null): void {
    if (this.bursts.length < MAX_BURSTS) {
      this.bursts.push({
        startUs: this.#startUs,
        endUs,
        errors: this.#errors,
        part: this.#errors / this.#requests,
        beforeUs: null,
        afterUs: null,
      });
    }
    this.#errors = 0;
  }
}
