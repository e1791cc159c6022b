/** Texts in other forms than one YAML document after the other. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { documentStarts } from '../../../src/plan/manifests/json-stream.js';
import { caseText } from '../../support/cases.js';
import { readManifestTexts } from '../../support/manifests.js';

const CONCATENATED = readFileSync('test/fixtures/cases/fmt-concat-json/manifest.json', 'utf8');

test('a template of Helm is named as one, whether or not it is YAML', async () => {
  const advice = /standard input: (document 1, line 1: )?this is a template of Helm.*helm template/;
  await assert.rejects(readManifestTexts(caseText('fmt-helm')), advice);
  const quoted = caseText('status-not-accepted').replace('name: web,', 'name: "{{ .Values.name }}",');
  await assert.rejects(readManifestTexts(quoted), advice);
  // Other templates in a manifest are none of ours.
  const alert = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: 1}\ndata: {a: "{{ $labels.pod }}"}\n';
  await assert.rejects(readManifestTexts(alert), /metadata\.name: 1 is not text/);
});

test('JSON documents one after the other are read, with their lines', async () => {
  const { routes } = await readManifestTexts(CONCATENATED);
  assert.deepEqual(
    routes.map(({ ref }) => [ref.name, ref.source.document, ref.source.line]),
    [
      ['web', 1, 1],
      ['b', 2, 66],
    ],
  );
  const bad = CONCATENATED.replace('"name": "b"', '"name": 7');
  await assert.rejects(readManifestTexts(bad), /document 2, line 70: metadata\.name: 7 is not text/);
  const onOneLine = CONCATENATED.replace(/\s*\n\s*/g, ' ');
  assert.equal((await readManifestTexts(onOneLine)).routes.length, 2);
  await assert.rejects(readManifestTexts(`${CONCATENATED}{`), /document 3, line \d+: YAML error/);
});

test('a text begins a new document only where JSON ends', () => {
  fc.assert(
    fc.property(
      fc.array(fc.jsonValue(), { maxLength: 5 }),
      fc.constantFrom('', ' ', '\n', '\r\n'),
      (values, space) => {
        const texts = values.map((value) => JSON.stringify({ value }));
        const joined = texts.join(space);
        const starts = documentStarts(joined);
        const pieces = starts.map((start, i) => joined.slice(start, starts[i + 1]).trim());
        // A `'` or `#` in a string is no reason to give up.
        assert.deepEqual(pieces, texts.length === 0 ? [''] : texts);
      },
    ),
  );
  for (const text of ["{a: '}{'}", '{a: 1} # {\n', '{a: 1}\n---\n{b: 1}', 'a: {b: 1}\n', '{a: 5", b: 1}']) {
    assert.deepEqual(documentStarts(text), [0], text);
  }
});
