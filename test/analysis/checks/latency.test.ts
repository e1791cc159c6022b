import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunResult } from '../../../src/analysis/result.js';
import { RunFold } from '../../../src/analysis/run-fold.js';
import type { JudgePlan } from '../../../src/plan/plan.js';
import { seededRandom } from '../../../src/random.js';
import { tableReport } from '../../../src/report/table.js';
import { BlockMaker, judgePlan, type Row, runInfo } from '../../support/blocks.js';
import { NIGHTLY_TIMES } from '../../support/nightly.js';

const WEIGHTS = { v1: 90, v2: 10 };

function judged(rows: readonly Row[], changes: Partial<JudgePlan>): RunResult {
  const maker = new BlockMaker();
  const run = new RunFold(maker.context({ ...judgePlan(WEIGHTS), only: ['latency'], ...changes }));
  run.add(maker.block(rows));
  return run.result(runInfo(rows.length));
}

/** Exponential times with this mean, as for most services; so p99 is 4.6 times the mean and p50 0.69 times. */
function answers(n: number, version: string, meanMs: number, random: () => number): Row[] {
  return Array.from({ length: n }, () => ({ version, endUs: -Math.log(1 - random()) * meanMs * 1000 }));
}

const rows = (n1: number, ms1: number, n2: number, ms2: number, random = seededRandom(7)) => [
  ...answers(n1, 'v1', ms1, random),
  ...answers(n2, 'v2', ms2, random),
];
const p99 = (ms: number, version: string | null = null) => ({ version, percentile: 99, ms });
const verdicts = ({ checks }: RunResult) => checks.map(({ name, verdict }) => [name, verdict]);

test('a limit of p99: kept, broken, for one version, not decided', () => {
  const run = rows(9000, 10, 1000, 10);
  assert.deepEqual(verdicts(judged(run, { maxLatency: [p99(100)] })), [
    ['latency/v1/p99', 'pass'],
    ['latency/v2/p99', 'pass'],
  ]);
  assert.deepEqual(verdicts(judged(run, { maxLatency: [p99(100), p99(20, 'v2')] })), [
    ['latency/v1/p99', 'pass'],
    ['latency/v2/p99', 'fail'],
  ]);
  assert.equal(judged(run, { maxLatency: [p99(46, 'v2')] }).verdict, 'inconclusive');
  assert.match(
    judged(run, { maxLatency: [p99(20, 'v2')] }).checks[0]?.text ?? '',
    /^p99 of v2 is at least \d+\.\d ms \(at most 20\.0 ms\)$/,
  );
});

test('too few answers for a p99 are inconclusive, in words; the largest one is no bound', () => {
  const [check] = judged(rows(9000, 10, 100, 10), { maxLatency: [p99(5000, 'v2')] }).checks;
  assert.deepEqual(
    [check?.verdict, check?.figure, check?.interval, check?.requestsNeeded],
    ['inconclusive', null, null, 299],
  );
  assert.equal(check?.text, 'p99 of v2 is not known above: it has 100 answers, and 299 are needed');
  const [none] = judged(rows(9000, 10, 0, 10), { maxLatency: [p99(5000, 'v2')] }).checks;
  assert.equal(none?.verdict, 'inconclusive');
});

test('a ratio to the version of most weight', () => {
  const maxLatencyRatio = [{ percentile: 99, ratio: 1.5 }];
  const of = (ms2: number, n2 = 3000) => judged(rows(9000, 10, n2, ms2), { maxLatencyRatio }).checks[0];
  assert.equal(of(10)?.name, 'latency-ratio/v2/p99');
  assert.equal(of(10)?.verdict, 'pass');
  assert.equal(of(15)?.verdict, 'inconclusive');
  assert.equal(of(25)?.verdict, 'fail');
  assert.equal(of(10, 50)?.verdict, 'inconclusive');
  assert.match(of(10, 50)?.text ?? '', /cannot be compared .*too few answers/);
});

test('a version that is shown to be 1.5 times as slow is told, without a limit', () => {
  const noted = (ms2: number, n2 = 1000) => {
    const result = judged(rows(9000, 10, n2, ms2), { only: null });
    return { result, text: result.notes.find(({ code }) => code === 'latency-differs')?.text };
  };
  const { result, text } = noted(40);
  assert.match(
    text ?? '',
    /^Latency of v2 against v1: p50 is \d[\d.]* × \(\d+\.\d ms, not \d\.\d\d ms\), p99 is /,
  );
  assert.equal(result.verdict, 'pass');
  assert.match(
    tableReport(result, { columns: 120, color: false }),
    /^PASS .*\n +But: Latency of v2 against v1: /,
  );
  assert.equal(noted(10).text, undefined);
  assert.equal(noted(12).text, undefined);
  assert.match(noted(3).text ?? '', /p50 is 0\.\d+ ×/);
  assert.equal(noted(40, 5).text, undefined, 'five answers show little');
});

test('simulated with a fixed seed: at the limit at most 5 % pass wrongly and at most 5 % fail wrongly', () => {
  const random = seededRandom(20261202);
  const runs = 200 * NIGHTLY_TIMES;
  const most = 0.05 + 5 * Math.sqrt((0.05 * 0.95) / runs);
  const exactP99 = 10 * Math.log(100);
  const seen = { limit: { pass: 0, fail: 0, inconclusive: 0 }, ratio: { pass: 0, fail: 0, inconclusive: 0 } };
  for (let run = 0; run < runs; run++) {
    const { checks } = judged(rows(600, 10, 600, 15, random), {
      maxLatency: [p99(exactP99, 'v1')],
      maxLatencyRatio: [{ percentile: 50, ratio: 1.5 }],
    });
    seen.limit[checks[0]?.verdict ?? 'inconclusive']++;
    seen.ratio[checks[1]?.verdict ?? 'inconclusive']++;
  }
  for (const [what, { pass, fail }] of Object.entries(seen)) {
    assert.ok(pass / runs <= most, `${what}: wrong pass ${pass / runs}`);
    assert.ok(fail / runs <= most, `${what}: wrong fail ${fail / runs}`);
  }
});
