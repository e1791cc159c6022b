import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import stringWidth from 'string-width';
import { terminalText } from '../../src/text/printable.js';
import { widthOf } from '../../src/text/width.js';

test('colours take no room, and wide characters two columns', () => {
  assert.equal(widthOf('v1'), 2);
  assert.equal(widthOf('80.0 – 90.1 ×'), 13);
  assert.equal(widthOf('名前'), 4);
  assert.equal(widthOf('\u001b[1;32m名前 – ok\u001b[22;39m'), 9);
  assert.equal(widthOf(''), 0);
});

test('no text of a report is taken for narrower than by string-width', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const shown = terminalText(text);
      assert.ok(widthOf(shown) >= stringWidth(shown), JSON.stringify(shown));
    }),
  );
});
