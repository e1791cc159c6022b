/** Pieces of Envoy's configuration in JSON form. */
export type Json = Record<string, unknown>;

/** A duration as protobuf JSON writes it: `30s`, `0.050s`. */
export function protoDuration(ms: number): string {
  return Number.isInteger(ms / 1000)
    ? `${ms / 1000}s`
    : `${(ms / 1000).toFixed(Number.isInteger(ms) ? 3 : 9)}s`;
}
