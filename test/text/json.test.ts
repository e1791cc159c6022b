import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { JsonLimitError, parseJson } from '../../src/text/json.js';

test('what JSON.parse reads is read alike, and what it refuses is refused', () => {
  const pieces = fc.array(
    fc.constantFrom('{', '}', '[', ']', ',', ':', '"', '\\', '\\"', '1', 'null', '"a"', '"[\\\\"', ' '),
    { maxLength: 12 },
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.json(),
        pieces.map((all) => all.join('')),
      ),
      (text) => {
        let expected: unknown;
        try {
          expected = JSON.parse(text);
        } catch {
          assert.throws(() => parseJson(text), SyntaxError);
          return;
        }
        assert.deepEqual(parseJson(text), expected);
      },
    ),
    { seed: 5, numRuns: 3000 },
  );
});

test('brackets and commas in strings count for nothing', () => {
  const hostile = '[{,"\\'.repeat(300_000);
  assert.equal(parseJson(JSON.stringify(hostile)), hostile);
  const many = Array.from({ length: 1000 }, () => '\\"[');
  assert.deepEqual(parseJson(JSON.stringify(many)), many);
});

test('depth and number of values are bounded, whether or not the text is whole', () => {
  const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
  assert.doesNotThrow(() => parseJson(nested(100)));
  for (const text of [nested(101), '['.repeat(1 << 20), '{"a":'.repeat(1 << 20)]) {
    assert.throws(() => parseJson(text), new JsonLimitError('is nested more than 100 deep'));
  }
  assert.equal((parseJson(`[0${',0'.repeat(999_999)}]`) as unknown[]).length, 1_000_000);
  for (const text of [`[0${',0'.repeat(1_000_000)}]`, '[],'.repeat(1 << 20), '{},'.repeat(1 << 20)]) {
    assert.throws(() => parseJson(text), new JsonLimitError('has more than 1000000 values'));
  }
});
