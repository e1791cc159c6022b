/**
 * Quantiles of the beta distribution: the inverse of the regularized incomplete beta function I_x(a, b).
 *
 * - I_x(a, b) by the continued fraction of A. R. Didonato and A. H. Morris, "Algorithm 708", ACM TOMS 18, 1992,
 *   equation 9 (the even part of NIST Digital Library of Mathematical Functions 8.17.22), evaluated by Lentz's
 *   method as modified by Thompson and Barnett (J. Comput. Phys. 64, 1986).
 * - The factor before it by C. Loader, "Fast and Accurate Computation of Binomial Probabilities", 2000: with
 *   logarithms of gamma functions instead, counts of 1e9 would leave nine digits fewer.
 * - The inverse by Halley's method on the logarithm of the smaller tail, inside a bracket, started at
 *   Abramowitz and Stegun 26.5.22.
 */

import { deviance, stirlingError } from './loader.js';

/** Terms of the continued fraction. It needs about √(a + b): 30,000 at a = b = 5e8. */
const MAX_TERMS = 1_000_000;
/** Steps of the inverse. Three are usual. Bisection alone would end within this many. */
const MAX_STEPS = 200;
/** The fraction ends when a term changes it by less than this part. */
const TERM_PRECISION = 2.3e-16;
/** Convergence is cubic: after a step of this relative size, what is left is below a double's precision. */
const LAST_STEP = 1e-6;
/** Far from the root Halley's correction of Newton's step is no help beyond this. */
const MAX_CURVATURE = 0.5;
/** Stands for a zero denominator in Lentz's method. */
const TINY = 1e-300;

/**
 * The x at which a beta distribution has reached a probability.
 *
 * Relative error below 1e-12 for `a` and `b` from 1 to 1e9 and probabilities from 1e-9 to 1 − 1e-9; it may be larger
 * outside. Ends after a bounded number of steps for any shapes.
 *
 * @param probability from 0 to 1
 * @param a first shape parameter, above 0; need not be whole
 * @param b second shape parameter, above 0; need not be whole
 * @returns x from 0 to 1 with I_x(a, b) = probability
 */
export function betaQuantile(probability: number, a: number, b: number): number {
  if (probability <= 0) return 0;
  if (probability >= 1) return 1;
  const inLower = probability <= 0.5;
  const target = inLower ? probability : 1 - probability;
  let low = 0;
  let high = 1;
  let x = firstGuess(target, inLower, a, b);
  for (let step = 0; step < MAX_STEPS; step++) {
    const { lower, upper, density } = distribution(x, a, b);
    const tail = inLower ? lower : upper;
    if (tail < target === inLower) low = x;
    else high = x;
    // Halley's step for log(tail) = log(target): its second derivative follows from the density's slope.
    const off = Math.log(tail / target);
    const scale = (inLower ? tail : -tail) / density;
    const slope = (a - 1) / x - (b - 1) / (1 - x);
    const curvature = 0.5 * off * (slope * scale - 1);
    const change = (off * scale) / (1 - Math.max(-MAX_CURVATURE, Math.min(MAX_CURVATURE, curvature)));
    const next = x - change;
    if (Math.abs(change) <= Math.max(LAST_STEP * Math.min(x, Math.abs(scale)), Number.EPSILON * x))
      return next;
    x = next > low && next < high ? next : between(low, high);
    if (x <= low || x >= high) return x;
  }
  return x;
}

/** Divides a bracket whose ends may lie many orders of magnitude apart. */
function between(low: number, high: number): number {
  if (low === 0) return Math.min(high / 2, high * high);
  return high > 4 * low ? Math.sqrt(low * high) : low + (high - low) / 2;
}

/** Abramowitz and Stegun 26.5.22, which holds for shapes from 1. */
function firstGuess(target: number, inLower: boolean, a: number, b: number): number {
  if (a < 1 || b < 1) return 0.5;
  // 26.2.23: the normal quantile, to 4.5e-4.
  const t = Math.sqrt(-2 * Math.log(target));
  const z =
    t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
  const y = inLower ? z : -z;
  const lambda = (y * y - 3) / 6;
  const [overA, overB] = [1 / (2 * a - 1), 1 / (2 * b - 1)];
  const h = 2 / (overA + overB);
  const w = (y * Math.sqrt(h + lambda)) / h - (overB - overA) * (lambda + 5 / 6 - 2 / (3 * h));
  const guess = a / (a + b * Math.exp(2 * w));
  return guess > 0 && guess < 1 ? guess : a / (a + b);
}

/** I_x(a, b), its complement and its density at x. */
function distribution(x: number, a: number, b: number): { lower: number; upper: number; density: number } {
  const y = 1 - x;
  const front = powersOverBeta(x, a, b);
  const density = front / (x * y);
  if (x * (a + b + 2) < a + 1) {
    const lower = front * continuedFraction(x, y, a, b, a - (a + b) * x);
    return { lower, upper: 1 - lower, density };
  }
  const upper = front * continuedFraction(y, x, b, a, (a + b) * x - a);
  return { lower: 1 - upper, upper, density };
}

/**
 * 1 ÷ (β₀ + α₁ ÷ (β₁ + α₂ ÷ (β₂ + …))), where I_x(a, b) is x^a (1 − x)^b ÷ B(a, b) times this.
 *
 * @param y 1 − x
 * @param lambda a − (a + b) x, which must not be computed from a rounded x
 */
function continuedFraction(x: number, y: number, a: number, b: number, lambda: number): number {
  let value = (a * (lambda + 1)) / (a + 1);
  let c = value;
  let d = 0;
  for (let m = 1; m <= MAX_TERMS; m++) {
    const part = (m * (b - m) * x) / (a + 2 * m - 1);
    const alpha = part * ((((a + m - 1) * (a + b + m - 1)) / (a + 2 * m - 1)) * x);
    const beta = m + part + ((a + m) * (lambda + 1 + m * (1 + y))) / (a + 2 * m + 1);
    d = 1 / nonZero(beta + alpha * d);
    c = nonZero(beta + alpha / c);
    const factor = c * d;
    value *= factor;
    if (Math.abs(factor - 1) <= TERM_PRECISION) break;
  }
  return 1 / value;
}

function nonZero(value: number): number {
  return Math.abs(value) < TINY ? TINY : value;
}

/** x^a (1 − x)^b ÷ B(a, b), without cancellation between large logarithms. */
function powersOverBeta(x: number, a: number, b: number): number {
  const n = a + b;
  const y = 1 - x;
  const log =
    stirlingError(n) - stirlingError(a) - stirlingError(b) - deviance(a, n * x) - deviance(b, n * y);
  return Math.exp(log) * Math.sqrt((a / n) * (b / (2 * Math.PI)));
}
