import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Verdict } from '../../../src/analysis/result.js';
import * as rules from '../../../src/analysis/stats/two-one-sided.js';
import { seededRandom } from '../../support/blocks.js';

interface Rule extends rules.SplitRule {
  readonly tolerance: number;
}
interface Counts extends Omit<rules.SplitCounts, 'versions'> {
  readonly versions: readonly Omit<rules.SplitCounts['versions'][number], 'tolerance'>[];
}

const rule = (tolerance: number, method: rules.SplitRule['method'] = 'fixed'): Rule => ({
  tolerance,
  method,
  confidence: 0.95,
});
const withTolerance = ({ versions, ...rest }: Counts, { tolerance }: Rule): rules.SplitCounts => ({
  ...rest,
  versions: versions.map((version) => ({ ...version, tolerance })),
});
const judgeSplit = (drawn: Counts, by: Rule) => rules.judgeSplit(withTolerance(drawn, by), by);
const judgeVersions = (drawn: Counts, by: Rule) => rules.judgeVersions(withTolerance(drawn, by), by);
const moreRequests = (drawn: Counts, by: Rule) => rules.moreRequests(withTolerance(drawn, by), by);
const { shareBounds } = rules;

function counts(
  shares: number[],
  drawn: number[],
  { unknown = 0, unexpected = 0 }: { unknown?: number; unexpected?: number } = {},
): Counts {
  return {
    versions: shares.map((expectedShare, i) => ({ expectedShare, drawn: drawn[i] as number })),
    unknown,
    unexpected,
  };
}

const golden: [shares: number[], drawn: number[], tolerance: number, verdict: Verdict][] = [
  [[0.9, 0.1], [2192, 244], 0.02, 'pass'],
  [[0.5, 0.5], [2000, 2000], 0.02, 'pass'],
  [[0.5, 0.5], [2240, 2000], 0.02, 'inconclusive'],
  [[0.5, 0.5], [2300, 2000], 0.02, 'fail'],
  [[0.9, 0.1], [1670, 330], 0.02, 'fail'],
  [[0.99, 0.01], [2970, 30], 0.005, 'pass'],
  [[0.99, 0.01], [990, 10], 0.005, 'inconclusive'],
  [[0.99, 0.01], [1000, 0], 0.005, 'fail'],
  [[0.7, 0.2, 0.1], [7000, 2000, 1000], 0.02, 'pass'],
  [[0.7, 0.2, 0.1], [6000, 3000, 1000], 0.02, 'fail'],
  [[0.7, 0.2, 0.1], [70, 20, 10], 0.02, 'inconclusive'],
];

for (const [shares, drawn, tolerance, verdict] of golden) {
  test(`${drawn.join('/')} against ${shares.join('/')} ± ${tolerance} is ${verdict}`, () => {
    assert.equal(judgeSplit(counts(shares, drawn), rule(tolerance)), verdict);
  });
}

test('nothing drawn decides nothing, however much is unknown', () => {
  assert.equal(judgeSplit(counts([0.9, 0.1], [0, 0]), rule(0.02)), 'inconclusive');
  assert.equal(judgeSplit(counts([0.9, 0.1], [0, 0], { unknown: 5000 }), rule(0.02)), 'inconclusive');
  // Not even where the tolerance leaves nothing to test.
  assert.equal(judgeSplit(counts([0.5, 0.5], [0, 0]), rule(0.5)), 'inconclusive');
});

test('a verdict must hold whichever version the unknown requests belong to', () => {
  const pass = counts([0.5, 0.5], [5000, 5000]);
  assert.equal(judgeSplit(pass, rule(0.02)), 'pass');
  assert.equal(judgeSplit({ ...pass, unknown: 500 }, rule(0.02)), 'inconclusive');
  // v1 answered with everything that was read, but v2 may be the unknown half.
  assert.equal(judgeSplit(counts([0.5, 0.5], [5000, 0], { unknown: 5000 }), rule(0.02)), 'inconclusive');
  assert.equal(judgeSplit(counts([0.5, 0.5], [5000, 0], { unknown: 1000 }), rule(0.02)), 'fail');
});

test('a weighted version that never answers fails even where the tolerance reaches zero', () => {
  // (1 − 0.01)^n falls to 0.05/2 at n = 368.
  const judge = (n: number) => judgeVersions(counts([0.99, 0.01], [n, 0]), rule(0.02));
  assert.deepEqual(judge(360), ['pass', 'inconclusive']);
  assert.equal(judge(368)[1], 'fail');
  assert.notEqual(judgeVersions(counts([0.99, 0.01], [368, 0], { unknown: 1 }), rule(0.02))[1], 'fail');
});

test('an unexpected version and one of weight 0 fail at their first response', () => {
  assert.equal(judgeSplit(counts([0.5, 0.5], [5000, 5000], { unexpected: 1 }), rule(0.02)), 'fail');
  assert.equal(judgeSplit(counts([1, 0], [5000, 1]), rule(0.02)), 'fail');
  assert.equal(judgeSplit(counts([1, 0], [5000, 0]), rule(0.02)), 'pass');
  // None of a few is not yet none: 1 − 0.05^(1/n) < 0.02 needs n = 149.
  assert.deepEqual(judgeVersions(counts([1, 0], [148, 0]), rule(0.02)), ['inconclusive', 'inconclusive']);
  assert.deepEqual(judgeVersions(counts([1, 0], [149, 0]), rule(0.02)), ['pass', 'pass']);
});

test('boundaries at or beyond 0 and 1 are skipped, rounding or not', () => {
  assert.deepEqual(shareBounds(0.1, 0.02), [0.08, 0.12000000000000001]);
  assert.deepEqual(shareBounds(1 - 0.9, 0.1), [null, 0.19999999999999998]);
  assert.deepEqual(shareBounds(0.99, 0.01), [0.98, null]);
  assert.deepEqual(shareBounds(0, 0.01), [null, 0]);
});

test('more requests: about as many as then decide, whatever the side', () => {
  for (const drawn of [
    [360, 40],
    [880, 120],
    [170, 30],
  ]) {
    const [v1 = 0, v2 = 0] = drawn;
    const start = counts([0.9, 0.1], drawn);
    assert.equal(judgeSplit(start, rule(0.02)), 'inconclusive');
    const more = moreRequests(start, rule(0.02));
    if (v2 === 120) {
      assert.equal(more, null, 'the share lies on the boundary');
      continue;
    }
    assert.ok(more !== null && more[0] > 0 && (more[1] === null || more[1] >= more[0]));
    const grown = (by: number) =>
      counts(
        [0.9, 0.1],
        drawn.map((k) => k * (1 + by / (v1 + v2))),
      );
    const [fewest, most] = more;
    assert.equal(judgeSplit(grown(fewest * 0.8), rule(0.02)), 'inconclusive');
    if (most !== null) assert.notEqual(judgeSplit(grown(most), rule(0.02)), 'inconclusive');
  }
});

test('more requests: none when the unknown part alone reaches over a bound', () => {
  assert.equal(moreRequests(counts([0.9, 0.1], [900, 100], { unknown: 50 }), rule(0.02)), null);
  assert.equal(moreRequests(counts([0.9, 0.1], [0, 0], { unknown: 50 }), rule(0.02)), null);
  assert.notEqual(moreRequests(counts([0.9, 0.1], [360, 40], { unknown: 2 }), rule(0.02)), null);
});

/** Chance of each verdict for two versions, exactly: the verdict of every count times its chance. */
function verdictChances(n: number, share: number, p0: number, tolerance: number): Record<Verdict, number> {
  const chances: Record<Verdict, number> = { pass: 0, fail: 0, inconclusive: 0 };
  const spread = Math.ceil(7 * Math.sqrt(n * share * (1 - share)));
  const middle = Math.round(n * share);
  const pmf = new Map<number, number>([[middle, 1]]);
  for (let k = middle; k < Math.min(n, middle + spread); k++) {
    pmf.set(k + 1, ((pmf.get(k) as number) * (n - k) * share) / ((k + 1) * (1 - share)));
  }
  for (let k = middle; k > Math.max(0, middle - spread); k--) {
    pmf.set(k - 1, ((pmf.get(k) as number) * k * (1 - share)) / ((n - k + 1) * share));
  }
  const sum = [...pmf.values()].reduce((a, b) => a + b, 0);
  for (const [k, weight] of pmf) {
    const verdict = judgeSplit(counts([p0, 1 - p0], [k, n - k]), rule(tolerance));
    chances[verdict] += weight / sum;
  }
  return chances;
}

test('two versions: wrong verdicts at the boundaries have at most 5 % chance, and a kept split passes', () => {
  for (const [p0, tolerance, n] of [
    [0.5, 0.05, 1090],
    [0.1, 0.02, 2436],
  ] as const) {
    for (const share of [p0 - tolerance, p0 + tolerance]) {
      const { pass, fail } = verdictChances(n, share, p0, tolerance);
      assert.ok(pass <= 0.05, `wrong pass ${pass} at ${share}`);
      assert.ok(fail <= 0.05, `wrong fail ${fail} at ${share}`);
      assert.ok(pass > 0.02 && fail > 0.02, 'exact tests at 5 % are not much below it');
    }
    // n is the fixed size that has 90 % power for a kept split.
    const kept = verdictChances(n, p0, p0, tolerance).pass;
    assert.ok(kept > 0.87 && kept < 0.93, `kept ${p0} passes in ${kept}`);
  }
});

test('three versions, simulated with a fixed seed: wrong verdicts stay under 5 %', () => {
  const random = seededRandom(20260301);
  const expected = [0.7, 0.2, 0.1];
  const n = 1500;
  const tolerance = 0.04;
  const simulate = (truth: number[], runs: number) => {
    const seen: Record<Verdict, number> = { pass: 0, fail: 0, inconclusive: 0 };
    for (let run = 0; run < runs; run++) {
      const drawn = [0, 0, 0];
      for (let i = 0; i < n; i++) {
        const u = random();
        const v = u < (truth[0] as number) ? 0 : u < (truth[0] as number) + (truth[1] as number) ? 1 : 2;
        (drawn[v] as number)++;
      }
      seen[judgeSplit(counts(expected, drawn), rule(tolerance))]++;
    }
    return seen;
  };
  // `npm run nightly -- statistics` has 20,000 of each kind, with new seeds.
  const runs = 500;
  const atBoundary = simulate([0.66, 0.24, 0.1], runs);
  assert.ok(atBoundary.pass <= 0.05 * runs, `wrong pass ${atBoundary.pass}`);
  assert.ok(atBoundary.fail <= 0.05 * runs, `wrong fail ${atBoundary.fail}`);
  const off = simulate([0.6, 0.3, 0.1], 200);
  assert.ok(off.fail >= 190, `a split off by ten points fails: ${off.fail}`);
});
