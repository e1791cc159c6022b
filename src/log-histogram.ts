/**
 * Counts of microseconds in buckets whose width grows with the value, in the layout of HdrHistogram
 * (Tene): with `precisionBits` b, values below 2^b have a bucket each and every doubling above has 2^(b−1).
 * Recording is a few integer operations, a tenth of the library's; what is recorded goes into the library's
 * own histogram only to be written out (latency.ts).
 */

/** The longest time, an hour: longer ones count as this. */
export const MAX_VALUE_US = 3_600_000_000;

/** The library's three significant digits: 2048 ≥ 2 × 10³. */
export const THREE_DIGITS = 11;
/** Buckets at most 1.6 % wide, for many small histograms. */
export const COARSE = 7;
/** Buckets at most 6.3 % wide, to look at. */
export const PLOTTED = 5;

/** A mergeable histogram of whole microseconds. Its figures do not depend on the order of recording. */
export class LogHistogram {
  count = 0;
  min = Number.POSITIVE_INFINITY;
  max = 0;
  /** Exact: the sum of whole microseconds, below 2^53 for 285 years of latency. */
  sum = 0;
  #counts: Uint32Array;
  readonly #bits: number;

  constructor(precisionBits: typeof THREE_DIGITS | typeof COARSE | typeof PLOTTED) {
    this.#bits = precisionBits;
    this.#counts = new Uint32Array(1 << precisionBits);
  }

  /**
   * @param valueUs whole microseconds from 0 to MAX_VALUE_US
   * @param times how often
   */
  record(valueUs: number, times = 1): void {
    this.count += times;
    this.sum += valueUs * times;
    if (valueUs < this.min) this.min = valueUs;
    if (valueUs > this.max) this.max = valueUs;
    const index = this.#indexOf(valueUs);
    if (index >= this.#counts.length) this.#grow(index);
    (this.#counts[index] as number) += times;
  }

  merge(other: LogHistogram): void {
    this.count += other.count;
    this.sum += other.sum;
    this.min = Math.min(this.min, other.min);
    this.max = Math.max(this.max, other.max);
    if (other.#bits === this.#bits) {
      this.#addAll(other.#counts);
      return;
    }
    other.forEach((lowUs, count) => {
      const index = this.#indexOf(lowUs);
      if (index >= this.#counts.length) this.#grow(index);
      this.#counts[index] = (this.#counts[index] as number) + count;
    });
  }

  /** @param counts of buckets of the same widths */
  #addAll(counts: Uint32Array): void {
    if (counts.length > this.#counts.length) this.#grow(counts.length - 1);
    for (let index = 0; index < counts.length; index++) {
      this.#counts[index] = (this.#counts[index] as number) + (counts[index] as number);
    }
  }

  /** Calls back for every bucket in use, from low to high, with its lowest value, its count and the lowest value of the next. */
  forEach(use: (lowUs: number, count: number, nextUs: number) => void): void {
    for (let index = 0; index < this.#counts.length; index++) {
      const count = this.#counts[index] as number;
      if (count > 0) use(this.#lowOf(index), count, this.#lowOf(index + 1));
    }
  }

  /**
   * The value that `percent` of the recorded values do not exceed, as exact as the buckets are (the highest
   * value of the bucket, but never more than the highest recorded one); null when nothing was recorded.
   *
   * @param percent with at most one decimal
   */
  percentile(percent: number): number | null {
    if (this.count === 0) return null;
    // In thousandths, so that 99.9 % of 1,000 is the 999th and not, by rounding, the 1,000th.
    return this.atRank(Math.max(1, Math.ceil((this.count * Math.round(percent * 10)) / 1000))).high;
  }

  /**
   * Between which values the n-th smallest recorded value lies: as near as the buckets are.
   *
   * @param rank from 1 to `count`
   */
  atRank(rank: number): { readonly low: number; readonly high: number } {
    let seen = 0;
    for (let index = 0; index < this.#counts.length; index++) {
      seen += this.#counts[index] as number;
      if (seen >= rank) {
        return {
          low: Math.max(this.#lowOf(index), this.min),
          high: Math.min(this.#lowOf(index + 1) - 1, this.max),
        };
      }
    }
    return { low: this.max, high: this.max };
  }

  #indexOf(value: number): number {
    const shift = 32 - this.#bits - Math.clz32(value);
    return shift <= 0 ? value : (shift << (this.#bits - 1)) + (value >>> shift);
  }

  #lowOf(index: number): number {
    if (index < 1 << this.#bits) return index;
    const shift = (index >> (this.#bits - 1)) - 1;
    return (index - (shift << (this.#bits - 1))) * 2 ** shift;
  }

  #grow(index: number): void {
    const half = 1 << (this.#bits - 1);
    const wider = new Uint32Array((Math.floor(index / half) + 1) * half);
    wider.set(this.#counts);
    this.#counts = wider;
  }
}
