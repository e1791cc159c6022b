/** Quantiles of Student's t. */
import { betaQuantile } from './beta-quantile.js';

/**
 * The t that a variable of Student's distribution is below with a probability. If X is of the symmetric beta distribution with
 * both shapes df/2, then √df (2X − 1) ÷ (2 √(X (1 − X))) is of Student's (Abramowitz and Stegun 26.7.1 with 26.5.27).
 *
 * @param probability above 0, below 1
 * @param df degrees of freedom, at least 1
 */
export function tQuantile(probability: number, df: number): number {
  // Below shapes of 1 the beta quantile promises less, and this is Cauchy's distribution.
  if (df < 2) return Math.tan(Math.PI * (probability - 0.5));
  const x = betaQuantile(probability, df / 2, df / 2);
  return (Math.sqrt(df) * (2 * x - 1)) / (2 * Math.sqrt(x * (1 - x)));
}
