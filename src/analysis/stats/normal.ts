/** The normal distribution: its upper tail, the quantile that belongs to it, and the joint tail of two variables. */
import { chiSquareTail } from './gamma-tail.js';

/** Steps of the inverse. Convergence is cubic: four are enough from the first guess. */
const MAX_STEPS = 8;
/** Beyond this distance from the bound, what is left of the joint tail is below 1e-17 of it. */
const REACH = 9;
/** Intervals of Simpson's rule, an even number: errors below 1e-3 of the result for correlations up to 0.99. */
const INTERVALS = 64;

/** P(Z > z). Relative error below 1e-10 for z up to 37; 0 beyond about 38. */
export function normalTail(z: number): number {
  const half = chiSquareTail(z * z, 1) / 2;
  return z < 0 ? 1 - half : half;
}

/**
 * The z with P(Z > z) = `tail`: 1.645 for 0.05.
 *
 * Halley's method for log(tail), started at Abramowitz and Stegun 26.2.23.
 *
 * @param tail above 0 and below 1
 */
export function normalQuantile(tail: number): number {
  if (tail > 0.5) return -normalQuantile(1 - tail);
  const t = Math.sqrt(-2 * Math.log(tail));
  let z =
    t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
  for (let step = 0; step < MAX_STEPS; step++) {
    const now = normalTail(z);
    const off = (now - tail) / density(z);
    const change = off / (1 - (off * z) / 2);
    z += change;
    if (Math.abs(change) < 1e-14 * (1 + z)) break;
  }
  return z;
}

/**
 * P(X > a and Y > b) of two standard normal variables, as the integral of φ(x) · P(Y > b | X = x) over x > a.
 *
 * @param correlation from 0 to 1
 */
export function jointTail(a: number, b: number, correlation: number): number {
  if (a === Number.POSITIVE_INFINITY || b === Number.POSITIVE_INFINITY) return 0;
  const rest = Math.sqrt(1 - correlation * correlation);
  // Nearly the same variable: the integrand is a step.
  if (rest < 0.01) return normalTail(Math.max(a, b));
  const from = Math.max(a, -REACH);
  const width = Math.max(REACH, REACH - from) / INTERVALS;
  let sum = 0;
  for (let i = 0; i <= INTERVALS; i++) {
    const x = from + i * width;
    const factor = i === 0 || i === INTERVALS ? 1 : i % 2 === 1 ? 4 : 2;
    sum += factor * density(x) * normalTail((b - correlation * x) / rest);
  }
  return (sum * width) / 3;
}

function density(z: number): number {
  return Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
}
