/** Errors of a version that begin and stop. Times in µs. */
import { missesNeeded } from './traffic-share.js';

/** Errors from which a burst is told. */
const MIN_ERRORS = 5;
/** Good answers whose times are averaged before and after a burst. */
const RECENT = 128;
/** A burst in which every request fails looks like one in which every other does: until then it is not known. */
const MAX_PART = 0.5;
/** Refusals further apart than this are two bursts. */
const APART_US = 1_000_000;
/** Bursts kept of a version. */
const MAX_BURSTS = 1024;

export interface Burst {
  readonly startUs: number;
  /** Null: to the end of the run. */
  readonly endUs: number | null;
  readonly errors: number;
  /** Errors ÷ requests in that time. */
  readonly part: number;
  /** Mean time to the first byte of good answers, µs. */
  readonly beforeUs: number | null;
  readonly afterUs: number | null;
}

/** The last good answers' times. */
class RecentTimes {
  readonly #values = new Float64Array(RECENT);
  #count = 0;

  add(us: number): void {
    // Whole µs: their sums are exact.
    this.#values[this.#count % RECENT] = Math.round(us);
    this.#count += 1;
  }

  /** Mean of the last `n` at most; null when there are none. */
  mean(n = RECENT): number | null {
    const count = Math.min(n, this.#count, RECENT);
    if (count === 0) return null;
    let sum = 0;
    for (let back = 1; back <= count; back += 1) sum += this.#values[(this.#count - back) % RECENT] as number;
    return sum / count;
  }
}

/** 5xx of a version's backends: a burst ends when so many good answers in a row would be too much of a chance. */
export class ErrorBursts {
  readonly bursts: Burst[] = [];
  readonly #recent = new RecentTimes();
  #startUs = Number.NaN;
  #lastUs = 0;
  #errors = 0;
  #requests = 0;
  #streak = 0;
  #beforeUs: number | null = null;

  failed(sendUs: number, seenUs: number): void {
    if (this.#errors === 0) {
      this.#startUs = sendUs;
      this.#beforeUs = this.#recent.mean();
      this.#requests = 0;
    }
    this.#errors += 1;
    this.#requests += 1;
    this.#streak = 0;
    this.#lastUs = seenUs;
  }

  good(sendUs: number, seenUs: number): void {
    this.#recent.add(seenUs - sendUs);
    if (this.#errors === 0) return;
    this.#requests += 1;
    this.#streak += 1;
    if (this.#streak >= this.#streakNeeded) this.#close(this.#lastUs);
  }

  finish(): void {
    // Good answers at the end are fewer than would tell that it stopped.
    if (this.#errors > 0) this.#close(null);
  }

  get #streakNeeded(): number {
    return missesNeeded(Math.min(MAX_PART, this.#errors / (this.#requests - this.#streak)));
  }

  #close(endUs: number | null): void {
    if (this.#errors >= MIN_ERRORS && this.bursts.length < MAX_BURSTS) {
      this.bursts.push({
        startUs: this.#startUs,
        endUs,
        errors: this.#errors,
        part: this.#errors / (this.#requests - this.#streak),
        beforeUs: this.#beforeUs,
        afterUs: this.#recent.mean(this.#streak),
      });
    }
    this.#errors = 0;
    this.#streak = 0;
  }
}

/** Refusals by a circuit breaker: a burst ends when none has come for a while. */
export class RefusalBursts {
  readonly bursts: Burst[] = [];
  #startUs = Number.NaN;
  #lastUs = 0;
  #errors = 0;
  #requests = 0;
  /** Requests since the last refusal. */
  #others = 0;

  refused(seenUs: number): void {
    this.#closeIfOver(seenUs);
    if (this.#errors === 0) {
      this.#startUs = seenUs;
      this.#others = 0;
      this.#requests = 0;
    }
    this.#errors += 1;
    this.#requests += 1 + this.#others;
    this.#others = 0;
    this.#lastUs = seenUs;
  }

  /** Any other request of those that may be refused. */
  passed(seenUs: number): void {
    this.#closeIfOver(seenUs);
    this.#others += 1;
  }

  finish(untilUs: number): void {
    this.#closeIfOver(untilUs);
    if (this.#errors > 0) this.#close(null);
  }

  #closeIfOver(nowUs: number): void {
    if (this.#errors > 0 && nowUs - this.#lastUs > APART_US) this.#close(this.#lastUs);
  }

  #close(endUs: number | null): void {
    if (this.bursts.length < MAX_BURSTS) {
      const { startUs, errors, requests } = {
        startUs: this.#startUs,
        errors: this.#errors,
        requests: this.#requests,
      };
      this.bursts.push({ startUs, endUs, errors, part: errors / requests, beforeUs: null, afterUs: null });
    }
    this.#errors = 0;
  }
}
