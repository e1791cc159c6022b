import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import stringWidth from 'string-width';
import { grid } from '../../../src/report/layout/grid.js';
import { paragraph } from '../../../src/report/layout/page.js';
import { cut, wrap, wrapItems } from '../../../src/report/layout/text.js';

test('a label is cut in its middle, so that what differs stays', () => {
  assert.equal(cut('backend-v1', 10), 'backend-v1');
  assert.equal(cut('backend-of-somebody-v1', 11), 'backe…dy-v1');
  assert.equal(cut('版本版本版本', 7), '版…本');
  assert.equal(cut('abc', 1), '…');
});

test('cut and wrap keep to the width', () => {
  const text = fc.string({ unit: fc.constantFrom('a', ' ', '-', '版', 'é', 'w'), maxLength: 60 });
  fc.assert(
    fc.property(text, fc.integer({ min: 2, max: 40 }), (line, width) => {
      assert.ok(stringWidth(cut(line, width)) <= width);
      const lines = wrap(line, width);
      for (const one of lines) assert.ok(stringWidth(one) <= width, `${JSON.stringify(one)} in ${width}`);
      assert.equal(lines.join('').replaceAll(' ', ''), line.replaceAll(' ', ''), 'nothing is lost');
    }),
    { seed: 14, numRuns: 500 },
  );
});

test('a paragraph hangs under its heading', () => {
  assert.deepEqual(paragraph('Target', ['one two three', 'four'], 8, 16), [
    'Target  one two',
    '        three',
    '        four',
  ]);
});

test('a grid without room takes it from labels, then from the gaps, never from numbers', () => {
  const columns = [
    { head: 'name', align: 'left', fit: 'cut' },
    { head: 'count', align: 'right' },
    { head: 'what', align: 'left', fit: 'wrap' },
  ] as const;
  const rows = [[{ text: 'backend-number-v1' }, { text: '12,345' }, { text: 'some words to be wrapped' }]];
  assert.deepEqual(grid(columns, rows, 60), [
    'name                count  what',
    'backend-number-v1  12,345  some words to be wrapped',
  ]);
  assert.deepEqual(grid(columns, rows, 30), [
    'name         count what',
    'backe…er-v1 12,345 some words',
    '                   to be',
    '                   wrapped',
  ]);
});

test('colour goes around a cell that has its width already', () => {
  const paint = (text: string) => `\u001b[31m${text}\u001b[39m`;
  const lines = grid([{ head: 'x', align: 'right' }], [[{ text: '-5.00', paint }], [{ text: '1' }]], 60);
  assert.deepEqual(lines, ['    x', '\u001b[31m-5.00\u001b[39m', '    1']);
});

test('items are joined into lines, and never broken', () => {
  assert.deepEqual(wrapItems(['a b', 'c', 'd e f'], ' · ', 7), ['a b · c', 'd e f']);
  assert.deepEqual(wrapItems(['longer than that', 'c'], ' · ', 7), ['longer than that', 'c']);
  assert.deepEqual(wrapItems([], ' · ', 7), []);
});
