import type { PresetName } from '../../../plan/plan.js';
import type { BodyView } from '../body-view.js';

/** A response by which detection judges. */
export interface IdentifierSample {
  readonly status: number;
  /** Flat: name, value, name, value, … */
  readonly headers: readonly Buffer[];
  readonly body: Buffer;
  /** There was more of it; false when not given. */
  readonly cut?: boolean;
}

/**
 * How one well-known demo app tells its version and endpoint. All of them do so in the body.
 *
 * Several send the request back. What we sent must never be read as a label: keys of lines count only at the
 * start of a line, and there the first one, keys of JSON only at their own place.
 */
export interface Preset {
  readonly name: PresetName;
  version(body: BodyView, candidates: readonly string[]): string | null;
  /** Null for apps that do not tell it. */
  readonly endpoint: ((body: BodyView) => string | null) | null;
  /** Where the response's first byte is that tells how long it took: `body` for streams, whose head comes at once. */
  readonly firstByteAt?: 'body';
  /** Why a response looks like this app's, as a clause ("the body is …"), or null when it does not. */
  recognise(sample: IdentifierSample, body: BodyView, candidates: readonly string[]): string | null;
}
