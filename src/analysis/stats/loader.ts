/** Two functions of C. Loader, "Fast and Accurate Computation of Binomial Probabilities", 2000: parts of densities that keep every digit. */

/** From here on five terms of Stirling's series have a double's precision. */
const STIRLING_FROM = 20;

/** log Γ(z + 1) minus Stirling's approximation of it: Loader's δ(z). Below 20 by δ(z) from δ(z + 1). */
export function stirlingError(z: number): number {
  let sum = 0;
  for (; z < STIRLING_FROM; z++) sum += (z + 0.5) * Math.log1p(1 / z) - 1;
  const square = z * z;
  return (
    sum + (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - 1 / 1188 / square) / square) / square) / square) / z
  );
}

/** count · log(count ÷ mean) + mean − count: Loader's bd0, by a series where the two are near each other. */
export function deviance(count: number, mean: number): number {
  const difference = count - mean;
  if (Math.abs(difference) > 0.1 * (count + mean)) return count * Math.log(count / mean) - difference;
  const v = difference / (count + mean);
  const square = v * v;
  let power = 2 * count * v;
  let sum = difference * v;
  for (let odd = 3; odd < 60; odd += 2) {
    power *= square;
    const next = sum + power / odd;
    if (next === sum) break;
    sum = next;
  }
  return sum;
}
