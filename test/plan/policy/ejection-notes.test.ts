import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EjectionRule, LoadPlan } from '../../../src/plan/plan.js';
import { ejectionNotes, withoutSettled } from '../../../src/plan/policy/ejection-notes.js';
import { ruleWith } from '../../support/ejection-rule.js';
import { planFor } from '../../support/plan.js';

/** Long enough for every window. */
const HOUR: Partial<LoadPlan> = { durationMs: 3_600_000, requests: null };

function texts(rule: Partial<EjectionRule>, load: Partial<LoadPlan> = HOUR): string[] {
  const notes = ejectionNotes([ruleWith(rule)], { ...planFor('http://127.0.0.1').load, ...load });
  assert.ok(notes.every(({ code }) => code === 'ejection-rule'));
  return notes.map(({ text }) => text);
}

test("the samples' rule in a run that is long enough: nothing to say", () => {
  assert.deepEqual(texts({}), []);
  assert.deepEqual(texts({ endpoints: 2 }), []);
});

test('max percent of the endpoints is none: said with the figures and the version assumed', () => {
  const [text] = texts({ maxEjectionPercent: 10 });
  assert.match(
    text ?? '',
    /^Ejection of all versions: cannot act: of 3 endpoints at most floor\(3 × 10 ÷ 100\) = 0/,
  );
  assert.match(text ?? '', /Envoy 1\.40/);
  assert.match(text ?? '', /It takes 10 endpoints, or maxEjectionPercent 34\.$/);
});

// As measured on Envoy 1.40: [hosts, percent, whether one may go].
for (const [endpoints, maxEjectionPercent, acts] of [
  [3, 33, false],
  [3, 34, true],
  [2, 49, false],
  [2, 50, true],
  [1, 10, false],
  [1, 100, true],
  [9, 10, false],
  [10, 10, true],
  [100, 1, true],
] as const) {
  test(`${endpoints} endpoints at ${maxEjectionPercent} %: ${acts ? 'can act' : 'cannot act'}`, () => {
    assert.equal(texts({ endpoints, maxEjectionPercent }).length, acts ? 0 : 1);
  });
}

test('what is advised does act', () => {
  for (let endpoints = 1; endpoints <= 40; endpoints += 1) {
    for (let maxEjectionPercent = 1; maxEjectionPercent <= 100; maxEjectionPercent += 1) {
      const [text] = texts({ endpoints, maxEjectionPercent });
      if (text === undefined) continue;
      const [, more, percent] = /It takes (\d+) endpoints, or maxEjectionPercent (\d+)/.exec(text) ?? [];
      assert.deepEqual(texts({ endpoints: Number(more), maxEjectionPercent }), []);
      assert.deepEqual(texts({ endpoints, maxEjectionPercent: Number(percent) }), []);
    }
  }
});

test('endpoints that are not known, none, and 0 %', () => {
  assert.match(
    texts({ endpoints: null, maxEjectionPercent: 10 }).join(),
    /can act only with at least 10 endpoints/,
  );
  assert.match(
    texts({ endpoints: null, maxEjectionPercent: 49 }).join(),
    /can act only with at least 3 endpoints/,
  );
  // Two are there in hardly any version not.
  assert.deepEqual(texts({ endpoints: null }), []);
  assert.deepEqual(texts({ endpoints: null, maxEjectionPercent: 100 }), []);
  assert.match(texts({ endpoints: 0 }).join(), /by the manifests it has no endpoints/);
  assert.match(texts({ maxEjectionPercent: 0 }).join(), /cannot act: maxEjectionPercent is 0/);
});

test('a base time or an interval that outlasts the run', () => {
  const run = (durationMs: number | null, more: Partial<LoadPlan> = {}) => ({
    durationMs,
    requests: null,
    ...more,
  });
  assert.match(
    texts({}, run(10_000)).join(),
    /: baseEjectionTime 30 s is not shorter than this run \(10 s\): the end of a window will not be seen\.$/,
  );
  assert.match(
    texts({ baseEjectionTimeMs: 5000 }, run(10_000)).join(),
    /: interval 30 s is not shorter .* may not be seen\.$/,
  );
  assert.deepEqual(texts({ baseEjectionTimeMs: 5000, intervalMs: 5000 }, run(10_000)), []);
  assert.match(texts({}, run(null, { requests: 200, ratePerSecond: 10 })).join(), /this run \(20 s\)/);
  // How long a closed loop takes for its requests is not known before.
  assert.deepEqual(texts({}, run(null, { requests: 200 })), []);
});

test('counts that are off, and a count that never binds alone', () => {
  assert.match(texts({ consecutive5xx: 0 }).join(), /off: consecutive5xxErrors is 0/);
  assert.match(
    texts({ consecutive5xx: 0, consecutiveLocalOriginFailures: 4 }).join(),
    /only failures to connect do/,
  );
  assert.deepEqual(texts({ consecutive5xx: 0, consecutiveGatewayErrors: 3 }), []);
  assert.deepEqual(texts({ consecutiveGatewayErrors: 4 }), []);
  assert.match(
    texts({ consecutiveGatewayErrors: 5 }).join(),
    /consecutiveGatewayErrors \(5\) never ejects on its own/,
  );
});

test('after the run: that endpoints may be too few is said only of versions in which too few answered', () => {
  const rules = ['a', 'b', 'c'].map((version) =>
    ruleWith({ version, endpoints: null, maxEjectionPercent: version === 'c' ? 20 : 34 }),
  );
  const load = planFor('http://127.0.0.1', { load: { durationMs: 10_000, requests: null } }).load;
  const other = { code: 'policy', text: 'stays' } as const;
  const notes = [other, ...ejectionNotes(rules, load)];
  const after = (answered: Record<string, number>) =>
    withoutSettled(notes, rules, load, (version) => answered[version ?? ''] ?? 0).map(({ text }) =>
      text.replace(/(endpoints|run).*/, '$1'),
    );
  const others = ['stays', 'Ejection of a, b, c: baseEjectionTime 30 s is not shorter than this run'];
  const both = 'Ejection of a, b: can act only with at least 3 endpoints';
  const c = 'Ejection of c: can act only with at least 5 endpoints';
  assert.deepEqual(after({}).sort(), [c, both, ...others].sort());
  assert.deepEqual(after({ a: 3, b: 2, c: 4 }).sort(), [c, both.replace('a, b', 'b'), ...others].sort());
  assert.deepEqual(after({ a: 3, b: 9, c: 5 }).sort(), [...others].sort());
});

test('after the run: a saved run of another version may word its notes otherwise', () => {
  const rules = [ruleWith({ endpoints: null, maxEjectionPercent: 34 })];
  const { load } = planFor('http://127.0.0.1', { load: { durationMs: 3_600_000, requests: null } });
  const written = ejectionNotes(rules, load).map(({ code }) => ({
    code,
    text: 'Three endpoints are needed.',
  }));
  assert.equal(written.length, 1);
  assert.deepEqual(
    withoutSettled(written, rules, load, () => 3),
    [],
    'three answered',
  );
  assert.deepEqual(
    withoutSettled(written, rules, load, () => 2),
    written,
    'two answered',
  );
});

test('what holds for several versions is said once', () => {
  const rules = [
    ruleWith({ version: 'a' }),
    ruleWith({ version: 'b' }),
    ruleWith({ version: '\u001b[31mc', endpoints: 1 }),
  ];
  const notes = ejectionNotes(
    rules,
    planFor('http://127.0.0.1', { load: { durationMs: 10_000, requests: null } }).load,
  );
  assert.equal(notes.length, 2);
  assert.match(notes[0]?.text ?? '', /^Ejection of a, b, \\u\{1b\}\[31mc: baseEjectionTime/);
  assert.match(notes[1]?.text ?? '', /^Ejection of \\u\{1b\}\[31mc: cannot act/);
});

test('a rule of the route counts the endpoints of all versions, before the run and after it', () => {
  const rules = ['a', 'b'].map((version) =>
    ruleWith({ version, scope: 'route', endpoints: null, maxEjectionPercent: 20 }),
  );
  const { load } = planFor('http://127.0.0.1', { load: { durationMs: 3_600_000, requests: null } });
  const notes = ejectionNotes(rules, load);
  assert.match(
    notes[0]?.text ?? '',
    /^Ejection of a, b: can act only with at least 5 endpoints of all versions/,
  );
  const left = (each: number) => withoutSettled(notes, rules, load, () => each).length;
  assert.deepEqual([left(2), left(3)], [1, 0], 'four answered, six answered');
  const few = ruleWith({ scope: 'route', endpoints: 4, maxEjectionPercent: 20 });
  assert.match(
    ejectionNotes([few], load)[0]?.text ?? '',
    /cannot act: of 4 endpoints of all versions together/,
  );
  assert.deepEqual(ejectionNotes([{ ...few, alwaysEjectsOne: true }], load), []);
});
