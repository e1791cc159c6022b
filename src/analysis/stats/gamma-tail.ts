/**
 * Tails of the gamma and chi-square distributions: the regularized incomplete gamma function Q(a, x), by its series
 * below a + 1 and by its continued fraction above (NIST Digital Library of Mathematical Functions 8.11.4 and 8.9.2, the
 * latter by Lentz's method). The factor before both is C. Loader's, as for the beta distribution.
 */
import { deviance, stirlingError } from './loader.js';

/** Both need about √a terms near x = a: 1,500 at a = 1e6. */
const MAX_TERMS = 1_000_000;
const TERM_PRECISION = 2.3e-16;
/** Stands for a zero denominator in Lentz's method. */
const TINY = 1e-300;

/**
 * The probability that a chi-square variable is at least `x`.
 *
 * @param x from 0
 * @param df degrees of freedom, above 0; need not be whole
 * @returns from 0 to 1, with a relative error below 1e-10 for `df` up to 1e6
 */
export function chiSquareTail(x: number, df: number): number {
  if (x <= 0) return 1;
  if (x === Number.POSITIVE_INFINITY) return 0;
  const [a, half] = [df / 2, x / 2];
  // x^a e^−x ÷ Γ(a + 1), where Loader's two functions stand for what large logarithms would lose.
  const front = Math.exp(-stirlingError(a) - deviance(a, half)) / Math.sqrt(2 * Math.PI * a);
  return half < a + 1 ? Math.max(0, 1 - front * series(a, half)) : Math.min(1, front * fraction(a, half) * a);
}

/** 1 + x ÷ (a + 1) + x² ÷ ((a + 1)(a + 2)) + … */
function series(a: number, x: number): number {
  let term = 1;
  let sum = 1;
  for (let n = 1; n <= MAX_TERMS && term > sum * TERM_PRECISION; n++) {
    term *= x / (a + n);
    sum += term;
  }
  return sum;
}

/** 1 ÷ (x + 1 − a − 1(1 − a) ÷ (x + 3 − a − 2(2 − a) ÷ (x + 5 − a − …))) */
function fraction(a: number, x: number): number {
  let b = x + 1 - a;
  let c = 1 / TINY;
  let d = 1 / b;
  let value = d;
  for (let n = 1; n <= MAX_TERMS; n++) {
    const term = -n * (n - a);
    b += 2;
    d = 1 / nonZero(term * d + b);
    c = nonZero(b + term / c);
    value *= c * d;
    if (Math.abs(c * d - 1) <= TERM_PRECISION) break;
  }
  return value;
}

function nonZero(value: number): number {
  return Math.abs(value) < TINY ? TINY : value;
}
