/** Counts by HTTP status or outcome as one cell of a CSV file: `200=7207 503=1`; empty for none. */
export function statusCell(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([status, n]) => `${status}=${n}`)
    .join(' ');
}
