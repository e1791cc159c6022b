/** Counts how many endpoints are out at once over time. */

/** A time, ms; either side may be infinite. */
export type Span = readonly [fromMs: number, toMs: number];

/** When one endpoint was out. */
export interface OutSpan {
  readonly endpoint: string;
  readonly span: Span;
}

/** The times between changes, in order, each with the number of endpoints that were out. */
function* pieces(spans: readonly OutSpan[]): Generator<{ span: Span; out: number }> {
  const changes = spans
    .filter(({ span: [from, to] }) => from < to)
    .flatMap(({ endpoint, span: [from, to] }) => [
      { endpoint, atMs: from, by: 1 },
      { endpoint, atMs: to, by: -1 },
    ])
    // If one endpoint comes back at the time at which another goes out, they were not out together.
    .sort((a, b) => (a.atMs === b.atMs ? a.by - b.by : a.atMs - b.atMs));
  /** Spans of one endpoint may overlap. */
  const open = new Map<string, number>();
  for (const [i, { endpoint, atMs, by }] of changes.entries()) {
    const left = (open.get(endpoint) ?? 0) + by;
    if (left === 0) open.delete(endpoint);
    else open.set(endpoint, left);
    const untilMs = changes[i + 1]?.atMs;
    if (untilMs !== undefined && untilMs > atMs) yield { span: [atMs, untilMs], out: open.size };
  }
}

/** The largest number of endpoints that were out at once. */
export function maxAtOnce(spans: readonly OutSpan[]): number {
  let most = 0;
  for (const { out } of pieces(spans)) if (out > most) most = out;
  return most;
}

/** The longest part of a time in which at most `allowed` endpoints were out, ms. */
export function longestWithAtMost(spans: readonly OutSpan[], [fromMs, toMs]: Span, allowed: number): number {
  if (allowed < 0) return 0;
  let longest = 0;
  let sinceMs = fromMs;
  for (const { span, out } of pieces(spans)) {
    if (out <= allowed || span[1] <= fromMs) continue;
    if (span[0] >= toMs) break;
    longest = Math.max(longest, span[0] - sinceMs);
    sinceMs = span[1];
  }
  return Math.max(longest, toMs - sinceMs);
}
