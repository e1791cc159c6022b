/** What a preset is. To add one: a file, its entry in index.ts, and its name in plan/labels/preset-names.ts. */
import type { PresetName } from '../../../plan/plan.js';
import type { BodyView } from '../body-view.js';

/** A response that detection looks at. */
export interface IdentifierSample {
  readonly status: number;
  /** Flat: name, value, name, value, … */
  readonly headers: readonly Buffer[];
  readonly body: Buffer;
  /** The body is not the whole body; false by default. */
  readonly cut?: boolean;
}

/**
 * How one well-known app shows its version and endpoint, always in the body.
 *
 * Several apps send the request back in their response, and nothing of the request may be read as a label. So for
 * lines only the first line that begins with the key counts, and for JSON only the key at its own place.
 */
export interface Preset {
  readonly name: PresetName;
  /** The version label, or null. `candidates`: words that stand for expected versions. */
  version(body: BodyView, candidates: readonly string[]): string | null;
  /** Reads the endpoint label; null for apps that do not show it. */
  readonly endpoint: ((body: BodyView) => string | null) | null;
  /** `body` for streams, whose head is sent at once: then `firstByteUs` is that of the first body byte. */
  readonly firstByteAt?: 'body';
  /** Why a response looks like this app's, as a clause ("the body is …"); null if it does not. */
  recognise(sample: IdentifierSample, body: BodyView, candidates: readonly string[]): string | null;
}
