import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compileBodySearch, nativeRegExp } from '../../../src/plan/labels/body-search.js';
import { compileRe2, Re2Error, re2Problem } from '../../../src/plan/re2.js';

const found = (match: RegExpExecArray | null) => match && { index: match.index, groups: [...match] };
const byRe2 = (pattern: string, flags: string, text: string) =>
  found(compileRe2(pattern, flags).exec(text) as RegExpExecArray | null);

const NATIVE: readonly (readonly [pattern: string, flags: string])[] = [
  ['version=(\\S+)', ''],
  ['backend (\\w+)', 'u'],
  ['"version":"([^"]+)"', ''],
  ['Hello from (v\\d+)', 'm'],
  ['^Hostname: ([^\\s,;]+)', 'm'],
  ['^x(.*)', ''],
  ['<(a[\\w.-]*)>', ''],
  ['\\[(\\w+)\\]', ''],
  ['(\\w+)', ''],
];
for (const [pattern, flags] of NATIVE) {
  test(`/${pattern}/${flags} needs no library`, () => {
    assert.notEqual(nativeRegExp(pattern, flags), null);
    assert.equal(compileBodySearch(pattern, flags).groups, 1);
  });
}

const NOT_NATIVE: readonly (readonly [pattern: string, flags: string, why: string])[] = [
  ['([\\w.-]+)-v', '', 'every character may begin a repetition'],
  ['version=(\\S+) ok', '', 'the repetition may hold what begins it'],
  ['=(\\d+)[a-z]', '', 'what ends the repetition is no single character'],
  ['a b(\\w+)c', '', 'what ends the repetition may occur in it'],
  ['(a+)+', '', 'repetitions'],
  ['(a)', '', 'nothing is repeated'],
  ['(a+?)', '', 'the shortest is asked for'],
  ['(a+)|b', '', 'alternatives'],
  ['a+(b+)', '', 'two repetitions'],
  ['x(k+)', 'i', 'what i means differs'],
  ['x([[:alpha:]]+)', '', 'POSIX'],
  ['x([z-a]+)', '', 'a range of nothing'],
  ['x([^\\S]+)', '', 'a class of white space'],
  ['x(é+)', '', 'not ASCII'],
];
for (const [pattern, flags, why] of NOT_NATIVE) {
  test(`/${pattern}/${flags} is for RE2: ${why}`, () => assert.equal(nativeRegExp(pattern, flags), null));
}

test('white space, dot and line begin are those of RE2', () => {
  const text = 'a\u00a0\v\u2028\r\nb=1\u00a02\vc d\rb=3';
  for (const [pattern, flags] of [
    ['=(\\S+)', ''],
    ['=(.*)', ''],
    ['^b=(\\d+)', 'm'],
    ['^b=(\\d+)', ''],
    ['a([^\\s]+)', ''],
  ] as const) {
    assert.notEqual(nativeRegExp(pattern, flags), null);
    assert.deepEqual(found(compileBodySearch(pattern, flags).regex.exec(text)), byRe2(pattern, flags, text));
  }
});

test('what RE2 does not have is an error', () => {
  assert.throws(() => compileBodySearch('(?=a)(b)', ''), Re2Error);
  assert.throws(() => compileBodySearch('x([z-a]+)', ''), Re2Error);
});

/** Characters for which the engines could differ, and few others, so that matches are frequent. */
const text = fc
  .array(
    fc.constantFrom(...'aabbk1"=: .-_]\\^\t\n\v\f\r\u00a0\u2028\u0085éK\u212a\u017f', '😀', '=a', '"a'),
    { maxLength: 40 },
  )
  .map((characters) => characters.join(''));
const atom = fc.constantFrom(
  ...'ab1"=: .-_&~',
  ...['\\.', '\\^', '\\]', '\\\\', '\\d', '\\D', '\\s', '\\S', '\\w', '\\W'],
  ...['[ab]', '[^"]', '[^\\s]', '[\\w.-]', '[a-k]', '[^\\]\\\\]', '[\\s\\d]', '[^=.]', '[k-]', '[z-a]'],
);
const atoms = fc.array(atom, { maxLength: 2 }).map((some) => some.join(''));
const simple = fc
  .tuple(fc.constantFrom('', '', '^'), atoms, atoms, atom, fc.constantFrom('+', '*'), atoms)
  .map(
    ([start, before, inGroup, repeated, times, after]) =>
      `${start}${before}(${inGroup}${repeated}${times})${after}`,
  );

test('property: what needs no library finds what RE2 finds', () => {
  let compared = 0;
  let matched = 0;
  fc.assert(
    fc.property(simple, fc.constantFrom('', 'm', 'u'), text, (pattern, flags, body) => {
      const native = nativeRegExp(pattern, flags);
      if (native === null) return;
      compared += 1;
      const match = found(native.exec(body));
      if (match !== null) matched += 1;
      assert.deepEqual(match, byRe2(pattern, flags, body));
    }),
    { numRuns: 4000, seed: 21 },
  );
  assert.ok(compared > 1000 && matched > 150, `${compared} compared, ${matched} matched`);
});

/** Expressions that mean the same in RE2 and JavaScript. (JavaScript finds a \B in the middle of an emoji.) */
const { regular } = fc.letrec<{ regular: string }>((tie) => ({
  regular: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom('a', 'b', '=', '[ab]', '[^a]', '\\d', '\\w', '\\W', '"', '(?:)', '^', '$', '\\b'),
    fc.tuple(tie('regular'), tie('regular')).map(([one, other]) => one + other),
    fc.tuple(tie('regular'), tie('regular')).map(([one, other]) => `(?:${one}|${other})`),
    tie('regular').map((one) => `(${one})`),
    // Of one character: engines differ in what a group inside a repetition, or a repeated nothing, has matched.
    fc
      .tuple(
        fc.constantFrom('a', 'b', '[ab]', '\\w', '[^"]'),
        fc.constantFrom('*', '+', '?', '*?', '+?', '{1,2}', '{2,}?'),
      )
      .map(([one, times]) => one + times),
  ),
}));

test('property: leftmost-first, as JavaScript: the same match and groups', () => {
  let matched = 0;
  fc.assert(
    fc.property(regular, text, (pattern, body) => {
      if (re2Problem(pattern) !== null) return;
      const match = found(new RegExp(pattern, 'u').exec(body));
      if (match !== null) matched += 1;
      assert.deepEqual(byRe2(pattern, '', body), match);
    }),
    { numRuns: 2000, seed: 22 },
  );
  assert.ok(matched > 600, `${matched} matched`);
});
