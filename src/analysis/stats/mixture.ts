/**
 * The evidence of a sequential test that a share lies on one side of a boundary: valid however often the counts are looked at, and
 * whenever a run stops.
 *
 * The likelihood of the counts with the share q, divided by that with the boundary t, is a nonnegative martingale if the share is t
 * (A. Wald, Annals of Mathematical Statistics 16, 1945), and a mixture over several q is one too (H. Robbins, Annals of
 * Mathematical Statistics 41, 1970). By Ville's inequality it ever reaches 1/α with a chance of at most α. With a share
 * beyond t the chance is smaller still.
 */

/** How far the two alternatives are from the boundary, in widths. */
const NEAR = 0.4;
const FAR = 0.8;
const NEAR_WEIGHT = Math.log(0.1);
const FAR_WEIGHT = Math.log(0.9);
/** An alternative is no smaller than this part of the boundary. */
const LEAST_PART = 10;

/**
 * Logarithm of the evidence against "the share is at least `boundary`". A share of 1 is refuted by any other draw.
 *
 * @param k draws of the version; need not be whole
 * @param n draws, at least `k`
 * @param boundary a fraction above 0
 * @param width of the tolerance, a fraction: alternatives are 0.4 and 0.8 of it below the boundary
 */
export function evidenceBelow(k: number, n: number, boundary: number, width: number): number {
  if (boundary >= 1) return k < n ? Number.POSITIVE_INFINITY : 0;
  const near = NEAR_WEIGHT + logRatio(k, n, alternative(boundary, NEAR * width), boundary);
  const far = FAR_WEIGHT + logRatio(k, n, alternative(boundary, FAR * width), boundary);
  const larger = Math.max(near, far);
  return larger + Math.log1p(Math.exp(Math.min(near, far) - larger));
}

/** Logarithm of the evidence against "the share is at most `boundary`". As {@link evidenceBelow} for the rest. */
export function evidenceAbove(k: number, n: number, boundary: number, width: number): number {
  return evidenceBelow(n - k, n, 1 - boundary, width);
}

function alternative(boundary: number, distance: number): number {
  return Math.max(boundary - distance, boundary / LEAST_PART);
}

/** Of the likelihoods with the shares `q` and `t`. */
function logRatio(k: number, n: number, q: number, t: number): number {
  return k * Math.log(q / t) + (n - k) * (Math.log1p(-q) - Math.log1p(-t));
}
