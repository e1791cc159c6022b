/**
 * The probability that a Brownian bridge leaves ± x: 2 Σ (−1)^(k−1) e^(−2 k² x²) (A. Kolmogorov, Giornale dell'Istituto Italiano
 * degli Attuari 4, 1933). 1 % of bridges leave ± 1.628.
 */
const MAX_TERMS = 100;

/** @param x from 0 */
export function bridgeTail(x: number): number {
  // Below this it is 1 to all digits, and the terms fall slowly.
  if (x < 0.2) return 1;
  let sum = 0;
  for (let k = 1; k <= MAX_TERMS; k++) {
    const term = Math.exp(-2 * k * k * x * x);
    sum += k % 2 === 1 ? term : -term;
    if (term < 1e-17 * sum) break;
  }
  return Math.min(1, Math.max(0, 2 * sum));
}
