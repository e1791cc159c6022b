/** Small functions on collections that every room uses. */

/** 0 when there are none. */
export function sum(numbers: Iterable<number>): number {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
}

/** Compares texts by their code units, which do not depend on the language of the machine. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
