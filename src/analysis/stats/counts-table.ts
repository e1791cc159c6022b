/** Tables of counts: a row per part of a run or connection, a column per version. */

export type Counts = ArrayLike<number>;

export function sizeOf(counts: Counts): number {
  let size = 0;
  for (let v = 0; v < counts.length; v++) size += counts[v] as number;
  return size;
}

/** The sum of each column. */
export function totalsOf(rows: readonly Counts[]): Float64Array {
  const totals = new Float64Array(rows[0]?.length ?? 0);
  for (const row of rows) {
    for (let v = 0; v < totals.length; v++) totals[v] = (totals[v] as number) + (row[v] as number);
  }
  return totals;
}

/** Each column's part of all; 0 for an empty table. */
export function sharesOf(totals: Counts): number[] {
  const size = sizeOf(totals);
  return Array.from(totals, (count) => (size === 0 ? 0 : count / size));
}

/**
 * Pearson's X² of two rows: are their shares the same? With the factor (N − 1) ÷ N its mean is the degrees of freedom for any
 * counts (A. Agresti, Categorical Data Analysis, 3rd ed., 2013, sections 3.2 and 3.5).
 *
 * @returns zeros if a row is empty
 */
export function contrast(a: Counts, b: Counts): { chiSquare: number; df: number } {
  const [m, n] = [sizeOf(a), sizeOf(b)];
  if (m === 0 || n === 0) return { chiSquare: 0, df: 0 };
  let chiSquare = 0;
  let versions = 0;
  for (let v = 0; v < a.length; v++) {
    const [x, y] = [a[v] as number, b[v] as number];
    if (x + y === 0) continue;
    versions += 1;
    chiSquare += (x * n - y * m) ** 2 / (x + y);
  }
  return { chiSquare: (chiSquare / (m * n)) * ((m + n - 1) / (m + n)), df: versions - 1 };
}

/** A function that takes the columns of a row whose total in the table is at least so large. */
export function columnsWith(rows: readonly Counts[], least: number): (row: Counts) => number[] {
  const kept = Array.from(totalsOf(rows).entries()).flatMap(([v, total]) =>
    total > 0 && total >= least ? [v] : [],
  );
  return (row) => kept.map((v) => row[v] as number);
}
