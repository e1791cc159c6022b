/** Words that findings have in common. */
import { percent } from '../../text/numbers.js';
import { quoted } from '../../text/printable.js';
import type { SharesOf } from './finding.js';

/** Smaller probabilities are not told apart. */
const LEAST_P = 1e-9;

/** `p = 0.0042`, `p < 1e-9` */
export function chance(p: number): string {
  return p < LEAST_P ? `p < ${LEAST_P}` : `p = ${Number(p.toPrecision(2))}`;
}

/** A version whose name comes from responses. */
export function named(version: string): string {
  return quoted(version);
}

/** `10.00 %` */
export function shareOf(version: string, { shares }: SharesOf): string {
  return `${percent(shareIn(version, { shares }))} %`;
}

export function shareIn(version: string, { shares }: Pick<SharesOf, 'shares'>): number {
  return Object.hasOwn(shares, version) ? (shares[version] ?? 0) : 0;
}

/** @param names of the columns */
export function sharesOfCounts(counts: ArrayLike<number>, names: readonly string[]): SharesOf {
  const responses = Array.from(counts).reduce((sum, count) => sum + count, 0);
  // Names come from responses: as entries, even `__proto__` is only a name.
  const shares = Object.fromEntries(
    names.flatMap((name, column) => {
      const count = counts[column] ?? 0;
      return count === 0 ? [] : [[name, count / responses] as const];
    }),
  );
  return { responses, shares };
}

/** The version whose share differs most between the first and the others. */
export function mostDifferent(first: SharesOf, ...others: readonly SharesOf[]): string {
  const spread = (version: string) => {
    const all = [first, ...others].map((one) => shareIn(version, one));
    return Math.max(...all) - Math.min(...all);
  };
  const versions = [...new Set([first, ...others].flatMap(({ shares }) => Object.keys(shares)))];
  // Of two versions both differ by as much: the rarer is the one that people watch.
  return versions.reduce((best, version) => {
    const [a, b] = [spread(version), spread(best)];
    const rarer = shareIn(version, first) < shareIn(best, first);
    return a > b + 1e-12 || (Math.abs(a - b) <= 1e-12 && rarer) ? version : best;
  });
}
