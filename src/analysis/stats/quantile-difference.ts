/**
 * Bounds for the difference of a quantile of two sets: the bounds of each are combined as those of rates are (MOVER: G. Y. Zou and
 * A. Donner, Statistics in Medicine 27, 2008, p. 1693). docs/statistics.md has how often they are wrong.
 */

/** An estimate between two one-sided bounds. */
export interface Bounded {
  readonly figure: number;
  readonly low: number;
  readonly high: number;
}

/**
 * One-sided bounds of `own − base`.
 *
 * @param own with bounds that each have a chance of α to be wrong, as `base`; then those of the difference have about this
 */
export function quantileDifference(own: Bounded, base: Bounded): Bounded {
  const figure = own.figure - base.figure;
  return {
    figure,
    low: figure - Math.hypot(own.figure - own.low, base.high - base.figure),
    high: figure + Math.hypot(own.high - own.figure, base.figure - base.low),
  };
}
