import assert from 'node:assert/strict';
import { test } from 'node:test';
import { re2Matches, re2Problem } from '../../src/plan/re2.js';

const MATCHES: readonly [pattern: string, yes: string, no: string][] = [
  ['/r[0-9]+', '/r12', '/r12/'],
  ['/a|/b', '/b', '/bc'],
  ['(?i)/api', '/API', '/apx'],
  ['/(?P<id>[[:digit:]]+)', '/42', '/x'],
  ['\\A/a\\z', '/a', '/ab'],
  ['/a\\-b', '/a-b', '/a_b'],
];
for (const [pattern, yes, no] of MATCHES) {
  test(`${pattern} matches ${yes}, all of it, and not ${no}`, () => {
    assert.equal(re2Problem(pattern), null);
    assert.equal(re2Matches(pattern, yes), true);
    assert.equal(re2Matches(pattern, no), false);
    assert.equal(re2Matches(pattern, `x${yes}`), false);
  });
}

test('what RE2 does not have, or nobody, is a problem', () => {
  assert.match(re2Problem('a)(b') ?? '', /Unmatched '\)'/);
  assert.match(re2Problem('(?=a)') ?? '', /look-around/);
  assert.match(re2Problem('(?<!a)b') ?? '', /look-around/);
  assert.match(re2Problem('(a)\\1') ?? '', /back-references/);
  assert.equal(re2Problem('\\(\\?='), null);
  assert.match(re2Problem('a'.repeat(1025)) ?? '', /longer than 1024/);
});

test('what is wrong is said in characters that no terminal obeys', () => {
  const problem = re2Problem('\u001b[31m\u009b2J') ?? '';
  assert.match(problem, /Unterminated character class/);
  assert.doesNotMatch(problem, /[\u0000-\u001f\u007f-\u009f]/);
});
