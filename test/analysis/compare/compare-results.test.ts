import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ComparableRun } from '../../../src/analysis/compare/inputs.js';
import type { CompareResult, Difference } from '../../../src/analysis/compare/result.js';
import { type CompareOptions, compare } from '../../../src/compare.js';
import { OptionError, UserError } from '../../../src/errors.js';
import { comparableRun, evenly } from '../../support/comparable.js';
import { readComparison } from '../../support/compare-schema.js';

const split = (
  v1: number,
  v2: number,
  more: { readonly errors?: number; readonly factor?: number } = {},
) => ({
  v1: { requests: v1, expectedShare: 0.9 },
  v2: {
    requests: v2,
    expectedShare: 0.1,
    errors: more.errors ?? 0,
    times: evenly(v2, more.factor),
  },
});

function compared(results: readonly ComparableRun[], options: CompareOptions = {}): CompareResult {
  const result = compare(results, options);
  readComparison(JSON.stringify(result));
  return result;
}

function find(result: CompareResult, wanted: Partial<Difference>, pair = 0): Difference {
  const found = result.comparisons[pair]?.differences.find((one) =>
    Object.entries(wanted).every(([name, value]) => one[name as keyof Difference] === value),
  );
  assert.ok(found !== undefined, JSON.stringify(wanted));
  return found;
}

const outcomes = (result: CompareResult) =>
  result.comparisons[0]?.differences.map(({ outcome }) => outcome) ?? [];

test('the same figures twice: everything is alike, and the reference is not worse', () => {
  const result = compared([comparableRun(split(45_000, 5000)), comparableRun(split(45_000, 5000))]);
  assert.equal(result.verdict, 'pass');
  assert.deepEqual(new Set(outcomes(result)), new Set(['alike', null]));
  // Shares of two versions are one test; four times, of three, and three error rates.
  assert.equal(result.tests, 1 + 3 * 4 + 3);
  assert.ok(Math.abs(result.intervalConfidence - (1 - 0.05 / 16)) < 1e-9);
  assert.equal(result.ownIntervalConfidence, 0.9);
  assert.equal(find(result, { figure: 'slower', version: 'v2' }).value, 50);
});

test('a version that is slower and fails is worse in that, and in nothing else', () => {
  const bad = comparableRun(split(45_000, 5000, { errors: 150, factor: 1.5 }));
  const result = compared([comparableRun(split(45_000, 5000)), bad]);
  assert.equal(result.verdict, 'fail');
  const p50 = find(result, { figure: 'latency', version: 'v2', percentile: 50 });
  assert.equal(p50.outcome, 'worse');
  assert.ok(Math.abs((p50.relative ?? 0) - 0.5) < 0.01);
  assert.ok((p50.interval?.[0] ?? 0) > 650 && (p50.interval?.[1] ?? 0) < 850, JSON.stringify(p50));
  const errors = find(result, { figure: 'error-rate', version: 'v2' });
  assert.deepEqual([errors.outcome, errors.reference, errors.value, errors.difference], ['worse', 0, 3, 3]);
  assert.equal(find(result, { figure: 'latency', version: 'v1', percentile: 99 }).outcome, 'alike');
  assert.equal(find(result, { figure: 'share', version: 'v2' }).outcome, 'alike');
  assert.deepEqual(result.comparisons[0]?.errorKinds, [
    { kind: '503', reference: 0, value: 150, referencePercent: 0, valuePercent: 0.3 },
  ]);
  const back = compared([bad, comparableRun(split(45_000, 5000))]);
  assert.equal(back.verdict, 'pass', 'the other way round it is better');
  assert.equal(find(back, { figure: 'latency', version: 'v2', percentile: 99 }).outcome, 'better');
});

test('what is shown but too small to count is slight, and no regression', () => {
  const results = [comparableRun(split(45_000, 5000)), comparableRun(split(45_000, 5000, { factor: 1.05 }))];
  const slight = find(compared(results), { figure: 'latency', version: 'v2', percentile: 50 });
  assert.deepEqual([slight.outcome, slight.verdict], ['slight', 'pass']);
  const strict = compared(results, { latencyTolerance: { ms: 0.05 } });
  assert.equal(find(strict, { figure: 'latency', version: 'v2', percentile: 50 }).outcome, 'worse');
  assert.deepEqual([strict.tolerances.latencyMs, strict.tolerances.latencyPart], [0.05, null]);
});

test('too few answers: unknown with the reason, and the whole cannot be told', () => {
  const result = compared([comparableRun(split(900, 100)), comparableRun(split(900, 100))]);
  assert.equal(result.verdict, 'inconclusive');
  const p99 = find(result, { figure: 'latency', version: 'v2', percentile: 99 });
  assert.deepEqual(
    [p99.outcome, p99.difference, p99.interval, p99.verdict, p99.reference],
    ['unknown', null, null, 'inconclusive', null],
  );
  assert.equal(p99.reason, 'too few answers: 299 in each are needed, and there are 100 and 100');
  const errors = find(result, { figure: 'error-rate', version: 'v2' });
  assert.equal(errors.outcome, 'unknown');
  assert.ok((errors.moreTimes ?? 0) > 5, 'about a thousand would tell half a point');
});

test('a share is worse where it is farther from its weight, and neither where no weight is known', () => {
  const [kept, off] = [comparableRun(split(45_000, 5000)), comparableRun(split(42_000, 8000))];
  const worse = find(compared([kept, off]), { figure: 'share', version: 'v2' });
  assert.deepEqual([worse.outcome, worse.tolerance, worse.verdict], ['worse', 2, 'fail']);
  assert.ok(Math.abs((worse.difference ?? 0) - 6) < 1e-9);
  assert.equal(find(compared([off, kept]), { figure: 'share', version: 'v2' }).outcome, 'better');
  const free = (v1: number, v2: number) =>
    comparableRun({ v1: { requests: v1 }, v2: { requests: v2 } }, { split: null });
  const result = compared([free(45_000, 5000), free(42_000, 8000)]);
  const differs = find(result, { figure: 'share', version: 'v2' });
  assert.deepEqual([differs.outcome, differs.verdict], ['differs', null]);
  assert.equal(result.verdict, 'pass');
  const wide = compared([kept, off], { tolerance: { versions: { v2: 0.1 } } });
  assert.equal(find(wide, { figure: 'share', version: 'v2' }).outcome, 'slight');
  assert.equal(find(wide, { figure: 'share', version: 'v1' }).tolerance, 2);
});

test('where connections keep to versions, each is one draw', () => {
  const sticky = (v2: number, draws: number) =>
    comparableRun(split(50_000 - v2, v2), {
      split: { unit: 'connection', draws, unknownVersion: 0, tolerancePoints: 2, findings: [] },
    });
  const result = compared([sticky(5000, 64), sticky(8000, 64)]);
  const share = find(result, { figure: 'share', version: 'v2' });
  assert.equal(share.outcome, 'unknown', '6 points of 64 draws show nothing');
  assert.ok((share.interval?.[1] ?? 0) > 20);
  const bursts = comparableRun(split(42_000, 8000), {
    split: {
      unit: 'request',
      draws: 50_000,
      unknownVersion: 0,
      tolerancePoints: 2,
      findings: [{ kind: 'over-dispersion', figure: 100 }],
    },
  });
  const [narrow, wide] = [comparableRun(split(42_000, 8000)), bursts].map((other) =>
    find(compared([comparableRun(split(45_000, 5000)), other]), { figure: 'share', version: 'v2' }),
  );
  const width = (one: Difference | undefined) => (one?.interval?.[1] ?? 0) - (one?.interval?.[0] ?? 0);
  assert.ok(width(wide) > 4 * width(narrow), 'the design effect of bursts');
});

test('requests without a version widen the interval of shares by what they may have been', () => {
  const result = compared([
    comparableRun(split(45_000, 5000)),
    comparableRun(split(45_000, 5000), {
      split: { unit: 'request', draws: 60_000, unknownVersion: 10_000, tolerancePoints: 2, findings: [] },
    }),
  ]);
  const { outcome, interval } = find(result, { figure: 'share', version: 'v2' });
  assert.equal(outcome, 'unknown');
  assert.ok((interval?.[1] ?? 0) > 14 && (interval?.[0] ?? 0) < -1, String(interval));
});

test('versions of one result only are named, and are never taken as 0', () => {
  const other = comparableRun({ v1: { requests: 900 }, v3: { requests: 100 } });
  const [pair] = compared([comparableRun(split(900, 100)), other]).comparisons;
  assert.deepEqual([pair?.onlyInReference, pair?.onlyInThis], [['v2'], ['v3']]);
  assert.ok(pair?.differences.every(({ version }) => version === null || version === 'v1'));
});

test('whether it is worse cannot be told where a version of the reference is gone; a new one is only named', () => {
  const of = (...names: readonly string[]) =>
    comparableRun(Object.fromEntries(names.map((name) => [name, { requests: 50_000 }])));
  const verdictOf = (before: ComparableRun, after: ComparableRun) => compared([before, after]).verdict;
  assert.equal(verdictOf(of('v1', 'v2'), of('v1', 'v2')), 'pass');
  assert.equal(verdictOf(of('v1', 'v2'), of('v3', 'v4')), 'inconclusive', 'no version is compared');
  assert.equal(verdictOf(of('v1', 'v2'), of('v1')), 'inconclusive');
  const added = verdictOf(of('v1', 'v2'), of('v1', 'v2', 'v3'));
  assert.equal(added, 'pass');
});

test('without requests nothing can be told; one version alone has no shares', () => {
  const none = compared([comparableRun(split(0, 0)), comparableRun(split(900, 100))]);
  assert.equal(none.verdict, 'inconclusive');
  assert.equal(find(none, { figure: 'share', version: 'v1' }).reason, 'one of the two has no shares');
  assert.equal(find(none, { figure: 'error-rate', version: null }).outcome, 'unknown');
  const one = compared([
    comparableRun({ v1: { requests: 50_000 } }),
    comparableRun({ v1: { requests: 50_000 } }),
  ]);
  assert.deepEqual(
    one.comparisons[0]?.differences.map(({ figure, version }) => `${figure} ${version}`),
    ['latency v1', 'latency v1', 'latency v1', 'slower v1', 'error-rate v1', 'error-rate null'],
  );
  const unnamed = compared([comparableRun({}), comparableRun({})]);
  assert.equal(unnamed.verdict, 'inconclusive');
});

test('the results’ own verdicts: a fail where there was none is worse, an inconclusive one cannot be told', () => {
  const runs = (verdict: ComparableRun['verdict']) =>
    compared([
      comparableRun(split(45_000, 5000)),
      comparableRun(split(45_000, 5000), {
        verdict,
        checks: [{ name: 'ejections/v2/trigger', verdict: 'fail', text: 'not as the rule says' }],
      }),
    ]);
  assert.deepEqual(
    (['pass', 'fail', 'inconclusive', null] as const).map((verdict) => runs(verdict).verdict),
    ['pass', 'fail', 'inconclusive', 'pass'],
  );
  assert.deepEqual(runs('fail').comparisons[0]?.checks, [
    { name: 'ejections/v2/trigger', reference: null, value: 'fail', text: 'not as the rule says' },
  ]);
});

test('a check that fails now is worse, also where another one failed before', () => {
  const fails = (...names: readonly string[]): Partial<ComparableRun> => ({
    verdict: 'fail',
    checks: ['split/v2', 'latency/v2/p99'].map((name) => ({
      name,
      verdict: names.includes(name) ? 'fail' : 'pass',
      text: name,
    })),
  });
  const verdictOf = (before: Partial<ComparableRun>, after: Partial<ComparableRun>) => {
    const [a, b] = [before, after].map((one) => comparableRun(split(45_000, 5000), one));
    return compared([a as ComparableRun, b as ComparableRun]).verdict;
  };
  assert.equal(verdictOf(fails('split/v2'), fails('split/v2')), 'pass');
  assert.equal(verdictOf(fails('split/v2'), fails('split/v2', 'latency/v2/p99')), 'fail');
  assert.equal(verdictOf(fails('split/v2', 'latency/v2/p99'), fails('split/v2')), 'pass');
  const notChecked = { verdict: 'fail', checks: fails('split/v2').checks?.slice(0, 1) ?? [] } as const;
  assert.equal(verdictOf(notChecked, fails('split/v2', 'latency/v2/p99')), 'inconclusive');
});

test('ejections are figures: windows, endpoints and the time out of rotation', () => {
  const window = { version: 'v2', endpoint: 'a', startMs: 1000, endMs: 4000, leaked: 2 };
  const ejections = {
    windows: [window, { ...window, startMs: 7000, endMs: null }, { ...window, endpoint: 'b', startMs: null }],
  };
  const identifier = { version: 'header:x-version', endpoint: 'header:x-pod' };
  const pair = compared([
    comparableRun(split(900, 100), { identifier, ejections: { windows: [] } }),
    comparableRun(split(900, 100), { identifier, ejections }),
  ]).comparisons[0];
  assert.deepEqual(
    pair?.figures.slice(1).map(({ figure, value, reference }) => [figure, reference, value]),
    [
      ['ejection-windows', 0, 3],
      ['ejected-endpoints', 0, 2],
      ['time-out-of-rotation', 0, 3000 + 3000 + 4000],
      ['leaked-errors', 0, 6],
    ],
  );
});

test('ejections of a run without names of endpoints, and leaks of which one is not known, are not 0', () => {
  const window = { version: 'v2', endpoint: 'a', startMs: 1000, endMs: 4000, leaked: 2 };
  const figures = (changes: Partial<ComparableRun>) =>
    compared([
      comparableRun(split(900, 100), { ejections: { windows: [window] } }),
      comparableRun(split(900, 100), changes),
    ])
      .comparisons[0]?.figures.slice(1)
      .map(({ value }) => value);
  assert.deepEqual(figures({ ejections: { windows: [] } }), [null, null, null, null]);
  const windows = [window, { ...window, leaked: null }];
  assert.deepEqual(figures({ ejections: { windows } }), [2, 1, 6000, null]);
});

test('each other result is compared with the first, at a level for all of them', () => {
  const runs = Array.from({ length: 10 }, () => comparableRun(split(900, 100)));
  const result = compared(runs, { names: runs.map((_, i) => `run ${i}`) });
  assert.equal(result.comparisons.length, 9);
  assert.equal(result.tests, 9 * 16);
  assert.ok(result.comparisons.every(({ reference }) => reference === 'run 0'));
});

test('wrong use: too few, too many, options out of range, a version that is in no result', () => {
  const run = comparableRun(split(900, 100));
  const refuse = (results: readonly ComparableRun[], options: CompareOptions, message: RegExp) =>
    assert.throws(
      () => compare(results, options),
      (error: unknown) => error instanceof UserError && message.test(error.message),
    );
  refuse([], {}, /Nothing to compare with: give at least two results, the reference first\.$/);
  refuse([run], { names: ['a.json'] }, /only a\.json was given/);
  refuse(
    Array.from({ length: 17 }, () => run),
    {},
    /At most 16 results are compared, not 17/,
  );
  refuse([run, run], { confidence: 1 }, /^confidence: 1 is out of range/);
  refuse([run, run], { tolerance: 0 }, /^tolerance: /);
  refuse([run, run], { tolerance: { versions: { v9: 0.1 } } }, /tolerance: 'v9' is not an expected version/);
  refuse([run, run], { latencyTolerance: { relative: 0 } }, /^latencyTolerance: /);
  refuse([run, run], { latencyTolerance: { ms: -1 } }, /^latencyTolerance: /);
  refuse([run, run], { errorTolerance: 2 }, /^errorTolerance: /);
  refuse([run, run], { kneeTolerance: Number.NaN }, /^kneeTolerance: /);
  assert.throws(() => compare([run, run], { errorTolerance: -1 }), OptionError);
});
