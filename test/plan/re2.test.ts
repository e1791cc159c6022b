import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileRe2, Re2Error, re2Problem } from '../../src/plan/re2.js';

const MATCHES: readonly [pattern: string, yes: string, no: string][] = [
  ['/r[0-9]+', '/r12', '/r12/'],
  ['/a|/b', '/b', '/bc'],
  ['(?i)/api', '/API', '/apx'],
  ['/v(?i:x)', '/vX', '/VX'],
  ['/(?P<id>[[:digit:]]+)', '/42', '/x'],
  ['/(?<id>\\pL+)', '/é', '/4'],
  ['\\A/a\\z', '/a', '/ab'],
  ['/a\\-b', '/a-b', '/a_b'],
  ['/\\Qa.b\\E', '/a.b', '/axb'],
  ['/.', '/😀', '/ab'],
];
for (const [pattern, yes, no] of MATCHES) {
  test(`${pattern} matches ${yes}, all of it, and not ${no}`, () => {
    assert.equal(re2Problem(pattern), null);
    const compiled = compileRe2(pattern);
    assert.equal(compiled.testExact(yes), true);
    assert.equal(compiled.testExact(no), false);
    assert.equal(compiled.testExact(`x${yes}`), false);
  });
}

test('flags mean what they mean in JavaScript', () => {
  for (const [pattern, flag, text] of [
    ['(a)', 'i', 'A'],
    ['^(b)$', 'm', 'a\nb'],
    ['a.(b)', 's', 'a\nb'],
  ] as const) {
    assert.equal(compileRe2(pattern).test(text), false, pattern);
    assert.equal(compileRe2(pattern, flag).test(text), true, pattern);
  }
});

/** What RE2 does not have, and what nobody has. */
const PROBLEMS: readonly [pattern: string, why: RegExp][] = [
  ['a)(b', /^unexpected \): a\)\(b$/],
  ['[a', /^missing closing \]: \[a$/],
  ['a\\', /^trailing backslash at end of expression$/],
  ['(?=a)', /^RE2 has no look-ahead and look-behind/],
  ['(?!a)', /look-ahead/],
  ['(?<=a)b', /look-behind/],
  ['(?<!a)b', /look-behind/],
  ['(a)\\1', /^RE2 has no back-references/],
  ['(?<n>a)\\k<n>', /back-references/],
  ['\\u20AC', /^RE2 has no \\u: a character by its number is \\x\{20AC\}$/],
  ['a++', /possessive repetitions/],
  ['(?>a)', /atomic groups/],
  ['a{1001}', /^invalid repeat count: \{1001\}$/],
  ['a'.repeat(1025), /^longer than 1024 characters$/],
  ['[ab]{1000}'.repeat(100), /^too large: RE2 makes 1\d{5} instructions of it, and 1000 are the most/],
];
for (const [pattern, why] of PROBLEMS) {
  test(`${pattern.slice(0, 20)} is a problem, and why is said`, () => {
    assert.match(re2Problem(pattern) ?? '', why);
    assert.throws(() => compileRe2(pattern), Re2Error);
  });
}

test('what only looks like it is none', () => {
  for (const pattern of ['\\(\\?=', '[(?=a)]', '\\\\1', 'a+?', 'x{10']) {
    assert.equal(re2Problem(pattern), null, pattern);
  }
});

test('what is wrong is said in characters that no terminal obeys', () => {
  const problem = re2Problem('[\u001b[31m\u009b2J') ?? '';
  assert.match(problem, /missing closing \]/);
  assert.doesNotMatch(problem, /[\u0000-\u001f\u007f-\u009f]/);
});
