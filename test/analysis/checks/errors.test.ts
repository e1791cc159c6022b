import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CheckInput } from '../../../src/analysis/checks/check-input.js';
import { errorChecks } from '../../../src/analysis/checks/errors.js';
import type { RunResult } from '../../../src/analysis/result.js';
import { RunFold } from '../../../src/analysis/run-fold.js';
import type { ErrorCounts } from '../../../src/analysis/slot-counts.js';
import type { OutcomeName } from '../../../src/blocks/outcome.js';
import { LogHistogram, THREE_DIGITS } from '../../../src/log-histogram.js';
import { DEFAULT_JUDGE } from '../../../src/plan/judge.js';
import type { JudgePlan } from '../../../src/plan/plan.js';
import { seededRandom } from '../../../src/random.js';
import { binomialDraw } from '../../support/binomial.js';
import { BlockMaker, judgePlan, type Row, runInfo } from '../../support/blocks.js';
import { NIGHTLY_TIMES } from '../../support/nightly.js';

const times = (n: number, row: Row): Row[] => Array.from({ length: n }, () => row);
const WEIGHTS = { v1: 90, v2: 10 };

function judged(
  rows: readonly Row[],
  changes: Partial<JudgePlan> = {},
  weights: Record<string, number> | null = WEIGHTS,
): RunResult {
  const maker = new BlockMaker();
  const run = new RunFold(maker.context({ ...judgePlan(weights), ...changes }));
  run.add(maker.block(rows));
  return run.result(runInfo(rows.length));
}

const verdicts = ({ checks }: RunResult) =>
  Object.fromEntries(
    checks.filter(({ name }) => name.startsWith('error')).map(({ name, verdict }) => [name, verdict]),
  );

/** 9,000 of v1, and 1,000 of v2 of which a part is an error. */
const withErrors = (part: number, error: Row) => [
  ...times(9000, { version: 'v1' }),
  ...times(1000 - part * 1000, { version: 'v2' }),
  ...times(part * 1000, { version: 'v2', ...error }),
];

const kinds: [what: string, error: Row][] = [
  ['5xx of the backend', { status: 500 }],
  ['replies of the gateway', { status: 503, outcome: 'overflow', origin: 'gateway' }],
  ["the gateway's own 429", { status: 429, outcome: 'rate-limited', origin: 'gateway' }],
  ['broken responses', { outcome: 'truncated' }],
  ['time-outs after the version was read', { outcome: 'timeout' }],
  ['resets', { outcome: 'reset' }],
];

for (const [what, error] of kinds) {
  test(`${what}: all, 2 %, 0.5 % and none of v2`, () => {
    const of = (part: number) => {
      const result = judged(withErrors(part, error));
      return [result.checks.find(({ name }) => name === 'errors/v2')?.verdict, result.versions[1]?.errors];
    };
    assert.deepEqual(of(1), ['fail', 1000]);
    assert.deepEqual(of(0.02), ['fail', 20]);
    assert.deepEqual(of(0.01), ['inconclusive', 10]);
    assert.deepEqual(of(0), ['pass', 0]);
    assert.deepEqual(judged(withErrors(1, error)).verdict, 'fail');
  });
}

const withoutVersion: OutcomeName[] = ['refused', 'dns', 'timeout', 'reset', 'tls', 'connect-timeout'];

for (const outcome of withoutVersion) {
  test(`${outcome}, without a version: counts for the whole run alone`, () => {
    const lost = (n: number) =>
      judged([
        ...times(9000, { version: 'v1' }),
        ...times(1000, { version: 'v2' }),
        ...times(n, { outcome, status: 0, origin: 'unknown' }),
      ]);
    assert.deepEqual(verdicts(lost(50)), { 'errors/v1': 'pass', 'errors/v2': 'pass', errors: 'pass' });
    assert.deepEqual(verdicts(lost(300)), { 'errors/v1': 'pass', 'errors/v2': 'pass', errors: 'fail' });
    assert.equal(lost(300).verdict, 'fail');
    assert.deepEqual(lost(300).errors.kinds, { [outcome]: 300 });
  });
}

const textOf = ({ checks }: RunResult, name: string) => checks.find((check) => check.name === name)?.text;
const gateway = (outcome: OutcomeName, status = 503): Row => ({ outcome, status, origin: 'gateway' });

test('what the gateway refused or answered itself is not said of the version that it was meant for', () => {
  const refused = judged(withErrors(0.92, gateway('overflow')));
  assert.match(
    textOf(refused, 'errors/v2') ?? '',
    /^92 % of the requests for v2 were refused by the gateway, at least 90\.\d+ % \(overflow × 920\)$/,
  );
  assert.match(
    textOf(refused, 'errors') ?? '',
    /^9\.2 % of all requests were refused by the gateway, at least 8\.\d+ % \(overflow × 920\)$/,
  );
  assert.deepEqual(refused.errors.kinds, { overflow: 920 });
  const gone = judged(withErrors(1, gateway('no-healthy-upstream')));
  assert.match(
    textOf(gone, 'errors/v2') ?? '',
    /^100 % of the requests for v2 were answered with errors by the gateway itself \(no-healthy-upstream × 1,000\)$/,
  );
  const own = judged(withErrors(1, { status: 500 }));
  assert.equal(textOf(own, 'errors/v2'), 'v2 answers 100 % 5xx');
  const both = judged([
    ...withErrors(0.5, gateway('overflow')),
    ...times(300, { version: 'v2', status: 503 }),
  ]);
  assert.match(
    textOf(both, 'errors/v2') ?? '',
    /^v2 has 61\.5 % errors, at least .* % \(503 × 300; from the gateway itself: overflow × 500\)$/,
  );
  assert.deepEqual(both.versions[1]?.gatewayReplyKinds, { overflow: 500 });
  assert.deepEqual(both.versions[1]?.gatewayReplyStatuses, { 503: 500 });
});

test("the gateway's redirects are no errors, and its other replies of unknown cause are", () => {
  const rows = [
    ...times(9000, { version: 'v1' }),
    ...times(500, { version: 'v2', ...gateway('gateway-other', 301) }),
    ...times(500, { version: 'v2', ...gateway('gateway-other', 502) }),
  ];
  assert.deepEqual(judged(rows).errors.kinds, { 'gateway-other': 500 });
});

test('what was cut off or never sent is no error of anyone', () => {
  const rows = [
    ...times(9000, { version: 'v1' }),
    ...times(1000, { version: 'v2' }),
    ...times(500, { outcome: 'cut-off', version: 'v2', status: 0 }),
    ...times(500, { outcome: 'not-sent', status: 0 }),
    ...times(500, { outcome: 'no-local-port', status: 0 }),
    ...times(500, { outcome: 'no-file-descriptor', status: 0 }),
  ];
  const { errors, versions } = judged(rows);
  assert.deepEqual([errors.requests, errors.errors, versions[1]?.errors], [10_000, 0, 0]);
});

test("4xx are errors if they are said to be; the gateway's own always are", () => {
  const rows = withErrors(1, { status: 404 });
  assert.equal(judged(rows).verdict, 'pass');
  assert.ok(
    judged(rows).notes.some(({ code, text }) => code === 'version-only-4xx' && text.startsWith('"v2"')),
  );
  for (const errorStatuses of [['4xx', '5xx'], ['404']])
    assert.equal(verdicts(judged(rows, { errorStatuses }))['errors/v2'], 'fail');
  // The backend's 5xx are none then.
  assert.equal(
    verdicts(judged(withErrors(1, { status: 500 }), { errorStatuses: ['404'] }))['errors/v2'],
    'pass',
  );
  const all = times(2000, { version: 'v1', status: 404 });
  assert.ok(
    judged(all).notes.every(({ code }) => code !== 'version-only-4xx'),
    'both, so it is not the version',
  );
});

test('too few requests: inconclusive, and how many would do', () => {
  const result = judged([...times(900, { version: 'v1' }), ...times(100, { version: 'v2' })]);
  const check = result.checks.find(({ name }) => name === 'errors/v2');
  assert.deepEqual([check?.verdict, check?.requestsNeeded], ['inconclusive', 299]);
  assert.equal(check?.text, 'v2 has 0 errors in 100 requests; 299 are needed to show less than 1 %');
  assert.equal(result.verdict, 'inconclusive');
});

test('limits: other ones, for one version, and off', () => {
  const rows = withErrors(0.02, { status: 500 });
  const with_ = (maxErrorRate: JudgePlan['maxErrorRate']) => verdicts(judged(rows, { maxErrorRate }));
  assert.deepEqual(with_({ all: 0.05, versions: [] }), {
    'errors/v1': 'pass',
    'errors/v2': 'pass',
    errors: 'pass',
  });
  assert.deepEqual(with_({ all: 0.05, versions: [{ version: 'v2', limit: 0.01 }] }), {
    'errors/v1': 'pass',
    'errors/v2': 'fail',
    errors: 'pass',
  });
  assert.deepEqual(with_({ all: null, versions: [] }), {});
  assert.equal(judged(withErrors(1, { status: 500 }), { only: ['split'] }).verdict, 'pass');
});

test('nothing expected: errors are reported, and judged only if a limit is given', () => {
  const rows = withErrors(1, { status: 500 });
  const free = judged(rows, {}, null);
  assert.deepEqual([free.verdict, free.checks, free.versions[1]?.errorRate], [null, [], 1]);
  const limited = judged(rows, { maxErrorRate: { all: 0.01, versions: [] } }, null);
  assert.equal(limited.verdict, 'fail');
  const unnamed = judged(times(1000, { status: 500 }), { maxErrorRate: { all: 0.01, versions: [] } }, null);
  assert.deepEqual(verdicts(unnamed), { errors: 'fail' });
});

test('one version, no response, unexpected versions, 64 versions', () => {
  assert.deepEqual(verdicts(judged(times(400, { version: 'v1' }), {}, { v1: 1 })), {
    'errors/v1': 'pass',
    errors: 'pass',
  });
  assert.deepEqual(verdicts(judged([])), {
    'errors/v1': 'inconclusive',
    'errors/v2': 'inconclusive',
    errors: 'inconclusive',
  });
  const stranger = judged([...withErrors(0, {}), { version: 'v3', status: 500 }]);
  assert.equal(verdicts(stranger)['errors/v3'], 'fail');
  assert.equal(stranger.versions[2]?.errorRate, 1);
  const names = Array.from({ length: 64 }, (_, i) => `v${i}`);
  const many = judged(
    names.flatMap((version, i) => times(400, { version, status: i === 63 ? 500 : 200 })),
    {},
    Object.fromEntries(names.map((name) => [name, 1])),
  );
  assert.deepEqual(
    many.checks.filter(({ verdict }) => verdict === 'fail').map(({ name }) => name),
    ['errors/v63', 'errors'],
  );
});

test('the increase over the version of most weight', () => {
  const rows = (v1: number, v2: number) => [
    ...times(9000 - v1, { version: 'v1' }),
    ...times(v1, { version: 'v1', status: 503 }),
    ...times(1000 - v2, { version: 'v2' }),
    ...times(v2, { version: 'v2', status: 503 }),
  ];
  const of = (v1: number, v2: number) =>
    judged(rows(v1, v2), { maxErrorIncrease: 0.005, maxErrorRate: { all: null, versions: [] } });
  assert.deepEqual(verdicts(of(450, 38)), { 'error-increase/v2': 'pass' });
  assert.deepEqual(verdicts(of(450, 50)), { 'error-increase/v2': 'inconclusive' });
  assert.deepEqual(verdicts(of(450, 90)), { 'error-increase/v2': 'fail' });
  const { checks, comparisons } = of(450, 90);
  assert.deepEqual(
    comparisons.map(({ version, baseline }) => [version, baseline]),
    [['v2', 'v1']],
  );
  const { value = 0, interval = [0, 0] } = comparisons[0]?.errorPoints ?? {};
  const check = checks.find(({ name }) => name === 'error-increase/v2');
  for (const [points, judged] of [
    [value, check?.figure],
    [interval[0], check?.interval?.[0]],
    [interval[1], check?.interval?.[1]],
  ]) {
    assert.ok(Math.abs((points ?? 0) / 100 - (judged ?? 1)) < 1e-12);
  }
});

function input(versions: readonly ErrorCounts[], unknown: ErrorCounts): CheckInput {
  const all = [...versions, unknown];
  const total = (of: (counts: ErrorCounts) => number) => all.reduce((sum, counts) => sum + of(counts), 0);
  return {
    method: 'fixed',
    unknownConnections: 0,
    judge: {
      ...DEFAULT_JUDGE,
      expected: versions.map((_, i) => ({
        name: `v${i}`,
        weight: 1,
        share: 1 / versions.length,
        mapped: [],
      })),
    },
    versions: versions.map((errors, i) => ({
      version: `v${i}`,
      expectedShare: 1 / versions.length,
      requests: errors.requests,
      drawn: errors.requests,
      drawnByConnections: 0,
      errors,
      latency: new LogHistogram(THREE_DIGITS),
    })),
    unknown: 0,
    endpointsMissing: false,
    connections: null,
    errors: { requests: total(({ requests }) => requests), errors: total(({ errors }) => errors), kinds: {} },
    scheduled: 0,
    notSent: 0,
    gatewayLeft: false,
    rules: [],
  };
}

test('simulated with a fixed seed: wrong verdicts at the limit in at most 5 % of runs, all checks together', () => {
  const random = seededRandom(20261201);
  const runs = 400 * NIGHTLY_TIMES;
  const most = 0.05 + 5 * Math.sqrt((0.05 * 0.95) / runs);
  const simulate = (sizes: readonly number[], rates: readonly number[]) => {
    const seen = { pass: 0, fail: 0, inconclusive: 0 };
    for (let run = 0; run < runs; run++) {
      const counts = sizes.map((requests, i) => ({
        requests,
        errors: binomialDraw(requests, rates[i] as number, random),
        kinds: {},
      }));
      const checks = errorChecks(input(counts.slice(0, -1), counts.at(-1) as ErrorCounts));
      const all = checks.map(({ verdict }) => verdict);
      seen[all.includes('fail') ? 'fail' : all.includes('inconclusive') ? 'inconclusive' : 'pass']++;
    }
    return seen;
  };
  for (const [sizes, rates] of [
    // On the limit: both versions, one of them, the whole run by requests without a version.
    [
      [2700, 300, 0],
      [0.01, 0.01, 0],
    ],
    [
      [9000, 1000, 0],
      [0.002, 0.01, 0],
    ],
    [
      [900, 100, 0],
      [0.01, 0.01, 0],
    ],
    [
      [4000, 4000, 80],
      [0, 0, 1],
    ],
    [
      [1000, 1000, 1000, 1000, 0],
      [0.01, 0.01, 0.01, 0.01, 0],
    ],
  ] as const) {
    const { pass, fail } = simulate(sizes, rates);
    assert.ok(pass / runs <= most, `${sizes} at ${rates}: wrong pass ${pass / runs}`);
    assert.ok(fail / runs <= most, `${sizes} at ${rates}: wrong fail ${fail / runs}`);
  }
  for (const rate of [0.02, 1]) {
    assert.ok(simulate([9000, 3000, 0], [0, rate, 0]).fail / runs > 0.95, `${rate} of one version`);
    assert.ok(simulate([9000, 3000, 0], [rate, rate, 0]).fail / runs > 0.99, `${rate} of both`);
  }
  assert.ok(simulate([9000, 3000, 0], [0.005, 0.005, 0]).pass / runs > 0.85, '0.5 % of both');
  assert.equal(simulate([9000, 3000, 0], [0.02, 0.02, 0]).pass, 0);
});
