/** Manifests for tests that have them as text. */

import { readManifests } from '../../src/plan/manifests/index.js';
import type { ManifestSet } from '../../src/plan/manifests/model.js';

/** Reads the texts as one stream of documents. */
export function readManifestTexts(...texts: readonly string[]): Promise<ManifestSet> {
  return readManifests(['-'], async () => texts.join('\n---\n'));
}
