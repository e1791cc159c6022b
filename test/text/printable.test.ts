import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  jsonEscaped,
  printable,
  printableLines,
  safeText,
  terminalText,
  withoutUnprintable,
} from '../../src/text/printable.js';

test('escape sequences, controls and text that runs backwards are not shown', () => {
  assert.equal(safeText('\u001b[31mred\u001b[0m'), 'red');
  assert.equal(safeText('\u001b]0;title\u0007x'), 'x');
  assert.equal(safeText('a\u009b31mb'), 'ab');
  assert.equal(safeText('v1\u0000\u0008'), 'v1\u{FFFD}');
  assert.equal(safeText('v1\u202Egnp'), 'v1\u{FFFD}gnp');
  assert.equal(safeText('v1\u2066\u200B\uFEFF\u00AD'), 'v1\u{FFFD}');
  assert.equal(safeText('one\r\n two\tthree\u2028four'), 'one  two three four');
  assert.equal(safeText('\ud800x'), '\u{FFFD}x');
  assert.equal(safeText('backend-v1 · größe 版本'), 'backend-v1 · größe 版本');
  assert.equal(safeText('x'.repeat(100_000)).length, 2000);
});

test('for terminals marks are composed or dropped, and pictographs stand for themselves no more', () => {
  assert.equal(terminalText('e\u0301'), 'é');
  assert.equal(terminalText('z\u0335\u0337\u0321'), 'z');
  assert.equal(terminalText('🚀v1'), '\u{FFFD}v1');
});

test('whatever comes in, nothing that a terminal obeys comes out', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
      assert.doesNotMatch(safeText(text), /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u);
      assert.doesNotMatch(terminalText(text), /[\p{Cc}\p{Cf}\p{Cs}\p{M}\u2028\u2029]/u);
      assert.doesNotMatch(printable(text, 30), /[\p{C}\u2028\u2029]/u);
      assert.doesNotMatch(withoutUnprintable(text), /[\p{C}\u2028\u2029]/u);
      assert.doesNotMatch(printableLines(text), /(?!\n)[\p{C}\u2028\u2029]/u);
      assert.equal(printableLines(text).split('\n').length, text.split('\n').length);
      const json = jsonEscaped(JSON.stringify({ a: text }, null, 2));
      assert.doesNotMatch(json, /(?!\n)[\p{C}\u2028\u2029]/u);
      assert.deepEqual(JSON.parse(json), { a: text });
    }),
    { seed: 14, numRuns: 150 },
  );
});

test('messages have escapes in place of such characters, so that a file can be found by its name', () => {
  assert.equal(printable('a\u001b[31m\u202e\u{E0041}'), 'a\\u{1b}[31m\\u{202e}\\u{e0041}');
  assert.equal(printableLines('one\u0007\n\u200b\n\ttwo'), 'one\\u{7}\n\\u{200b}\n\\u{9}two');
  assert.equal(printableLines('größe 版本 🚀'), 'größe 版本 🚀');
});
