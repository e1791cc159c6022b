/**
 * Pacers: when the requests of an open loop are due. A pacer is independent of sockets and of the current time: it
 * only returns the due times of one worker in order, in µs since the schedule began.
 */
import { seededRandom } from '../../random.js';

export interface Pacer {
  /** Due time of the next request, µs since the schedule began. Never earlier than the one before. */
  next(): number;
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

/** Evenly spaced: request g of the run is due at timeOfCount(g). Worker w of W has the requests g ≡ w (mod W). */
export function uniformPacer(options: PacerOptions): Pacer {
  let index = options.worker;
  return {
    next() {
      const due = timeOfCount(index, options.ratePerSecond, options.rampUs);
      index += options.workers;
      return due;
    },
  };
}

/**
 * Poisson arrivals: gaps are exponentially distributed. Each of W workers draws its own process at 1/W of the rate;
 * all of them together are a Poisson process at the whole rate.
 */
export function poissonPacer(options: PacerOptions & { readonly seed: number }): Pacer {
  const random = seededRandom(options.seed + options.worker * 0x9e3779b9);
  let arrivals = 0;
  return {
    next() {
      arrivals -= Math.log(1 - random());
      return timeOfCount(arrivals * options.workers, options.ratePerSecond, options.rampUs);
    },
  };
}
