/**
 * Exact bounds for a binomial share (Clopper and Pearson 1934), as quantiles of beta distributions:
 * lower = Beta⁻¹(α; k, n − k + 1), upper = Beta⁻¹(1 − α; k + 1, n − k).
 */
import { betaQuantile } from './beta-quantile.js';

/**
 * One-sided lower bound of a share: were the true share at or below it, `k` or more of `n` would have at
 * most the chance `alpha`. 0 when nothing was counted.
 *
 * @param k how many of `n` belong to the version (need not be whole)
 * @param alpha chance of error on this side, 0.05 for 95 %
 */
export function lowerBound(k: number, n: number, alpha: number): number {
  return k <= 0 ? 0 : betaQuantile(alpha, k, Math.max(n - k, 0) + 1);
}

/** One-sided upper bound of a share; see {@link lowerBound}. 1 when nothing was counted. */
export function upperBound(k: number, n: number, alpha: number): number {
  return k >= n ? 1 : betaQuantile(1 - alpha, k + 1, n - k);
}
