/**
 * Do parts of a run vary as draws do? The index of dispersion (R. A. Fisher, Statistical Methods for Research Workers, 1925):
 *
 *     X² = Σ over parts j, versions v of  (x_jv − n_j p_v)² ÷ (n_j p_v)        (J − 1)(V − 1) degrees of freedom
 *
 * Versions in turn vary far less. For more variation than that of draws, each part is compared only with its neighbour, so that
 * a change of the shares during the run is not taken for it.
 */
import { type Counts, contrast, sharesOf, sizeOf, totalsOf } from './counts-table.js';
import { chiSquareTail } from './gamma-tail.js';

export interface Dispersion {
  readonly chiSquare: number;
  /** Degrees of freedom. X² is about as large for draws, and about 0 for turns. */
  readonly df: number;
}

/** Variation between neighbours. */
export interface Bursts {
  /** X² ÷ degrees of freedom between neighbours: about 1 for draws. */
  readonly ratio: number;
  /** Probability of an X² at least as large for draws. */
  readonly pMore: number;
}

/** @param parts counts by version; at least two parts and two versions, with about five expected everywhere */
export function dispersion(parts: readonly Counts[]): Dispersion {
  const shares = sharesOf(totalsOf(parts));
  let chiSquare = 0;
  for (const part of parts) {
    const size = sizeOf(part);
    shares.forEach((share, v) => {
      if (share > 0) chiSquare += ((part[v] as number) - size * share) ** 2 / (size * share);
    });
  }
  const df = (parts.length - 1) * (shares.filter((share) => share > 0).length - 1);
  return { chiSquare, df };
}

/** @param parts as for {@link dispersion} */
export function bursts(parts: readonly Counts[]): Bursts {
  let [chiSquare, df] = [0, 0];
  for (let j = 1; j < parts.length; j += 2) {
    const pair = contrast(parts[j - 1] as Counts, parts[j] as Counts);
    chiSquare += pair.chiSquare;
    df += pair.df;
  }
  return df === 0 ? { ratio: 1, pMore: 1 } : { ratio: chiSquare / df, pMore: chiSquareTail(chiSquare, df) };
}

/**
 * Probability of an X² at most as large for draws.
 *
 * @param variance of the draws, as a multiple of that of draws with the same shares
 */
export function smallerP({ chiSquare, df }: Dispersion, variance = 1): number {
  return 1 - chiSquareTail(chiSquare / variance, df);
}

/**
 * The variance of parts that have the same number of draws from each of several sources with shares of their own, as a multiple of
 * that of draws with the same shares everywhere: 1 if the sources do not differ, 0 if each gives one version only.
 *
 * @param sources counts by version; those with one response tell nothing
 */
export function varianceWithin(sources: readonly Counts[]): number {
  const compared = sources.filter((source) => sizeOf(source) > 1);
  const shares = sharesOf(totalsOf(compared));
  const n = compared.reduce((sum, source) => sum + sizeOf(source), 0);
  let within = 0;
  for (const source of compared) {
    const size = sizeOf(source);
    shares.forEach((share, v) => {
      const own = (source[v] as number) / size;
      if (share > 0) within += ((size * size) / (size - 1)) * ((own * (1 - own)) / share);
    });
  }
  const versions = shares.filter((share) => share > 0).length;
  return versions < 2 ? 1 : within / n / (versions - 1);
}
