/** Runs that no verdict should come out of as if they were everyday ones. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunResult } from '../../../src/analysis/result.js';
import { RunFold } from '../../../src/analysis/run-fold.js';
import type { OutcomeName } from '../../../src/blocks/outcome.js';
import { headline } from '../../../src/report/headline.js';
import { BlockMaker, judgePlan, type Row, runInfo } from '../../support/blocks.js';

const times = (n: number, row: Row): Row[] => Array.from({ length: n }, () => row);

function judged(rows: readonly Row[], weights: Record<string, number>): RunResult {
  const maker = new BlockMaker();
  const run = new RunFold(maker.context(judgePlan(weights)));
  run.add(maker.block(rows));
  return run.result(runInfo(rows.length));
}

const splitOf = ({ checks }: RunResult) =>
  checks.filter(({ name }) => name.startsWith('split/')).map(({ verdict }) => verdict);

test('no response at all decides nothing', () => {
  const result = judged([], { v1: 90, v2: 10 });
  assert.equal(result.verdict, 'inconclusive');
  assert.deepEqual(splitOf(result), ['inconclusive', 'inconclusive']);
  assert.match(headline(result), /v2 got no request/);
});

test('responses that all name no version decide nothing, and none is called a version that got nothing', () => {
  const result = judged(times(5000, {}), { v1: 90, v2: 10 });
  assert.equal(result.verdict, 'inconclusive');
  assert.match(headline(result), /^no request is known to have gone to v2/);
  assert.ok(result.notes.some(({ code }) => code === 'nothing-attributed'));
});

test('one version alone passes by its whole share, and fails by a stranger', () => {
  assert.equal(judged(times(400, { version: 'v1' }), { v1: 1 }).verdict, 'pass');
  assert.equal(
    judged([...times(400, { version: 'v1' }), { version: 'v2' }], { v1: 1 }).split?.verdict,
    'fail',
  );
});

test('three versions expected and two that answer: the third fails, and is named', () => {
  const rows = [...times(2400, { version: 'v1' }), ...times(600, { version: 'v2' })];
  const result = judged(rows, { v1: 70, v2: 20, v3: 10 });
  assert.equal(result.split?.verdict, 'fail');
  assert.match(headline(result), /^v3 got no request \(10 % ± 2\)/);
});

test('a label that appears late counts like any other', () => {
  const maker = new BlockMaker();
  const run = new RunFold(maker.context(judgePlan({ v1: 90, v2: 10 })));
  for (let block = 0; block < 9; block += 1) run.add(maker.block(times(1000, { version: 'v1' })));
  run.add(maker.block(times(1000, { version: 'v2' })));
  const late = run.result(runInfo(10_000));
  assert.equal(late.split?.verdict, 'pass');
  run.add(maker.block([{ version: 'v3' }]));
  assert.equal(run.result(runInfo(10_001)).split?.verdict, 'fail', 'the first response of a stranger');
});

test('weights of 1 and 1,000,000: the small one is not lost in the tolerance', () => {
  const weights = { v1: 1_000_000, v2: 1 };
  const missing = judged(times(20_000, { version: 'v1' }), weights);
  assert.equal(missing.split?.verdict, 'inconclusive');
  assert.ok((missing.split?.tolerancePoints ?? 1) <= 0.00005);
  const many = judged([...times(20_000, { version: 'v1' }), ...times(20, { version: 'v2' })], weights);
  assert.equal(many.split?.verdict, 'fail', '1,000 times its share');
});

test('64 versions with equal weights: kept shares are never a fail, and one that is missing is found', () => {
  const names = Array.from({ length: 64 }, (_, i) => `v${i}`);
  const weights = Object.fromEntries(names.map((name) => [name, 1]));
  const kept = judged(
    names.flatMap((version) => times(600, { version })),
    weights,
  );
  assert.ok(splitOf(kept).every((verdict) => verdict !== 'fail'));
  const rest = names.slice(0, 63).flatMap((version) => times(600, { version }));
  assert.deepEqual(splitOf(judged(rest, weights)).indexOf('fail'), 63);
});

test('a gateway that dies before the verdict: what came before it cannot pass', () => {
  const rows = [
    ...times(9000, { version: 'v1', dueUs: 1e6 }),
    ...times(1000, { version: 'v2', dueUs: 1e6 }),
    ...times(20, { outcome: 'refused', status: 0, origin: 'unknown', dueUs: 2e6 }),
  ];
  const result = judged(rows, { v1: 90, v2: 10 });
  assert.equal(result.verdict, 'inconclusive');
  assert.match(headline(result), /^the gateway took no more connections at the end of the run/);
});

const ERRORS: [what: string, row: Row][] = [
  ['500', { status: 500 }],
  ['503 of the breaker', { status: 503, outcome: 'overflow', origin: 'gateway' }],
  ['no healthy upstream', { status: 503, outcome: 'no-healthy-upstream', origin: 'gateway' }],
  ['504 of the gateway', { status: 504, outcome: 'upstream-timeout', origin: 'gateway' }],
  ...(['reset', 'timeout', 'truncated', 'closed', 'malformed'] satisfies OutcomeName[]).map(
    (outcome): [string, Row] => [outcome, { outcome }],
  ),
];
/** Per thousand of a version's 2,000 requests, and what the error check makes of it: 40 of 2,000 are shown to be above 1 %. */
const RATES: [perMille: number, verdict: string][] = [
  [5, 'pass'],
  [10, 'inconclusive'],
  [20, 'fail'],
  [1000, 'fail'],
];

for (const [what, error] of ERRORS) {
  test(`${what} at 0.5 %, 1 %, 2 % and 100 % of one version, and of both`, () => {
    const version = (name: string, perMille: number): Row[] => [
      ...times(2 * (1000 - perMille), { version: name }),
      ...times(2 * perMille, { version: name, ...error }),
    ];
    for (const [perMille, verdict] of RATES) {
      const one = judged([...version('v1', 0), ...version('v2', perMille)], { v1: 50, v2: 50 });
      const both = judged([...version('v1', perMille), ...version('v2', perMille)], { v1: 50, v2: 50 });
      const of = ({ checks }: RunResult, name: string) =>
        checks.find((check) => check.name === name)?.verdict;
      assert.deepEqual(
        [of(one, 'errors/v1'), of(one, 'errors/v2')],
        ['pass', verdict],
        `${perMille} ‰ of v2`,
      );
      assert.deepEqual([of(both, 'errors/v1'), of(both, 'errors/v2')], [verdict, verdict], `${perMille} ‰`);
      if (verdict === 'fail') assert.equal(both.verdict, 'fail');
      if (verdict === 'inconclusive') assert.notEqual(both.verdict, 'pass');
    }
  });
}
