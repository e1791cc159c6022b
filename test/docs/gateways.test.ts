import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { withTables } from '../support/gateways-document.js';

test('docs/gateways.md has the facts of src/plan/gateways (npm run gateways writes it)', () => {
  const document = readFileSync('docs/gateways.md', 'utf8');
  assert.equal(document, withTables(document));
});
