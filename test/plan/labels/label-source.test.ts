import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { UserError } from '../../../src/errors.js';
import { describeLabelSource, parseLabelSource } from '../../../src/plan/labels/label-source.js';
import { PRESET_NAMES } from '../../../src/plan/labels/preset-names.js';
import type { LabelSource } from '../../../src/plan/plan.js';

const parse = (text: string) => parseLabelSource(text, '--version-from');

test('label sources are read', () => {
  const cases: [string, LabelSource][] = [
    ['none', { from: 'none' }],
    ['http-echo', { from: 'preset', preset: 'http-echo' }],
    ['openai', { from: 'preset', preset: 'openai' }],
    ['gateway-api-echo', { from: 'preset', preset: 'gateway-api-echo' }],
    ['header:X-Version', { from: 'header', name: 'X-Version' }],
    ['json:', { from: 'json', pointer: '' }],
    ['json:/a~1b/~0/0', { from: 'json', pointer: '/a~1b/~0/0' }],
    ['json:/', { from: 'json', pointer: '/' }],
    ['body:/backend (v\\d+)/', { from: 'body', pattern: 'backend (v\\d+)', flags: '' }],
    ['body:/a/(b)/im', { from: 'body', pattern: 'a/(b)', flags: 'im' }],
    ['body:/(?<v>x)|(y)/u', { from: 'body', pattern: '(?<v>x)|(y)', flags: 'u' }],
  ];
  for (const [text, wanted] of cases) assert.deepEqual(parse(text), wanted, text);
});

test('what cannot be read is an error that names the flag and says what to give', () => {
  const cases: [string, RegExp][] = [
    ['', /expected header:NAME, body:\/REGEX\/, json:\/POINTER, none, or one of http-echo/],
    ['x-version', /expected header:NAME/],
    ['podinfos', /expected header:NAME/],
    ['header:', /header name/],
    ['header:a b', /header name/],
    ['header:a\r\nb', /header name/],
    ['json:version', /begins with \//],
    ['json:/a~2', /~0/],
    ['json:/a~', /~0/],
    ['body:v1', /between slashes/],
    ['body:/', /between slashes/],
    ['body:/(/', /is not a usable regular expression \(RE2\): missing closing \)/],
    ['body:/a\\/', /trailing backslash at end of expression/],
    ['body:/(?=a)(b)/', /RE2 has no look-ahead/],
    ['body:/(a)\\1/', /RE2 has no back-references/],
    ['body:/(a{1000}b{1000})/', /too large/],
    ['body:/(a)/v', /flags i, m, s and u, each once/],
    ['body:/(a)/g', /flags i, m, s and u/],
    ['body:/(a)/ii', /each once/],
    ['body:/v1/', /group in parentheses/],
    ['body:/(?:v1)\\(/', /group in parentheses/],
    ['body://', /group in parentheses/],
  ];
  for (const [text, wanted] of cases) {
    assert.throws(
      () => parseLabelSource(text, '--endpoint-from'),
      (error) => {
        assert.ok(error instanceof UserError, text);
        assert.match(error.message, /^--endpoint-from "/);
        assert.match(error.message, wanted);
        assert.doesNotMatch(error.message, /[\r\n\u001b]/);
        return true;
      },
    );
  }
});

test('property: a source survives being written and read', () => {
  const source: fc.Arbitrary<LabelSource> = fc.oneof(
    fc.constant<LabelSource>({ from: 'none' }),
    fc.constantFrom(...PRESET_NAMES).map((preset): LabelSource => ({ from: 'preset', preset })),
    fc.stringMatching(/^[A-Za-z0-9_.-]{1,20}$/).map((name): LabelSource => ({ from: 'header', name })),
    fc
      .array(fc.string({ unit: 'binary' }))
      .map((keys) => keys.map((key) => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`).join(''))
      .map((pointer): LabelSource => ({ from: 'json', pointer })),
    fc
      .tuple(fc.stringMatching(/^[a-z/ :.]{0,10}$/), fc.subarray(['i', 'm', 's', 'u']))
      .map(([text, flags]): LabelSource => ({ from: 'body', pattern: `${text}(x)`, flags: flags.join('') })),
  );
  fc.assert(
    fc.property(source, (one) => {
      assert.deepEqual(parse(describeLabelSource(one)), one);
    }),
    { seed: 14, numRuns: 150 },
  );
});
