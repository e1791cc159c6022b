import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type LabelMask, labelMask } from '../../../src/plan/labels/label-mask.js';
import { makeMatcher } from '../../../src/plan/labels/labels.js';
import type { Plan } from '../../../src/plan/plan.js';
import { planFor } from '../../support/plan.js';

function plan(headers: readonly string[], expect: Record<string, number> = {}): Plan {
  const made = planFor('http://127.0.0.1:8080/', { flags: { headers }, expect });
  return Object.keys(expect).length === 0 ? { ...made, judge: { ...made.judge, expected: null } } : made;
}

test('without secrets there is no mask', () => {
  assert.equal(labelMask(plan(['x-env: canary'])), null);
  assert.equal(labelMask(plan(['x-token: abc'])), null, 'too short to be found');
});

test('labels of an echo server', () => {
  const mask = labelMask(plan(['x-api-key: s3cr3t'])) as LabelMask;
  assert.equal(mask.version('v1 s3cr3t'), 'v1 (secret)');
  assert.equal(mask.endpoint('pod-1/s3cr3t'), 'pod-1/(secret)');
  assert.equal(mask.version('v1'), 'v1');
});

test('a label stands for the same version, even if its own name is hidden', () => {
  const mask = labelMask(
    plan(['Cookie: backend-canary-7d9f8b6c5d-x2x4z', 'x-token: stable'], {
      'backend-canary': 1,
      'backend-stable': 9,
    }),
  );
  assert.equal(mask?.version('backend-canary-7d9f8b6c5d-x2x4z'), 'backend-canary');
  assert.equal(mask?.version('stable'), 'backend-stable');
  assert.equal(mask?.version('stable 1'), 'backend-stable');
  assert.equal(mask?.version('backend-stable s3cr3t'), 'backend-stable');
});

test('a hidden label is not taken for a version named secret', () => {
  const mask = labelMask(plan(['x-token: hunter2'], { secret: 1, open: 9 }));
  assert.equal(mask?.version('hunter2'), '(…)');
});

test('a label of --map stays', () => {
  const made = plan(['x-token: blue-green'], { v1: 1, v2: 9 });
  const [first, second] = made.judge.expected ?? [];
  assert.ok(first !== undefined && second !== undefined);
  const expected = [{ ...first, mapped: ['blue-green'] }, second];
  const mask = labelMask({ ...made, judge: { ...made.judge, expected } });
  assert.equal(mask?.version('blue-green'), 'blue-green');
});

test('property: hiding secrets never moves a label to or from an expected version', () => {
  const word = fc.constantFrom(
    'backend',
    'canary',
    'stable',
    'v1',
    'v2',
    'secret',
    'hunter2',
    'blue',
    '7d9f8b',
  );
  const text = fc
    .array(word, { minLength: 1, maxLength: 4 })
    .chain((words) => fc.constantFrom('-', ' ', '/').map((by) => words.join(by)));
  const names = fc.uniqueArray(text, { minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(names, text, text, text, (expected, secret, before, after) => {
      const made = plan([`x-token: ${secret}`], Object.fromEntries(expected.map((name) => [name, 1])));
      const match = makeMatcher(made.judge.expected ?? []);
      const mask = labelMask(made);
      for (const label of [secret, before, `${before}-${secret}`, `${before} ${secret} ${after}`]) {
        const [found, shown] = [match(label), match(mask?.version(label) ?? label)];
        if (found.kind === 'match') assert.deepEqual(shown, found);
        else assert.notEqual(shown.kind, 'match');
      }
    }),
    { numRuns: 500 },
  );
});
