/**
 * What a body is worth:
 * - `answer`: the whole answer of a backend,
 * - `doubtful`: a backend's error page: free text in it is no label,
 * - `cut`: a body that broke off or goes on past the limit: likewise, and what stands at its very end is no label,
 * - `gateway`: made by the gateway: nothing in it is a label, only headers are read.
 */
export type BodyKind = 'answer' | 'doubtful' | 'cut' | 'gateway';

/** @param cut the body is not whole */
export function bodyKind(fromGateway: boolean, cut: boolean, status: number): BodyKind {
  if (fromGateway) return 'gateway';
  if (cut) return 'cut';
  return status >= 400 ? 'doubtful' : 'answer';
}
