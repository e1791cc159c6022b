import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PRESET_NAMES } from '../../src/plan/labels/preset-names.js';
import { documentText } from '../support/markdown.js';

test('docs/presets.md has every preset, and no other', () => {
  const rows = documentText('docs/presets.md').matchAll(/^\| `([a-z-]+)`/gm);
  assert.deepEqual([...rows].map(([, name]) => name as string).sort(), [...PRESET_NAMES].sort());
});
