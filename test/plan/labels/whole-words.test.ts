import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { findWords } from '../../../src/plan/labels/whole-words.js';

const found = (text: string, ...words: string[]) => findWords(text, words).map(({ word }) => word);

test('a word is found whole, not inside another', () => {
  const yes: [string, string][] = [
    ['hello from backend v1', 'v1'],
    ['backend-v1', 'v1'],
    ['backend_v1', 'v1'],
    ['(v1)', 'v1'],
    ['this is v1.', 'v1'],
    ['v1.istio-test.svc', 'v1'],
    ['backend-v1.istio-test.svc', 'backend-v1'],
    ['shop-backend-v1', 'backend-v1'],
    ['backend-v1-7d9f8b6c5d-x2x4z', 'backend-v1'],
    ['backend-v1-0', 'backend-v1'],
    ['backend-v1- ', 'backend-v1'],
    ['héllo', 'héllo'],
    ['v10 and v1', 'v1'],
  ];
  for (const [text, word] of yes) assert.deepEqual(found(text, word), [word], `${word} in ${text}`);
  const no: [string, string][] = [
    ['v10', 'v1'],
    ['dev1', 'v1'],
    ['v1.4.2', 'v1'],
    ['10.244.0.1', '1'],
    ['1.2', '1'],
    ['2.1', '1'],
    ['backend-v1-canary', 'backend-v1'],
    ['v1_canary', 'v1'],
    ['v1é', 'v1'],
    ['év1', 'v1'],
    ['𝒜v1', 'v1'],
    ['', 'v1'],
  ];
  for (const [text, word] of no) assert.deepEqual(found(text, word), [], `${word} in ${text}`);
});

test('the longer of two overlapping words wins, wherever it stands in the list', () => {
  assert.deepEqual(found('shop-v1-canary', 'shop-v1', 'canary', 'shop-v1-canary'), ['shop-v1-canary']);
  assert.deepEqual(found('canary of shop-v1', 'shop-v1', 'canary').sort(), ['canary', 'shop-v1']);
});

test('the spelling as given is tried first, then without regard to case, and the text is quoted', () => {
  assert.deepEqual(findWords('Hello from V1', ['v1']), [{ word: 'v1', seen: 'V1' }]);
  assert.deepEqual(findWords('V1 or v2', ['v1', 'v2']), [{ word: 'v2', seen: 'v2' }]);
  // Folding this text changes its length.
  assert.deepEqual(findWords('İ V1', ['v1']), [{ word: 'v1', seen: 'v1' }]);
});

test('of many occurrences each word is reported once, and a covered one not', () => {
  assert.deepEqual(found('v1 '.repeat(20_000), 'v1', 'v2', 'v1 v1'), ['v1 v1']);
});

test('property: what is found is in the text, and their order in the list does not matter', () => {
  const word = fc.stringMatching(/^[a-c][a-c1]{0,2}(-[a-c1]{1,2}){0,2}$/);
  const text = fc
    .array(fc.constantFrom('a', 'b', '1', '-', '.', ' ', 'A', '_'))
    .map((chars) => chars.join(''));
  fc.assert(
    fc.property(text, fc.uniqueArray(word, { maxLength: 5 }), (hay, words) => {
      const one = findWords(hay, words);
      for (const { seen } of one) assert.ok(hay.includes(seen));
      assert.deepEqual(new Set(found(hay, ...words.toReversed())), new Set(one.map((hit) => hit.word)));
    }),
    { seed: 14, numRuns: 500 },
  );
});
