/**
 * Fisher's exact test of a table of two rows and two columns.
 *
 * R. A. Fisher, "The Logic of Inductive Inference", J. R. Stat. Soc. 98, 1935; A. Agresti, Categorical Data
 * Analysis, 3rd ed., 2013, section 3.5. Given both margins, the first cell of
 *
 *     x        n − x          n = first row
 *     k − x    m − (k − x)    m = second row
 *
 * is hypergeometric when the rows do not differ: P(x) = C(n, x) · C(m, k − x) ÷ C(n + m, k).
 */

/** Rounding in the two ways to a tie differs by less: tables this close to the observed one count as as likely. */
const TIE = 1e-10;
/** Below this, against the most likely table, the observed one counts as impossible: doubles lose digits there. */
const VANISHING = 1e-300;
/** Terms that are smaller, against the sum so far, by this factor and fall no longer matter. */
const NEGLIGIBLE = 1e-20;

/**
 * The two-sided p-value: how likely, under equal shares and these margins, tables are that are at most as likely
 * as the observed one.
 *
 * Terms are built up from the most likely table by their ratios, and divided by their own sum: logarithms of
 * factorials would lose nine digits at counts of a million. Takes time proportional to the standard deviation of
 * x and to how many of them the observed table is away; below about 1e-300 it is 0.
 *
 * @param x successes in the first row; whole numbers from 0 all
 * @param n size of the first row
 * @param y successes in the second row
 * @param m size of the second row
 * @returns from 0 to 1
 */
export function fisherExact(x: number, n: number, y: number, m: number): number {
  const k = x + y;
  const low = Math.max(0, k - m);
  const high = Math.min(n, k);
  if (low === high) return 1;
  const mode = Math.min(high, Math.max(low, Math.floor(((n + 1) * (k + 1)) / (n + m + 2))));
  /** P(z + 1) ÷ P(z) */
  const up = (z: number) => (((n - z) / (z + 1)) * (k - z)) / (m - k + z + 1);
  /** P(z − 1) ÷ P(z) */
  const down = (z: number) => ((z / (n - z + 1)) * (m - k + z)) / (k - z + 1);

  // All relative to P(mode), away from which terms only fall.
  let observed = 1;
  for (let z = mode; z < x && observed > 0; z++) observed *= up(z);
  for (let z = mode; z > x && observed > 0; z--) observed *= down(z);
  if (observed < VANISHING) return 0;
  const limit = observed * (1 + TIE);
  let total = 1;
  let tail = limit >= 1 ? 1 : 0;
  /** Adds a term; false when those beyond it no longer matter. */
  const add = (term: number): boolean => {
    total += term;
    if (term > limit) return true;
    tail += term;
    return term > NEGLIGIBLE * tail;
  };
  let term = 1;
  for (let z = mode; z < high; z++) {
    term *= up(z);
    if (!add(term)) break;
  }
  term = 1;
  for (let z = mode; z > low; z--) {
    term *= down(z);
    if (!add(term)) break;
  }
  return Math.min(1, tail / total);
}
