import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { packageRoot } from '../../src/io/package-root.js';
import { anchors, documents, documentText, relativeLinks } from '../support/markdown.js';

test('every relative link of a document leads to a file, and to a heading that it has', () => {
  const broken: string[] = [];
  for (const document of documents()) {
    for (const link of relativeLinks(documentText(document))) {
      const [file = '', anchor = ''] = link.split('#');
      const target = file === '' ? document : join(document, '..', file);
      const found = existsSync(join(packageRoot(), target));
      if (!found || (anchor !== '' && !anchors(documentText(target)).has(anchor))) {
        broken.push(`${document}: ${link}`);
      }
    }
  }
  assert.deepEqual(broken, []);
});

test('files and folders that a document names are in the repository', () => {
  const missing: string[] = [];
  for (const document of documents()) {
    const named = documentText(document).matchAll(
      /(?<![\w/.-])(?:src|test|scripts|docs|bench|samples)\/[\w./-]*\w/g,
    );
    for (const [path] of named) {
      if (!existsSync(join(packageRoot(), path))) missing.push(`${document}: ${path}`);
    }
  }
  assert.deepEqual(missing, []);
});

test('links are found', () => {
  const all = documents().flatMap((document) => relativeLinks(documentText(document)));
  assert.ok(all.length > 40, `${all.length} links`);
});
