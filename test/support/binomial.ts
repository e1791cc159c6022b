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

/** Fewer expected successes than this are found one by one. */
const FEW = 5;
/** Logarithms of factorials, as far as they were needed. */
const LOG_FACTORIALS = [0];

/** A draw of X ~ Binomial(n, p). Takes about as long as the standard deviation of X is large. */
export function binomialDraw(n: number, p: number, random: () => number): number {
  if (n <= 0 || p <= 0) return 0;
  if (p > 0.5) return n - binomialDraw(n, 1 - p, random);
  return n * p < FEW ? byGaps(n, p, random) : fromMode(n, p, random);
}

/** Counts the gaps between successes. */
function byGaps(n: number, p: number, random: () => number): number {
  const perGap = Math.log1p(-p);
  let at = 0;
  for (let drawn = 0; ; drawn++) {
    at += Math.floor(Math.log(1 - random()) / perGap) + 1;
    if (at > n) return drawn;
  }
}

/** Inversion, with the likely values first (A. W. Kemp, Commun. Statist. Theory Meth. 15, 1986). */
function fromMode(n: number, p: number, random: () => number): number {
  const odds = p / (1 - p);
  const mode = Math.floor((n + 1) * p);
  const log = logFactorial(n) - logFactorial(mode) - logFactorial(n - mode);
  let below = mode;
  let above = mode;
  let chanceBelow = Math.exp(log + mode * Math.log(p) + (n - mode) * Math.log1p(-p));
  let chanceAbove = chanceBelow;
  let left = random() - chanceBelow;
  while (left >= 0 && (above < n || below > 0)) {
    if (above < n) {
      chanceAbove *= ((n - above) / (above + 1)) * odds;
      above += 1;
      left -= chanceAbove;
      if (left < 0) return above;
    }
    if (below > 0) {
      chanceBelow *= below / ((n - below + 1) * odds);
      below -= 1;
      left -= chanceBelow;
      if (left < 0) return below;
    }
  }
  return mode;
}

function logFactorial(n: number): number {
  for (let i = LOG_FACTORIALS.length; i <= n; i++) {
    LOG_FACTORIALS.push((LOG_FACTORIALS[i - 1] as number) + Math.log(i));
  }
  return LOG_FACTORIALS[n] as number;
}
