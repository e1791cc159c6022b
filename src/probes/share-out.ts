/** Part `index` of `parts` of a whole number: the parts differ by at most one and sum to the whole. */
export function partOf(total: number, index: number, parts: number): number {
  return Math.floor((total * (index + 1)) / parts) - Math.floor((total * index) / parts);
}
