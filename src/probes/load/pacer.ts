/**
 * Pacers: when the requests of an open loop are due. A pacer knows nothing of sockets or of what time it
 * is; it only names the due times of one worker in order, in µs since the schedule began.
 */
import { seededRandom } from '../../random.js';

export interface Pacer {
  /** Due time of the next request; never decreases. */
  next(): number;
}

export interface PacerOptions {
  readonly ratePerSecond: number;
  /** The rate grows from 0 in a straight line over this time. */
  readonly rampUs: number;
  readonly worker: number;
  readonly workers: number;
}

/**
 * The time at which `count` requests are due under a rate that grows linearly over the ramp and stays: the
 * inverse of N(t) = r t² ÷ 2R for t < R, r (t − R ÷ 2) after.
 */
export function timeOfCount(count: number, ratePerSecond: number, rampUs: number): number {
  const inRamp = (ratePerSecond * rampUs) / 2e6;
  // Multiplied before it is divided: whole seconds then come out whole.
  return count < inRamp
    ? Math.sqrt((2e6 * count * rampUs) / ratePerSecond)
    : (count * 1e6) / ratePerSecond + rampUs / 2;
}

/** Evenly spaced: request g of the run is due at timeOfCount(g); worker w of W has g ≡ w (mod W). */
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
 * Poisson arrivals: gaps are exponential. Each worker draws its own process at a W-th of the rate; their
 * superposition is a Poisson process at the whole rate.
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
