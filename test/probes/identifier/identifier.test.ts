import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { LabelSource } from '../../../src/plan/plan.js';
import { compileIdentifier } from '../../../src/probes/identifier/identifier.js';
import { rawHeaders } from '../../support/raw-headers.js';
import { identifyPlan } from './fixtures.js';

const NO_BODY = Buffer.alloc(0);
const version = (source: LabelSource) => {
  const identifier = compileIdentifier(identifyPlan({ version: source }));
  return (body: string) => identifier.read([], Buffer.from(body), 'answer').version;
};

test('headers are read without a body', () => {
  const identifier = compileIdentifier(
    identifyPlan({
      version: { from: 'header', name: 'X-Version' },
      endpoint: { from: 'header', name: 'x-pod' },
    }),
  );
  assert.equal(identifier.needsBody, false);
  const headers = rawHeaders(['x-version', 'v1'], ['X-Version', 'v2'], ['X-Pod', ' pod-1 ']);
  assert.deepEqual(identifier.read(headers, NO_BODY, 'answer'), { version: 'v1', endpoint: 'pod-1' });
  assert.deepEqual(identifier.read(rawHeaders(['x-version', ' ']), NO_BODY, 'answer'), {
    version: null,
    endpoint: null,
  });
});

test('none reads nothing and needs no body', () => {
  const identifier = compileIdentifier(identifyPlan({}));
  assert.equal(identifier.needsBody, false);
  assert.deepEqual(identifier.read(rawHeaders(['a', 'b']), NO_BODY, 'answer'), {
    version: null,
    endpoint: null,
  });
});

test('version and endpoint may come from different places', () => {
  const one = compileIdentifier(
    identifyPlan({ version: { from: 'header', name: 'v' }, endpoint: { from: 'json', pointer: '/pod' } }),
  );
  const other = compileIdentifier(
    identifyPlan({ version: { from: 'json', pointer: '/pod' }, endpoint: { from: 'header', name: 'v' } }),
  );
  for (const label of ['v1', 'v2', 'v1']) {
    const headers = rawHeaders(['V', label]);
    const body = Buffer.from('{"pod":"p"}');
    assert.deepEqual(one.read(headers, body, 'answer'), { version: label, endpoint: 'p' });
    assert.deepEqual(other.read(headers, body, 'answer'), { version: 'p', endpoint: label });
  }
});

test('in a reply that the gateway made, only headers are read', () => {
  const header: LabelSource = { from: 'header', name: 'v' };
  const body: LabelSource = { from: 'body', pattern: '(.+)', flags: '' };
  const read = (version: LabelSource, endpoint: LabelSource) =>
    compileIdentifier(identifyPlan({ version, endpoint })).read(
      rawHeaders(['v', 'v1']),
      Buffer.from('no healthy upstream'),
      'gateway',
    );
  assert.deepEqual(read(body, body), { version: null, endpoint: null });
  assert.deepEqual(read(header, body), { version: 'v1', endpoint: null });
  assert.deepEqual(read(header, header), { version: 'v1', endpoint: 'v1' });
});

test('body: the first group that took part in the match', () => {
  const read = version({ from: 'body', pattern: 'backend (v\\d+)|color=(\\w+)', flags: 'i' });
  assert.equal(read('hello from Backend V12!'), 'V12');
  assert.equal(read('color=blue'), 'blue');
  assert.equal(read('nothing'), null);
  // In a repetition RE2 keeps what a group matched last; JavaScript forgets it.
  assert.equal(version({ from: 'body', pattern: '(?:(v\\d)|-)*!', flags: '' })('v1-v2-!'), 'v2');
  assert.equal(version({ from: 'body', pattern: 'v=(.*)', flags: 's' })('v='), null);
  assert.equal(version({ from: 'body', pattern: '(ü+)', flags: 'u' })('hüü'), 'üü');
});

test('body: a match that ends where the body was cut may be incomplete', () => {
  for (const pattern of ['v=(\\d+)', '(?:v|w)=(\\d+)']) {
    const identifier = compileIdentifier(identifyPlan({ version: { from: 'body', pattern, flags: '' } }));
    const read = (body: string) => identifier.read([], Buffer.from(body), 'cut').version;
    assert.equal(read('v=12'), null);
    assert.equal(read('v=12;'), '12');
    assert.equal(read('v='), null);
  }
});

test('json: values at the pointer', () => {
  const read = (pointer: string, body: unknown) => version({ from: 'json', pointer })(JSON.stringify(body));
  assert.equal(read('/a/b', { a: { b: 'v1' } }), 'v1');
  assert.equal(read('/a~1b/~0', { 'a/b': { '~': 'v1' } }), 'v1');
  assert.equal(read('/~01', { '~1': 'v1' }), 'v1');
  assert.equal(read('/0/v', [{ v: 7 }]), '7');
  assert.equal(read('/v', { v: false }), 'false');
  assert.equal(read('/', { '': 'v1' }), 'v1');
  assert.equal(read('', 'v1'), 'v1');
  for (const [pointer, body] of [
    ['/a', { a: null }],
    ['/a', { a: { b: 1 } }],
    ['/a', { a: '' }],
    ['/a/b', { a: 'text' }],
    ['/00', ['x']],
    ['/-', ['x']],
    ['/length', ['x']],
    ['/constructor/name', {}],
    ['/__proto__', {}],
  ] as const) {
    assert.equal(read(pointer, body), null, pointer);
  }
  assert.equal(version({ from: 'json', pointer: '/a' })('{"a":"v1"'), null);
  assert.equal(version({ from: 'json', pointer: '/a' })('\ufeff {"a":"v1"}'), 'v1');
});

test('labels are cut to 256 characters, surrogate pairs whole', () => {
  const read = version({ from: 'body', pattern: '^(.*)$', flags: 's' });
  assert.equal(read('x'.repeat(256))?.length, 256);
  assert.equal(read('x'.repeat(257))?.length, 256);
  assert.equal(read(`${'x'.repeat(255)}😀`), 'x'.repeat(255));
  assert.equal(read(`${'x'.repeat(254)}😀y`), `${'x'.repeat(254)}😀`);
});

test('a body seen before gives the same reading without being read again', () => {
  const identifier = compileIdentifier(identifyPlan({ version: { from: 'json', pointer: '/v' } }));
  const first = identifier.read([], Buffer.from('{"v":"v1"}'), 'answer');
  assert.equal(identifier.read([], Buffer.from('{"v":"v1"}'), 'answer'), first);
  assert.equal(identifier.read([], Buffer.from('{"v":"v2"}'), 'answer').version, 'v2');
  const long = Buffer.from(JSON.stringify({ v: 'v1', pad: 'x'.repeat(2000) }));
  assert.notEqual(identifier.read([], long, 'answer'), identifier.read([], long, 'answer'));
});

test('property: with or without its cache, the identifier reads the same', () => {
  const bodies = fc.array(
    fc.oneof(
      fc
        .record({ v: fc.oneof(fc.string(), fc.integer(), fc.constant(null)) })
        .map((json) => JSON.stringify(json)),
      fc.string({ unit: 'binary' }),
    ),
    { maxLength: 20 },
  );
  fc.assert(
    fc.property(bodies, (all) => {
      const cached = version({ from: 'json', pointer: '/v' });
      for (const body of [...all, ...all]) {
        assert.equal(cached(body), version({ from: 'json', pointer: '/v' })(body));
      }
    }),
    { seed: 14, numRuns: 200 },
  );
});

test('bodies without end leave the readings right', () => {
  const read = version({ from: 'json', pointer: '/v' });
  for (let i = 0; i < 5000; i++) assert.equal(read(`{"v":"v${i}"}`), `v${i}`);
  assert.equal(read('{"v":"v1"}'), 'v1');
});
