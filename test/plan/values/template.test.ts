import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { OptionError } from '../../../src/errors.js';
import { kindsIn, readTemplate } from '../../../src/plan/values/request-template.js';
import { type Template, TemplateReader } from '../../../src/plan/values/template.js';
import { hideValues, showValues } from '../../../src/plan/values/url-values.js';

const PLACE = { name: () => 'The text', mayShow: true };
const read = (text: string): Template => new TemplateReader().read(text, PLACE);

test('texts and values in their order', () => {
  assert.deepEqual(read(''), []);
  assert.deepEqual(read('a } b { c }} d'), ['a } b { c }} d']);
  assert.deepEqual(read('{{uuid}}'), [{ kind: 'uuid' }]);
  assert.deepEqual(read('a{{ seq }}{{connection}}b'), ['a', { kind: 'seq' }, { kind: 'connection' }, 'b']);
  assert.deepEqual(read('{"a":{"b":{{rand -5\t5}}}}'), [
    '{"a":{"b":',
    { kind: 'rand', low: -5, high: 5, draw: 1 },
    '}}',
  ]);
  const limits = read('{{rand 0 9007199254740990}}');
  assert.deepEqual(limits, [{ kind: 'rand', low: 0, high: 9007199254740990, draw: 1 }]);
});

for (const [text, why] of [
  ['{{', "has '{{' without '}}' behind it"],
  ['a}}{{seq', "has '{{' without '}}' behind it"],
  ['{{}}', "has '{{}}', which is no value"],
  ['{{{uuid}}}', "has '{{{uuid}}', which is no value"],
  ['{{UUID}}', "has '{{UUID}}', which is no value"],
  ['{{uuid 4}}', "has '{{uuid 4}}', which is no value"],
  ['{{ \x1b[31mseq }}', 'which is no value'],
  ['{{constructor}}', "has '{{constructor}}', which is no value"],
  ['{{rand}}', 'without two whole numbers'],
  ['{{rand 1}}', 'without two whole numbers'],
  ['{{rand 1 2 3}}', 'without two whole numbers'],
  ['{{rand 2 1}}', 'without two whole numbers'],
  ['{{rand 0.5 1}}', 'without two whole numbers'],
  ['{{rand 0 1e3}}', 'without two whole numbers'],
  ['{{rand 0 9007199254740991}}', 'without two whole numbers'],
  ['{{rand -9007199254740991 9007199254740991}}', 'without two whole numbers'],
  ['{{seq}}'.repeat(1001), 'has more than 1000 values'],
] as const) {
  test(`refused: ${JSON.stringify(text.slice(0, 50))}`, () => {
    assert.throws(
      () => read(text),
      (error: unknown) =>
        error instanceof OptionError &&
        error.message.startsWith('The text ') &&
        error.message.includes(why) &&
        !error.message.includes('\x1b'),
    );
  });
}

test('property: any text is read as it is, or refused in words; what it has is found again', () => {
  const piece = fc.oneof(
    fc.constantFrom('{{uuid}}', '{{seq}}', '{{rand 1 6}}', '{{connection}}', '{{', '}}', '{', '}', ' '),
    fc.string({ maxLength: 6 }),
  );
  const show = (template: Template) =>
    template
      .map((part) =>
        typeof part === 'string'
          ? part
          : part.kind === 'rand'
            ? `{{rand ${part.low} ${part.high}}}`
            : `{{${part.kind}}}`,
      )
      .join('');
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const text = pieces.join('');
      try {
        assert.equal(show(read(text)).replace(/\s/g, ''), text.replace(/\s/g, ''));
      } catch (error) {
        assert.ok(error instanceof OptionError, String(error));
        assert.ok(text.includes('{{'));
      }
      if (!text.includes('{{')) assert.deepEqual(read(text), text === '' ? [] : [text]);
    }),
    { numRuns: 300 },
  );
});

test('property: a URL carries values through its parser', () => {
  const inside = fc.stringMatching(/^[^{}]{0,12}$/);
  fc.assert(
    fc.property(inside, inside, (first, second) => {
      const url = new URL(hideValues(`http://a.example/x/{{${first}}}?y={{${second}}}`));
      assert.equal(showValues(url.pathname + url.search), `/x/{{${first}}}?y={{${second}}}`);
    }),
    { numRuns: 200 },
  );
});

test('the templates of a request: null without values, and bytes of a body are kept', () => {
  const path = '/';
  assert.equal(readTemplate({ path, headers: [['a', 'b']], body: Buffer.from('c') }), null);
  const body = Uint8Array.of(0, 0xff, ...Buffer.from('{{rand 1 2}}'), 0x80);
  const headers = [['a', '{{rand 1 2}}{{uuid}}']] as const;
  const template = readTemplate({ path: '/{{rand 1 2}}', headers, body });
  assert.ok(template !== null);
  assert.deepEqual(template.body, ['\0\xff', { kind: 'rand', low: 1, high: 2, draw: 4 }, '\x80']);
  assert.deepEqual([...kindsIn(template)].sort(), ['rand', 'uuid']);
});
