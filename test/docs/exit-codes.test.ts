import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EXIT_CODES } from '../../src/exit-codes.js';
import { documentText } from '../support/markdown.js';

for (const document of ['README.md', 'docs/cli.md']) {
  test(`${document} has the exit codes, with their meanings`, () => {
    const rows = documentText(document).matchAll(/^\| (\d+) \| ([^|]+) \|/gm);
    assert.deepEqual(
      [...rows].map(([, code, meaning]) => ({ code: Number(code), meaning })),
      Object.values(EXIT_CODES),
    );
  });
}
