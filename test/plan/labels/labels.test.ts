import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { UserError } from '../../../src/errors.js';
import {
  ambiguousLabelError,
  candidatesFor,
  candidateWords,
  makeMatcher,
  versionNameOf,
} from '../../../src/plan/labels/labels.js';
import { said } from '../../support/flags.js';

const expect = (...names: string[]) => names.map((name) => ({ name, mapped: [] as string[] }));

test('candidates are the name and the segments that no other name has', () => {
  const cases: [string[], Record<string, string[]>][] = [
    [
      ['backend-v1', 'backend-v2'],
      { 'backend-v1': ['backend-v1', 'v1'], 'backend-v2': ['backend-v2', 'v2'] },
    ],
    [
      ['shop-v1', 'shop-v1-canary'],
      { 'shop-v1': ['shop-v1'], 'shop-v1-canary': ['shop-v1-canary', 'canary'] },
    ],
    [['v1', 'v2'], { v1: ['v1'], v2: ['v2'] }],
    // A segment that is another's whole name is not its own, nor one that differs only in case.
    [['shop', 'shop-next'], { shop: ['shop'], 'shop-next': ['shop-next', 'next'] }],
    [['a-V1', 'b-v1'], { 'a-V1': ['a-V1', 'a'], 'b-v1': ['b-v1', 'b'] }],
    [['a--b', 'c'], { 'a--b': ['a--b', 'a', 'b'], c: ['c'] }],
    // Alone, `backend` would be found in an answer of backend-v2.
    [['backend-v1'], { 'backend-v1': ['backend-v1', 'v1'] }],
    [[], {}],
  ];
  for (const [names, wanted] of cases) assert.deepEqual(Object.fromEntries(candidatesFor(names)), wanted);
});

test('candidate words are mapped labels where there are any, else candidates', () => {
  assert.deepEqual(
    candidateWords([
      { name: 'backend-v1', mapped: ['blue', 'hello from stable'] },
      { name: 'backend-v2', mapped: [] },
    ]),
    ['blue', 'hello from stable', 'backend-v2', 'v2'],
  );
});

test('labels match expected versions', () => {
  const two = expect('backend-v1', 'backend-v2');
  const cases: [string, ReturnType<typeof expect>, string | null | string[]][] = [
    ['backend-v1', two, 'backend-v1'],
    ['v2', two, 'backend-v2'],
    ['V2', two, 'backend-v2'],
    ['hello from backend v1', two, 'backend-v1'],
    ['backend-v1-7d9f8b6c5d-x2x4z', two, 'backend-v1'],
    ['backend-v1.istio-test.svc.cluster.local', two, 'backend-v1'],
    ['backend-v1-canary', two, null],
    ['v1.4.2', two, null],
    ['v3', two, null],
    ['', two, null],
    ['v1 then v2', two, ['backend-v1', 'backend-v2']],
    // A name beats another name's segment.
    ['backend-v1 behind v2', two, 'backend-v1'],
    ['backend-v1 behind backend-v2', two, ['backend-v1', 'backend-v2']],
    ['shop-v1', expect('shop-v1', 'shop-v1-canary'), 'shop-v1'],
    ['shop-v1-canary', expect('shop-v1', 'shop-v1-canary'), 'shop-v1-canary'],
    ['from canary', expect('shop-v1', 'shop-v1-canary'), 'shop-v1-canary'],
    ['from shop v1', expect('shop-v1', 'shop-v1-canary'), null],
    // The shorter name is in the text of the longer one too.
    ['hello from backend', expect('backend', 'backend-canary'), 'backend'],
    ['hello from backend canary', expect('backend', 'backend-canary'), 'backend-canary'],
    [
      'backend canary or next',
      expect('backend', 'backend-canary', 'backend-next'),
      ['backend-canary', 'backend-next'],
    ],
    ['hello from backend v2', expect('backend-v1'), null],
    ['hello from backend v1', expect('v1', 'v2'), 'v1'],
  ];
  for (const [label, expected, wanted] of cases) {
    const match = makeMatcher(expected)(label);
    if (wanted === null) assert.deepEqual(match, { kind: 'none' }, label);
    else if (typeof wanted === 'string') assert.deepEqual(match, { kind: 'match', name: wanted }, label);
    else assert.deepEqual(match, { kind: 'ambiguous', names: wanted }, label);
  }
});

test('mapped labels are exact, win, and stand for their version alone', () => {
  const match = makeMatcher([
    { name: 'backend-v1', mapped: ['blue', 'v2'] },
    { name: 'backend-v2', mapped: [] },
  ]);
  assert.deepEqual(match('blue'), { kind: 'match', name: 'backend-v1' });
  assert.deepEqual(match('v2'), { kind: 'match', name: 'backend-v1' });
  assert.deepEqual(match('Blue'), { kind: 'none' });
  assert.deepEqual(match('backend-v1'), { kind: 'none' });
  assert.deepEqual(match('v1'), { kind: 'none' });
  assert.deepEqual(match('hello from v2'), { kind: 'match', name: 'backend-v2' });
  const both = makeMatcher([
    { name: 'b', mapped: ['x'] },
    { name: 'a', mapped: ['x'] },
  ]);
  assert.deepEqual(both('x'), { kind: 'ambiguous', names: ['a', 'b'] });
});

test('a mapped version still covers a shorter name inside its own', () => {
  const match = makeMatcher([
    { name: 'v1', mapped: [] },
    { name: 'canary-v1', mapped: ['green'] },
  ]);
  assert.deepEqual(match('canary-v1'), { kind: 'none' });
  assert.deepEqual(match('backend-v1'), { kind: 'match', name: 'v1' });
});

test('versionNameOf is the expected name, else the label as seen', () => {
  assert.equal(versionNameOf('v1', { kind: 'match', name: 'backend-v1' }), 'backend-v1');
  assert.equal(versionNameOf('v9', { kind: 'none' }), 'v9');
  assert.equal(versionNameOf('v1 v2', { kind: 'ambiguous', names: ['a', 'b'] }), 'v1 v2');
});

test('the error for an ambiguous label shows the labels, asks for --map and hides control characters', () => {
  const seen = ['v1 v2 \u001b[31m', ...Array.from({ length: 9 }, (_, i) => `other ${i}`)];
  const error = ambiguousLabelError(seen[0]!, ['backend-v1', 'backend-v2'], seen);
  assert.ok(error instanceof UserError);
  assert.equal(error.exitCode, 2);
  assert.match(error.message, /could stand for backend-v1 or backend-v2/);
  assert.match(error.message, /other 6"\n/);
  assert.match(error.message, /and 2 more/);
  assert.match(error.message, /e\.g\. map 'backend-v1=v1 v2 /);
  assert.match(said(error), /--map 'backend-v1=v1 v2 /);
  assert.doesNotMatch(error.message, /\u001b/);
  assert.match(said(ambiguousLabelError('v1', ['a', 'b'], ['v1'])), /--map a=v1$/);
});

const name = fc.stringMatching(/^[a-d][a-d12]{0,2}(-[a-d12]{1,2}){0,3}$/);
const names = fc.uniqueArray(name, { minLength: 1, maxLength: 6 });

test('property: an expected name matches itself', () => {
  fc.assert(
    fc.property(names, (all) => {
      const match = makeMatcher(expect(...all));
      for (const one of all) assert.deepEqual(match(one), { kind: 'match', name: one });
    }),
    { seed: 14, numRuns: 300 },
  );
});

test('property: a candidate stands for no other version', () => {
  fc.assert(
    fc.property(names, (all) => {
      const match = makeMatcher(expect(...all));
      for (const [owner, words] of candidatesFor(all)) {
        for (const word of words) assert.deepEqual(match(word), { kind: 'match', name: owner }, word);
      }
    }),
    { seed: 14, numRuns: 300 },
  );
});

test('property: the order of the expected versions does not matter', () => {
  const text = fc.array(fc.oneof(name, fc.constantFrom(' ', '-', '.', 'A'))).map((parts) => parts.join(''));
  fc.assert(
    fc.property(names, text, (all, label) => {
      assert.deepEqual(makeMatcher(expect(...all))(label), makeMatcher(expect(...all.toReversed()))(label));
    }),
    { seed: 14, numRuns: 500 },
  );
});

test('property: words of other letters match nothing', () => {
  fc.assert(
    fc.property(names, fc.stringMatching(/^[e-z0 .-]{0,40}$/), (all, label) => {
      assert.deepEqual(makeMatcher(expect(...all))(label), { kind: 'none' });
    }),
    { seed: 14, numRuns: 300 },
  );
});

test('patterns of --map: an equal label and longer patterns come first, and words of other versions are not theirs', () => {
  const matcher = (mapped: Record<string, string[]>) =>
    makeMatcher(Object.entries(mapped).map(([name, labels]) => ({ name, mapped: labels })));
  const named = (match: ReturnType<typeof matcher>, label: string) => {
    const found = match(label);
    return found.kind === 'match' ? found.name : found.kind;
  };
  // Flagger's pods: the canary's have the name of the Deployment only.
  const flagger = matcher({ 'podinfo-primary': [], 'podinfo-canary': ['podinfo-*'] });
  assert.equal(named(flagger, 'podinfo-6d4cf56db6-x2x4z'), 'podinfo-canary');
  assert.equal(named(flagger, 'podinfo-primary-7d9f8b6c5d-x2x4z'), 'podinfo-primary');
  assert.equal(named(flagger, 'podinfo-primary-7d9f8b6c5d-abcde'), 'none', 'no name of a pod: counted apart');
  assert.equal(named(flagger, 'other'), 'none');
  const short = matcher({ primary: [], canary: ['podinfo-*'] });
  assert.equal(named(short, 'podinfo-primary-7d9f8b6c5d-x2x4z'), 'primary');
  assert.equal(named(short, 'podinfo-6d4cf56db6-x2x4z'), 'canary');
  // `stable` is a word of web-stable alone.
  assert.equal(named(matcher({ 'web-stable': [], 'web-canary': ['app-*'] }), 'app-stable-1'), 'web-stable');
  // A pattern with the word of the other version means it.
  assert.equal(named(matcher({ web: [], next: ['web two*'] }), 'web two-1'), 'next');
  const both = matcher({ v1: ['pod-*'], v2: ['pod-b*', 'pod-a-exact'] });
  assert.equal(named(both, 'pod-a'), 'v1');
  assert.equal(named(both, 'pod-b-1'), 'v2');
  assert.equal(named(both, 'pod-a-exact'), 'v2');
  assert.equal(named(matcher({ v1: ['a*'], v2: ['*b'] }), 'ab'), 'ambiguous');
  assert.deepEqual(candidateWords([{ name: 'v1', mapped: ['pod-*', 'blue'] }]), ['blue']);
});
