import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planning } from '../../../src/analysis/planning/planning.js';
import type { PlanningResult } from '../../../src/analysis/planning/result.js';
import { planWithFacts } from '../../../src/plan/plan-facts.js';
import type { PlanOptions } from '../../../src/plan/plan-options.js';

async function plan(options: PlanOptions, power = 0.9): Promise<PlanningResult> {
  const { plan: made, facts } = await planWithFacts(options);
  return planning(made, facts, power);
}

const of = (weights: Record<string, number>, more: PlanOptions = {}) => plan({ expect: weights, ...more });

test('how many requests: for the shares exactly as many as pass with the power, for errors 299 answers of the smallest version', async () => {
  const { needed } = await of({ v1: 90, v2: 10 });
  const { requests, passChance } = needed.split ?? { requests: 0, passChance: 0 };
  assert.ok(requests > 2436 && requests < 2700, `${requests}`);
  assert.ok((passChance ?? 0) >= 0.9 && (passChance ?? 1) < 0.93, `${passChance}`);
  const [v1, v2, all] = needed.answers;
  assert.deepEqual([v1?.version, v2?.version, all?.version], ['v1', 'v2', null]);
  assert.deepEqual(new Set(needed.answers.map(({ answers }) => answers)), new Set([299]));
  // On average 2,990 requests bring v2 299; 2,990 in 90 % of runs would be too few.
  assert.ok((v2?.requests ?? 0) > 3100 && (v2?.requests ?? 0) < 3500, `${v2?.requests}`);
  assert.equal(needed.requests, v2?.requests);
  assert.deepEqual(
    needed.times.map(({ ratePerSecond }) => ratePerSecond),
    [10, 100, 1000],
  );
});

test('what decides the verdict decides the size, and the rate the time', async () => {
  const split = await of({ v1: 90, v2: 10 }, { only: ['split'], load: { ratePerSecond: 50 } });
  assert.deepEqual(split.needed.answers, []);
  assert.equal(split.needed.requests, split.needed.split?.requests);
  assert.deepEqual(split.needed.times, [{ ratePerSecond: 50, seconds: split.needed.requests / 50 }]);
  const errors = await of({ v1: 1, v2: 1 }, { only: ['errors'], maxErrorRate: { versions: { v2: 0.001 } } });
  assert.equal(errors.needed.split, null);
  assert.deepEqual(
    errors.needed.answers.map(({ version, answers }) => [version, answers]),
    [
      ['v1', 299],
      ['v2', 2995],
      [null, 299],
    ],
  );
  const latency = await of(
    { v1: 1, v2: 1 },
    { only: ['latency'], maxLatency: [{ percentile: 99, ms: 250, version: 'v2' }] },
  );
  assert.deepEqual(
    latency.needed.answers.map(({ version, answers }) => [version, answers]),
    [['v2', 299]],
  );
  const off = await of({ v1: 1, v2: 1 }, { only: ['errors'], maxErrorRate: 'off' });
  assert.equal(off.needed.requests, 1);
});

test('until the verdict: about as many as the split or the errors need, at most 20 times the fixed size', async () => {
  const { needed } = await of({ v1: 90, v2: 10 });
  const { about = 0, most, mostMs } = needed.untilVerdict ?? {};
  // 344 answers without an error show less than 1 % at any look: 3,440 requests for 10 %.
  assert.ok(about > 3300 && about < 3700, `${about}`);
  assert.deepEqual([most, mostMs], [20 * 2436, 300_000]);
  const split = await of({ v1: 90, v2: 10 }, { only: ['split'], load: { maxRequests: 5000 } });
  assert.deepEqual(split.needed.untilVerdict, { about: 2320, most: 5000, mostMs: 300_000 });
  const fixed = await of({ v1: 90, v2: 10 }, { load: { requests: 1000 } });
  assert.equal(fixed.needed.untilVerdict, null);
});

test('smaller runs: ten curls, the conformance test, 100 and 1,000 requests', async () => {
  const { smallerRuns } = await of({ v1: 90, v2: 10 });
  assert.deepEqual(
    smallerRuns.truths.map(({ kind, shares }) => [kind, Number(shares[1]?.toFixed(6))]),
    [
      ['kept', 0.1],
      ['off', 0.14],
      ['more', 0.2],
      ['none', 0],
    ],
  );
  const [curls, conformance, hundred, thousand, needed] = smallerRuns.runs;
  assert.ok(Math.abs((curls?.passes[0] ?? 0) - (1 - 0.9 ** 10)) < 1e-12);
  assert.equal(curls?.passes[3], 0);
  assert.ok((conformance?.passes[1] ?? 0) > 0.999, 'it takes 86/14 for 90/10');
  assert.deepEqual(hundred?.passes, [0, 0, 0, 0]);
  assert.ok((thousand?.passes[0] ?? 0) > 0.3 && (thousand?.passes[0] ?? 1) < 0.35);
  assert.ok((needed?.passes[0] ?? 0) >= 0.9);
  for (const passes of [thousand?.passes, needed?.passes]) {
    for (const wrong of passes?.slice(1) ?? [1]) assert.ok((wrong ?? 1) < 0.001);
  }
});

test('golden: the conformance test passes a gateway that gives 63 % instead of 70 % with probability 0.88', async () => {
  // The version of least weight gets twice the tolerance more: 37 % instead of 30 %.
  const { smallerRuns } = await of({ v1: 70, v2: 30 }, { tolerance: 0.035 });
  const conformance = smallerRuns.runs.find(({ kind }) => kind === 'conformance');
  assert.ok(Math.abs((conformance?.passes[1] ?? 0) - 0.878) < 1e-3, `${conformance?.passes[1]}`);
});

test('-n, or -z at a rate, is among the smaller runs', async () => {
  const sizes = ({ smallerRuns }: PlanningResult) =>
    smallerRuns.runs.filter(({ kind }) => kind === 'run').map(({ requests }) => requests);
  assert.ok(sizes(await of({ v1: 9, v2: 1 }, { load: { requests: 777 } })).includes(777));
  assert.ok(
    sizes(await of({ v1: 9, v2: 1 }, { load: { ratePerSecond: 7, durationMs: 60_000 } })).includes(420),
  );
});

test('one version, weight 0, weights of 1 and 1,000,000, 64 versions: finite figures', async () => {
  const many = Object.fromEntries(Array.from({ length: 64 }, (_, i) => [`v${i}`, 1]));
  for (const weights of [
    { v1: 1 },
    { v1: 1, v2: 0 },
    { v1: 1_000_000, v2: 1 },
    many,
    { a: 70, b: 20, c: 10 },
  ]) {
    // A wide tolerance: many versions with a narrow one take a second.
    const result = await of(weights, { tolerance: { relative: 0.9 } });
    assert.ok(Number.isSafeInteger(result.needed.requests) && result.needed.requests > 0);
    JSON.stringify(result, (_, value) => {
      assert.ok(typeof value !== 'number' || Number.isFinite(value));
      return value;
    });
  }
  const one = await of({ v1: 1 });
  assert.deepEqual(
    one.smallerRuns.truths.map(({ kind }) => kind),
    ['kept'],
  );
});

const SAMPLES = ['httproute-90-10', 'gateway', 'destinationrules', 'deployments'].map(
  (name) => `samples/${name}.yaml`,
);

test('the samples: where all is from, what breakers let through, which windows to expect', async () => {
  const { expectation, weights, breakers, ejections, notes, target } = await plan({ manifests: SAMPLES });
  const rule = 'HTTPRoute istio-test/backend-route, rule 1 (samples/httproute-90-10.yaml, line 13)';
  assert.deepEqual([expectation.from, expectation.rule], [rule, rule]);
  assert.deepEqual(target, { method: 'GET', host: 'test.devopscube.com', path: '/' });
  assert.deepEqual([weights.by, weights.possible, weights.reasons], ['weights', true, []]);
  assert.deepEqual(
    weights.portions.map(({ version, pods, share }) => [version, pods, share]),
    [
      ['backend-v1', 3, 0.9],
      ['backend-v2', 2, 0.1],
    ],
  );
  // 100 connections and 50 waiting; 90/10 meets them at 150 + 100 ÷ 9 requests in flight.
  assert.deepEqual(
    breakers.limits?.map(({ atOnce }) => atOnce),
    [
      { http1: 150, http2: 100 },
      { http1: 150, http2: 100 },
    ],
  );
  assert.deepEqual([breakers.concurrency, breakers.inFlight], [161, 50]);
  assert.match(breakers.limits?.[1]?.source ?? '', /backend-v2-destination-rule \(samples\/destinationrules/);
  assert.deepEqual(
    ejections.map(({ version, firstMs, longestMs, endpoints, maxOut }) => [
      version,
      firstMs,
      longestMs,
      endpoints,
      maxOut,
    ]),
    [
      ['backend-v1', [30_000, 60_000], 330_000, 3, 1],
      ['backend-v2', [30_000, 60_000], 330_000, 2, 1],
    ],
  );
  assert.ok(notes.some(({ code, kind }) => code === 'policy' && kind === 'explanation'));
  const half = await plan({ manifests: ['samples/httproute-50-50.yaml', ...SAMPLES.slice(1)] });
  assert.equal(half.breakers.concurrency, 300);
});

test('names of --expect are the versions of limits and ejection rules too', async () => {
  const { breakers, ejections, weights } = await plan({ manifests: SAMPLES, expect: { v1: 9, v2: 1 } });
  assert.deepEqual(
    breakers.limits?.map(({ version }) => version),
    ['v1', 'v2'],
  );
  assert.deepEqual(
    ejections.map(({ version }) => version),
    ['v1', 'v2'],
  );
  assert.equal(weights.possible, true);
});
