/** log Γ(z) by C. Loader's correction of Stirling's approximation. */
import { stirlingError } from './loader.js';

/** @param z above 0 */
export function logGamma(z: number): number {
  // log Γ(z + 1) = (z + ½) log z − z + ½ log 2π + δ(z)
  return (z + 0.5) * Math.log(z) - z + 0.5 * Math.log(2 * Math.PI) + stirlingError(z) - Math.log(z);
}
