import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fitsPattern, hasPart, longestFitting } from '../../../src/plan/labels/label-pattern.js';

const text = fc.string({ unit: fc.constantFrom('a', 'b', '-', '*', '.'), maxLength: 12 });

test('a star stands for any characters, and nothing else is special', () => {
  fc.assert(
    fc.property(text, text, (pattern, label) => {
      const parts = pattern.split('*').map((part) => part.replaceAll('.', '\\.'));
      assert.equal(fitsPattern(pattern, label), new RegExp(`^${parts.join('[^]*')}$`).test(label));
    }),
  );
});

test('many stars take no more time than the product of the lengths', () => {
  assert.equal(fitsPattern(`${'*a'.repeat(128)}b`, 'a'.repeat(256)), false);
});

test('the longest of the patterns that fit, without its stars', () => {
  const patterns = ['*', 'pod-*', 'pod-b*', '*-b*c', 'x'].map((pattern) => ({ pattern }));
  const found = (label: string) => longestFitting(patterns, label).map(({ pattern }) => pattern);
  assert.deepEqual(found('pod-bc'), ['pod-b*']);
  assert.deepEqual(found('pod-a'), ['pod-*']);
  assert.deepEqual(found('x-bc'), ['*-b*c']);
  assert.deepEqual(found(''), ['*']);
});

test('a word stands for itself between dashes and at the ends', () => {
  for (const text of ['primary', 'podinfo-primary-x', 'Primary', 'xprimary-primary'])
    assert.ok(hasPart(text, 'primary'), text);
  for (const text of ['', 'primary2', 'xprimary', 'éprimary']) assert.ok(!hasPart(text, 'primary'), text);
});
