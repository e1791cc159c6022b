/**
 * How far a body can be trusted to have labels:
 * - `answer`: the whole response of a backend;
 * - `doubtful`: a backend's error page, whose free text is not taken for a label;
 * - `cut`: a body that was interrupted or is longer than the limit: as `doubtful`, and text at its very end is not
 *   taken for a label either, because it may be incomplete;
 * - `gateway`: made by the gateway: nothing in it is a label, and only headers are read.
 */
export type BodyKind = 'answer' | 'doubtful' | 'cut' | 'gateway';

/**
 * The kind of a body.
 *
 * @param cut the body is not the whole body
 */
export function bodyKind(fromGateway: boolean, cut: boolean, status: number): BodyKind {
  if (fromGateway) return 'gateway';
  if (cut) return 'cut';
  return status >= 400 ? 'doubtful' : 'answer';
}
