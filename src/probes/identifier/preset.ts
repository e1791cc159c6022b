import type { PresetName } from '../../plan/plan.js';
import type { BodyView } from './body.js';

/** A response by which detection judges. */
export interface IdentifierSample {
  readonly status: number;
  /** Flat: name, value, name, value, … */
  readonly headers: readonly Buffer[];
  readonly body: Buffer;
}

/** How one well-known demo app tells its version and endpoint. All of them do so in the body. */
export interface Preset {
  readonly name: PresetName;
  version(body: BodyView, candidates: readonly string[]): string | null;
  /** Null for apps that do not tell it. */
  readonly endpoint: ((body: BodyView) => string | null) | null;
  /** Why a response looks like this app's, as a clause ("the body is …"), or null when it does not. */
  recognise(sample: IdentifierSample, body: BodyView, candidates: readonly string[]): string | null;
}
