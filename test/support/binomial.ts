/** Binomial chances and draws for tests with known truth. */

/** P(X = k) for X ~ Binomial(n, p) and k from 0 to n; chances below 1e-300 are 0. */
export function binomialChances(n: number, p: number): Float64Array {
  const chances = new Float64Array(n + 1);
  if (p === 0 || p === 1) {
    chances[p === 0 ? 0 : n] = 1;
    return chances;
  }
  let log = n * Math.log1p(-p);
  for (let k = 0; k <= n; k++) {
    chances[k] = Math.exp(log);
    log += Math.log((n - k) / (k + 1)) + Math.log(p) - Math.log1p(-p);
  }
  return chances;
}

/** A draw of X ~ Binomial(n, p): counts the gaps between successes, so that rare ones cost little. */
export function binomialDraw(n: number, p: number, random: () => number): number {
  if (p <= 0) return 0;
  if (p >= 1) return n;
  const perGap = Math.log1p(-p);
  let at = 0;
  for (let drawn = 0; ; drawn++) {
    at += Math.floor(Math.log(1 - random()) / perGap) + 1;
    if (at > n) return drawn;
  }
}
