/** Searches for how much larger a run would have to be. */

/** The factor found is at most this much too large. */
const PRECISION = 1.02;

/**
 * The smallest factor above 1, within 2 %, for which `holds` is true, if it stays true for all larger ones.
 *
 * @param max no larger factor is tried
 * @returns null when it does not hold up to `max`
 */
export function smallestFactor(holds: (factor: number) => boolean, max: number): number | null {
  let high = 2;
  while (!holds(high)) {
    high *= 2;
    if (high > max) return null;
  }
  let low = high / 2;
  while (high / low > PRECISION) {
    const middle = Math.sqrt(low * high);
    if (holds(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** Rounded up to two digits: a number that is estimated has no more. */
export function roundedUp(n: number): number {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(n)) - 1);
  return Math.ceil(n / unit) * unit;
}
