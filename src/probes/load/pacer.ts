/**
 * Pacers: when the requests of an open loop are due. A pacer is independent of sockets and of the current time: it
 * only returns the due times of one worker in order, in µs since the schedule began.
 */
import { seededRandom } from '../../random.js';

export interface Pacer {
  /** Due time of the next request, µs since the schedule began. Never earlier than the one before. */
  next(): number;
  /**
   * The rate is another one from `fromUs` on: a time that is not before the last request that was taken, nor before the last
   * change. What was due by then stays due.
   *
   * @param ratePerSecond of all workers together
   * @returns when the request is due that `next` returned last, if it is still to be sent
   */
  changeRate(ratePerSecond: number, fromUs: number): number;
}

export interface PacerOptions {
  /** Of all workers together. */
  readonly ratePerSecond: number;
  /** The rate grows linearly from 0 over this time, µs. */
  readonly rampUs: number;
  readonly worker: number;
  readonly workers: number;
}

/**
 * The time (µs) at which `count` requests have become due, when the rate grows linearly over the ramp and then stays
 * constant: the inverse of N(t) = r t² ÷ 2R for t < R, and r (t − R ÷ 2) after, with rate r and ramp R.
 */
export function timeOfCount(count: number, ratePerSecond: number, rampUs: number): number {
  const inRamp = (ratePerSecond * rampUs) / 2e6;
  // Multiplying before dividing keeps whole seconds exact.
  return count < inRamp
    ? Math.sqrt((2e6 * count * rampUs) / ratePerSecond)
    : (count * 1e6) / ratePerSecond + rampUs / 2;
}

/** How many requests have become due at a time: the inverse of `timeOfCount`. */
function countAtTime(timeUs: number, ratePerSecond: number, rampUs: number): number {
  return timeUs < rampUs
    ? (ratePerSecond * timeUs * timeUs) / (2e6 * rampUs)
    : (ratePerSecond * (timeUs - rampUs / 2)) / 1e6;
}

/** A rate that holds from `fromUs`, when `fromCount` requests were due, until the next rate begins. */
interface RateSpan {
  readonly ratePerSecond: number;
  readonly rampUs: number;
  readonly fromUs: number;
  readonly fromCount: number;
}

/** When a count of requests becomes due, while the rate changes. Counts are asked for in rising order. */
class DueTimes {
  /** The span of the last count that was asked for, and those after it. */
  readonly #spans: [RateSpan, ...RateSpan[]];

  constructor({ ratePerSecond, rampUs }: PacerOptions) {
    this.#spans = [{ ratePerSecond, rampUs, fromUs: 0, fromCount: 0 }];
  }

  of(count: number): number {
    while (this.#spans.length > 1 && count >= (this.#spans[1] as RateSpan).fromCount) this.#spans.shift();
    const { ratePerSecond, rampUs, fromUs, fromCount } = this.#spans[0];
    return fromUs + timeOfCount(count - fromCount, ratePerSecond, rampUs);
  }

  change(ratePerSecond: number, fromUs: number): void {
    const last = this.#spans.at(-1) as RateSpan;
    const fromCount = last.fromCount + countAtTime(fromUs - last.fromUs, last.ratePerSecond, last.rampUs);
    this.#spans.push({ ratePerSecond, rampUs: 0, fromUs, fromCount });
  }
}

/** A pacer of requests that become due at these counts, which rise. */
function pacerOf(nextCount: () => number, options: PacerOptions): Pacer {
  const times = new DueTimes(options);
  let count = 0;
  return {
    next() {
      count = nextCount();
      return times.of(count);
    },
    changeRate(ratePerSecond, fromUs) {
      times.change(ratePerSecond, fromUs);
      return times.of(count);
    },
  };
}

/** Evenly spaced: request g of the run is due at timeOfCount(g). Worker w of W has the requests g ≡ w (mod W). */
export function uniformPacer(options: PacerOptions): Pacer {
  let index = options.worker - options.workers;
  return pacerOf(() => {
    index += options.workers;
    return index;
  }, options);
}

/**
 * Poisson arrivals: gaps are exponentially distributed. Each of W workers draws its own process at 1/W of the rate;
 * all of them together are a Poisson process at the whole rate.
 */
export function poissonPacer(options: PacerOptions & { readonly seed: number }): Pacer {
  const random = seededRandom(options.seed + options.worker * 0x9e3779b9);
  let arrivals = 0;
  return pacerOf(() => {
    arrivals -= Math.log(1 - random());
    return arrivals * options.workers;
  }, options);
}
