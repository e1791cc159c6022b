/** Manifests for tests that have them as text. */

import { Composer, LineCounter, Parser } from 'yaml';
import { type Field, rootOf } from '../../src/plan/manifests/fields.js';
import { readManifests } from '../../src/plan/manifests/index.js';
import type { ManifestSet } from '../../src/plan/manifests/model.js';
import { YamlSource } from '../../src/plan/manifests/yaml-source.js';

/** Reads the texts as one stream of documents. */
export function readManifestTexts(...texts: readonly string[]): Promise<ManifestSet> {
  return readManifests(['-'], async () => texts.join('\n---\n'));
}

/** Data as the field of a manifest: line 14 of the second document of rules.yaml, in a resource called `owner`. */
export function fieldOf(data: unknown, owner: string): Field {
  const lines = new LineCounter();
  const text = '\n'.repeat(13) + JSON.stringify(data);
  const [doc] = [...new Composer().compose(new Parser(lines.addNewLine).parse(text))];
  if (doc === undefined) throw new Error('no document');
  return rootOf(new YamlSource('rules.yaml', 2, doc, lines)).asResource(owner);
}
