/** The plan of a saved run obeys the rules that options obey. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { foldFor } from '../../../src/analysis/fold-for.js';
import { RunLabels } from '../../../src/blocks/run-labels.js';
import { UserError } from '../../../src/errors.js';
import type { EjectionRule, ExpectedVersion, Plan } from '../../../src/plan/plan.js';
import { planFromJson, planToJson } from '../../../src/saved/format/plan-json.js';
import { ShapeError } from '../../../src/saved/format/shape.js';
import { planFromFlags } from '../../support/flags.js';
import { planFor } from '../../support/plan.js';

const PLAN = planFor('http://203.0.113.7:8080/', { expect: { 'backend-v1': 90, 'backend-v2': 10 } });
const RULE: EjectionRule = {
  version: 'backend-v1',
  scope: 'version',
  source: 'a rule',
  errorCodes: null,
  consecutive5xx: 5,
  consecutiveGatewayErrors: 0,
  consecutiveLocalOriginFailures: null,
  intervalMs: 10_000,
  baseEjectionTimeMs: 30_000,
  maxEjectionPercent: 10,
  alwaysEjectsOne: false,
  minHealthPercent: 0,
  endpoints: null,
  asked: true,
};

function versions(...given: Partial<ExpectedVersion>[]): ExpectedVersion[] {
  return given.map((one) => ({ name: 'v1', weight: 1, share: 1 / given.length, mapped: [], ...one }));
}

const numbered = <T>(n: number, make: (i: number) => T) => Array.from({ length: n }, (_, i) => make(i));

test('what is written is read as it was, with the words that stand for the versions', () => {
  const plan = { ...PLAN, ejection: [RULE, { ...RULE, version: null }] };
  const { candidates } = planFromJson(planToJson(plan)).identify;
  assert.deepEqual(candidates, ['backend-v1', 'v1', 'backend-v2', 'v2']);
  assert.deepEqual(planFromJson(planToJson(plan)), {
    ...plan,
    target: planFromJson(planToJson(plan)).target,
  });
});

test('expected versions that no option and no manifest can make are refused', () => {
  const cases: [readonly ExpectedVersion[], RegExp][] = [
    [
      versions({ share: 1 }, { name: 'v2', share: 1 }),
      /plan\.judge\.expected has a share for 'v1' that does not/,
    ],
    [versions({ weight: 3 }, { name: 'v2' }), /has a share for 'v1' that does not follow from the weights/],
    [versions({}, {}), /plan\.judge\.expected names a version twice/],
    [versions({}, { name: '' }), /plan\.judge\.expected has a version without a name/],
    [versions({ weight: 0, share: 0 }), /plan\.judge\.expected has no weight above 0/],
    [[], /plan\.judge\.expected has no weight above 0/],
    [versions({ name: 'v'.repeat(257) }), /plan\.judge\.expected: 'v+…' has more than 256 characters/],
    [versions({ mapped: ['l'.repeat(257)] }), /plan\.judge\.map: 'l+…' has more than 256 characters/],
    [
      versions({ mapped: ['blue'] }, { name: 'v2', mapped: ['blue'] }),
      /'blue' cannot stand for both v1 and v2/,
    ],
    [versions({ mapped: numbered(4097, String) }), /plan\.judge\.map: 4097 labels are more than 4096/],
    [versions({ mapped: numbered(20_000, String) }), /mapped has 20000 elements, where at most 10000/],
    [versions(...numbered(129, (i) => ({ name: `v${i}` }))), /expected has 129 elements, where at most 128/],
  ];
  for (const [expected, message] of cases) {
    const plan = { ...PLAN, judge: { ...PLAN.judge, expected } };
    assert.throws(() => planFromJson(planToJson(plan)), { constructor: ShapeError, message });
  }
  const thirds = versions({}, { name: 'v2' }, { name: 'v3', mapped: ['green', 'blue'] });
  const plan = planFromJson(planToJson({ ...PLAN, judge: { ...PLAN.judge, expected: thirds } }));
  assert.deepEqual(plan.judge.expected, thirds);
});

test('ejection rules, tolerance, load and lists without end are refused', () => {
  const { judge, load } = PLAN;
  const note = { code: 'policy', text: 'x' } as const;
  const cases: [object, RegExp][] = [
    [{ ejection: [RULE, RULE] }, /plan\.ejection has two rules for one version/],
    [
      { ejection: numbered(130, (i) => ({ ...RULE, version: `v${i}` })) },
      /plan\.ejection has 130 rules; at most 128/,
    ],
    [{ ejection: [{ ...RULE, errorCodes: numbered(1000, () => 503) }] }, /errorCodes has 1000 elements/],
    [{ ejection: [{ ...RULE, intervalMs: 0 }] }, /plan\.ejection\[0\]\.intervalMs is not a number from 1/],
    [{ judge: { ...judge, tolerance: 0 } }, /plan\.judge\.tolerance: 0 is out of range: above 0, at most 1$/],
    [{ judge: { ...judge, maxErrorIncrease: 0 } }, /plan\.judge\.maxErrorIncrease: 0 is out of range/],
    [
      { judge: { ...judge, maxLatencyRatio: [{ percentile: 0, ratio: 1 }] } },
      /plan\.judge\.maxLatencyRatio: p0 is no percentile/,
    ],
    [{ judge: { ...judge, errorStatuses: ['x'] } }, /plan\.judge\.errorStatuses: 'x' is not a status/],
    [
      { judge: { ...judge, maxErrorRate: { all: 1, versions: [] } } },
      /plan\.judge\.maxErrorRate: 1 is out of range: above 0 and below 1$/,
    ],
    [{ judge: { ...judge, confidence: 0.99999 } }, /plan\.judge\.confidence: 0\.99999 is out of range/],
    [{ load: { ...load, threads: 65 } }, /plan\.load\.threads is not a whole number from 1 to 64/],
    [
      { load: { ...load, connections: 20_001 } },
      /plan\.load\.connections is not a whole number from 1 to 20000/,
    ],
    [
      { notes: numbered(10_001, () => note) },
      /plan\.notes has 10001 elements, where at most 10000 are possible/,
    ],
  ];
  for (const [changes, message] of cases) {
    assert.throws(() => planFromJson(planToJson({ ...PLAN, ...changes })), {
      constructor: ShapeError,
      message,
    });
  }
});

test('limits of errors are kept; files of older versions are judged by the defaults', () => {
  const judge: Plan['judge'] = {
    ...PLAN.judge,
    only: ['errors'],
    maxErrorRate: { all: null, versions: [{ version: 'v2', limit: 0.005 }] },
    maxErrorIncrease: 0.01,
    errorStatuses: ['4xx', '503'],
    maxLatency: [
      { version: null, percentile: 99.9, ms: 250 },
      { version: 'v2', percentile: 99, ms: 1 },
    ],
    maxLatencyRatio: [{ percentile: 50, ratio: 1.2 }],
  };
  assert.deepEqual(planFromJson(planToJson({ ...PLAN, judge })).judge, judge);
  const { expected, tolerance, confidence } = PLAN.judge;
  const old = JSON.stringify({ ...JSON.parse(planToJson(PLAN)), judge: { expected, tolerance, confidence } });
  assert.deepEqual(planFromJson(old).judge, PLAN.judge);
});

/** The value with the member at a place chosen by `at` replaced. */
function changed(value: unknown, at: number, to: unknown): unknown {
  if (typeof value !== 'object' || value === null || at % 7 === 0) return to;
  const keys = Object.keys(value);
  const key = keys[at % keys.length];
  if (key === undefined) return to;
  const copy = Object.assign(Array.isArray(value) ? [] : {}, value) as Record<string, unknown>;
  copy[key] = changed(copy[key], Math.floor(at / keys.length), to);
  return copy;
}

test('a plan that was changed anywhere is refused with its place, or can be judged by', () => {
  const plan = JSON.parse(planToJson({ ...PLAN, ejection: [RULE] }));
  let refusals = 0;
  fc.assert(
    fc.property(fc.nat(1 << 30), fc.jsonValue(), (at, to) => {
      try {
        const read = planFromJson(JSON.stringify(changed(plan, at, to)));
        foldFor(read, new RunLabels(read.identify.candidates)).fold.live();
      } catch (error) {
        assert.ok(error instanceof ShapeError || error instanceof UserError, (error as Error).stack);
        assert.match(error.message, /^plan\b/);
        refusals += 1;
      }
    }),
    { seed: 6, numRuns: 1500 },
  );
  assert.ok(refusals > 300, String(refusals));
});

test('a plan that a version without error codes has saved: every 5xx counts', async () => {
  const plan = await planFromFlags('http://127.0.0.1:1', { 'eject-after': '3' });
  const json = JSON.parse(planToJson(plan));
  assert.deepEqual(planFromJson(JSON.stringify(json)).ejection, plan.ejection);
  for (const rule of json.ejection) delete rule.errorCodes;
  assert.deepEqual(planFromJson(JSON.stringify(json)).ejection, plan.ejection);
  for (const rule of json.ejection) rule.errorCodes = '503';
  assert.throws(() => planFromJson(JSON.stringify(json)), /errorCodes/);
});

test('a plan that a version without values and cookies has saved: it had none', () => {
  const plan = planFor('http://127.0.0.1:1/{{uuid}}', { load: { cookies: 'connection' } });
  const json = JSON.parse(planToJson(plan));
  const now = planFromJson(JSON.stringify(json));
  assert.deepEqual([now.target.path, now.target.values, now.load.cookies], ['/{{uuid}}', true, 'connection']);
  delete json.target.values;
  delete json.load.cookies;
  const old = planFromJson(JSON.stringify(json));
  assert.deepEqual([old.target.values, old.load.cookies], [false, 'off']);
  json.load.cookies = 'all';
  assert.throws(() => planFromJson(JSON.stringify(json)), /cookies is not one of off, connection/);
});

test('what sent is saved with the plan; of a plan without it, it is not known', () => {
  const json = JSON.parse(planToJson(planFor('http://127.0.0.1:1/', { load: { driver: 'wire' } })));
  assert.equal(planFromJson(JSON.stringify(json)).load.driver, 'wire');
  delete json.load.driver;
  assert.equal(planFromJson(JSON.stringify(json)).load.driver, null);
});

test('a plan that a version without scopes has saved: its policies and rules are for one version each', () => {
  const policy = { source: 'a policy', host: 'b', subset: null, trafficPolicy: {} };
  const { scope: _, alwaysEjectsOne: __, asked: ___, ...old } = RULE;
  const json = JSON.stringify({ ...JSON.parse(planToJson(PLAN)), policies: [policy], ejection: [old] });
  const { policies, ejection } = planFromJson(json);
  assert.deepEqual(policies, [{ ...policy, scope: 'version' }]);
  assert.deepEqual(ejection, [{ ...RULE, scope: 'version', alwaysEjectsOne: false, asked: false }]);
  const wrong = { ...PLAN, ejection: [{ ...RULE, scope: 'cluster' as 'route' }] };
  assert.throws(() => planFromJson(planToJson(wrong)), {
    constructor: ShapeError,
    message: /ejection\[0\]\.scope is not one of/,
  });
});
