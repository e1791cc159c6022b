import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeFromCompressedBase64 } from 'hdr-histogram-js';
import type { RunResult, VersionResult } from '../../src/analysis/result.js';
import { RunFold } from '../../src/analysis/run-fold.js';
import type { OutcomeName } from '../../src/blocks/outcome.js';
import { OUTCOMES } from '../../src/blocks/outcome.js';
import { BlockMaker, judgePlan, type Row, runInfo, seededRandom } from '../support/blocks.js';

const measured = (rows: readonly Row[]) =>
  rows.filter((row) => (row.phase ?? 'measured') === 'measured').length;

function fold(
  rows: readonly Row[],
  weights: Record<string, number> | null = null,
  mode: 'closed' | 'open' = 'closed',
): RunResult {
  const maker = new BlockMaker();
  const run = new RunFold(maker.context(judgePlan(weights), mode));
  run.add(maker.block(rows));
  return run.result(runInfo(measured(rows)));
}

function version(result: RunResult, name: string): VersionResult {
  const found = result.versions.find((candidate) => candidate.version === name);
  assert.ok(found !== undefined, `no version ${name}`);
  return found;
}

const times = (n: number, row: Row): Row[] => Array.from({ length: n }, () => row);

test('each request is counted once, by how it ended and what was read', () => {
  const result = fold([
    ...times(5, { version: 'v1' }),
    { version: 'v1', status: 500 },
    { version: 'v1', outcome: 'truncated' },
    { version: 'v2', status: 503, outcome: 'overflow', origin: 'gateway' },
    { status: 200 },
    { status: 503, outcome: 'no-healthy-upstream', origin: 'gateway' },
    { status: 0, outcome: 'refused', origin: 'unknown' },
    { status: 0, outcome: 'timeout', origin: 'unknown' },
    { status: 0, outcome: 'timeout', origin: 'unknown' },
    { status: 0, outcome: 'cut-off', origin: 'unknown' },
    { status: 0, outcome: 'not-sent', origin: 'unknown' },
    { phase: 'preflight', version: 'v1' },
    ...times(2, { phase: 'warmup', version: 'v9' }),
    { phase: 'settle' },
  ]);
  assert.deepEqual(result.requests, {
    scheduled: 15,
    attributed: 7,
    unattributed: 2,
    failed: 4,
    cutOff: 2,
    preflight: 1,
    settle: 1,
    warmup: 2,
  });
  assert.deepEqual(
    result.versions.map(({ version: name, requests }) => [name, requests]),
    [
      ['v1', 6],
      ['v2', 1],
    ],
  );
  const v1 = version(result, 'v1');
  assert.deepEqual(v1.statuses, { 200: 5, 500: 1 });
  assert.deepEqual(v1.failures, { truncated: 1 });
  assert.equal(v1.share, 6 / 7);
  assert.equal(version(result, 'v2').gatewayReplies, 1);
  assert.deepEqual(result.unattributed, {
    requests: 2,
    statuses: { 200: 1, 503: 1 },
    kinds: { 'no-version': 1, 'no-healthy-upstream': 1 },
  });
  assert.deepEqual(result.failures, { refused: 1, timeout: 2, truncated: 1 });
  assert.deepEqual(result.gatewayReplies, { overflow: 1, 'no-healthy-upstream': 1 });
  assert.deepEqual(result.backends.statuses, { 200: 6, 500: 1 });
  assert.deepEqual(result.overall.statuses, { 200: 6, 500: 1, 503: 2 });
  assert.equal(result.overall.requests, 9);
  assert.equal(result.verdict, null);
  assert.equal(result.split, null);
});

test('a count that does not add up to what was scheduled is an error of ours, with the figures', () => {
  const maker = new BlockMaker();
  const run = new RunFold(maker.context(judgePlan(null)));
  run.add(maker.block([{ version: 'v1' }, { outcome: 'reset' }]));
  assert.throws(
    () => run.result(runInfo(3)),
    /3 requests were scheduled, but 1 attributed .* 1 failed .* = 2/,
  );
});

test("latency counts backends' whole answers only, from the due time in open loop", () => {
  const rows: Row[] = [
    { version: 'v1', dueUs: 0, sendUs: 4_000, endUs: 5_000 },
    { version: 'v1', dueUs: 1_000, sendUs: 4_000, endUs: 7_000 },
    { version: 'v1', dueUs: 0, endUs: 9e6, outcome: 'overflow', origin: 'gateway', status: 503 },
    { version: 'v1', dueUs: 0, endUs: 9e6, outcome: 'truncated' },
    { dueUs: 0, sendUs: 0, endUs: 50_000 },
  ];
  const open = version(fold(rows, null, 'open'), 'v1');
  assert.deepEqual([open.latencyUs.min, open.latencyUs.mean, open.latencyUs.max], [5_000, 5_500, 6_000]);
  assert.deepEqual([open.serviceTimeUs.min, open.serviceTimeUs.max], [1_000, 3_000]);
  const result = fold(rows, null, 'closed');
  const closed = version(result, 'v1');
  assert.equal(closed.latencyUs.count, 2);
  assert.deepEqual(closed.latencyUs, closed.serviceTimeUs);
  assert.deepEqual([closed.latencyUs.min, closed.latencyUs.max], [1_000, 3_000]);
  assert.equal(result.backends.latencyUs.count, 3);
  assert.equal(result.backends.latencyUs.max, 50_000);
  // Of everything that came back: here a refusal of nine seconds is counted, and what broke off is not.
  assert.equal(result.overall.latencyUs.count, 4);
  assert.equal(result.overall.latencyUs.max, 9e6);
  const { overall } = fold(rows, null, 'open');
  assert.deepEqual([overall.latencyUs.max, overall.serviceTimeUs.max], [9e6, 9e6]);
  assert.deepEqual(Object.keys(closed.latencyUs.percentiles), ['50', '90', '95', '99', '99.9']);
});

test('the histogram can be read back by the library', () => {
  const rows = Array.from({ length: 500 }, (_, i): Row => ({ version: 'v1', endUs: 1_000 + i * 37 }));
  const { latencyUs } = version(fold(rows), 'v1');
  const decoded = decodeFromCompressedBase64(latencyUs.histogram);
  assert.equal(decoded.totalCount, 500);
  assert.equal(decoded.getValueAtPercentile(50), latencyUs.percentiles['50']);
});

test('nothing at all, and no answers at all, are results too', () => {
  const nothing = fold([], { v1: 1, v2: 1 });
  assert.equal(nothing.durationMs, 0);
  assert.equal(nothing.requestsPerSecond, 0);
  assert.equal(nothing.verdict, 'inconclusive');
  assert.deepEqual(
    nothing.versions.map(({ share, shareInterval, deviationPoints, latencyUs }) => [
      share,
      shareInterval,
      deviationPoints,
      latencyUs.percentiles['50'],
    ]),
    [
      [null, null, null, null],
      [null, null, null, null],
    ],
  );
  assert.equal(decodeFromCompressedBase64(nothing.overall.latencyUs.histogram).totalCount, 0);
  const refused = fold(times(10, { outcome: 'refused', status: 0 }), { v1: 1, v2: 1 });
  assert.equal(refused.verdict, 'fail', 'all requests failed');
  assert.equal(refused.split?.verdict, 'inconclusive');
  assert.equal(refused.split?.unknownVersion, 0);
  assert.equal(refused.split?.moreRequestsNeeded, null);
});

test('a kept split passes, one that is off fails, and each check says why', () => {
  const kept = fold([...times(3600, { version: 'v1' }), ...times(400, { version: 'v2' })], {
    v1: 90,
    v2: 10,
  });
  assert.equal(kept.verdict, 'pass');
  assert.deepEqual(
    kept.checks.map(({ name, verdict, figure, bound }) => ({ name, verdict, figure, bound })),
    [
      { name: 'split/v1', verdict: 'pass', figure: 0.9, bound: [0.88, 0.92] },
      { name: 'split/v2', verdict: 'pass', figure: 0.1, bound: [0.08, 0.12000000000000001] },
      { name: 'errors/v1', verdict: 'pass', figure: 0, bound: [null, 0.01] },
      { name: 'errors/v2', verdict: 'pass', figure: 0, bound: [null, 0.01] },
      { name: 'errors', verdict: 'pass', figure: 0, bound: [null, 0.01] },
      { name: 'sent', verdict: 'pass', figure: 1, bound: [0.99, null] },
    ],
  );
  const [lo, hi] = version(kept, 'v2').shareInterval as [number, number];
  assert.ok(lo > 0.09 && lo < 0.1 && hi > 0.1 && hi < 0.11);
  assert.deepEqual(kept.split, {
    verdict: 'pass',
    tolerancePoints: 2,
    intervalConfidence: 0.9,
    unit: 'request',
    draws: 4000,
    unknownVersion: 0,
    moreRequestsNeeded: null,
    method: 'fixed',
    looks: 1,
    requestsAtVerdict: null,
    findings: [],
  });

  const off = fold([...times(3000, { version: 'v1' }), ...times(1000, { version: 'v2' })], {
    v1: 90,
    v2: 10,
  });
  assert.equal(off.verdict, 'fail');
  assert.equal(version(off, 'v2').deviationPoints, 15);

  const few = fold([...times(90, { version: 'v1' }), ...times(10, { version: 'v2' })], { v1: 90, v2: 10 });
  assert.equal(few.verdict, 'inconclusive');
  const [fewest, most] = few.split?.moreRequestsNeeded ?? [0, 0];
  assert.ok(fewest < 1000 && (most === null || most > 1000), `${fewest} to ${most}`);
});

test('requests of unknown version widen the interval; those not sent do not', () => {
  const answers = [...times(900, { version: 'v1' }), ...times(100, { version: 'v2' })];
  const unknown: Row[] = [
    ...times(20, { status: 503, outcome: 'overflow', origin: 'gateway' }),
    ...times(20, { outcome: 'timeout' }),
    ...times(10, { outcome: 'cut-off', version: 'v2' }),
    ...times(500, { outcome: 'refused' }),
    ...times(500, { outcome: 'not-sent' }),
  ];
  const result = fold([...answers, ...unknown], { v1: 90, v2: 10 });
  assert.equal(result.split?.unknownVersion, 50);
  assert.equal(result.split?.moreRequestsNeeded, null);
  const [lo, hi] = version(result, 'v2').shareInterval as [number, number];
  assert.ok(lo < 100 / 1050 && hi > 150 / 1050);
});

test('what broke after its version was read counts as drawn in the verdict', () => {
  // v2 is drawn half of the time but always breaks: by whole responses alone v1 would have everything.
  const rows = [
    ...times(3000, { version: 'v1' }),
    ...times(3000, { version: 'v2', outcome: 'truncated' as const }),
  ];
  const result = fold(rows, { v1: 1, v2: 1 });
  assert.equal(result.split?.verdict, 'pass');
  assert.equal(result.verdict, 'fail', 'every answer of v2 broke');
  assert.equal(version(result, 'v2').requests, 0);
  assert.ok(result.notes.some(({ code }) => code === 'broken-responses'));
});

test('labels stand for expected versions; others are versions of their own', () => {
  const maker = new BlockMaker();
  const calls: string[] = [];
  const run = new RunFold({
    ...maker.context(judgePlan({ 'backend-v1': 90, 'backend-v2': 10 })),
    versionOf: (label) => {
      calls.push(label);
      return /\bv[12]\b/.test(label) ? `backend-${label.slice(-2)}` : label;
    },
  });
  run.add(maker.block([{ version: 'hello from v1' }, { version: 'v1' }, { version: 'blue' }]));
  run.add(maker.block([{ version: 'hello from v1' }, { version: 'v10' }, { version: 'v9' }]));
  const result = run.result(runInfo(6));
  assert.deepEqual(
    result.versions.map(({ version: name, labels, requests, expectedShare }) => [
      name,
      labels,
      requests,
      expectedShare,
    ]),
    [
      ['backend-v1', ['hello from v1', 'v1'], 3, 0.9],
      ['backend-v2', [], 0, 0.1],
      ['blue', ['blue'], 1, null],
      ['v9', ['v9'], 1, null],
      ['v10', ['v10'], 1, null],
    ],
  );
  assert.deepEqual(calls, ['hello from v1', 'v1', 'blue', 'v10', 'v9']);
  assert.equal(result.verdict, 'fail');
  assert.deepEqual(
    result.checks.slice(2, 5).map(({ name, verdict, bound }) => [name, verdict, bound]),
    [
      ['split/blue', 'fail', [null, 0]],
      ['split/v9', 'fail', [null, 0]],
      ['split/v10', 'fail', [null, 0]],
    ],
  );
  assert.deepEqual(run.live(), {
    attributed: 6,
    unattributed: 0,
    failed: 0,
    cutOff: 0,
    before: 0,
    versions: result.versions.map(({ version: name, requests, expectedShare, errorRate, latencyUs }) => ({
      version: name,
      requests,
      expectedShare,
      errorRate,
      p99Us: latencyUs.percentiles['99'],
    })),
  });
});

test('versions and endpoints that a server invents are bounded', () => {
  const rows = Array.from(
    { length: 9000 },
    (_, i): Row => ({ version: `v${i % 500}`, endpoint: `10.0.${i % 9000}`, endUs: i * 1000 }),
  );
  const result = fold(rows);
  assert.equal(result.versions.length, 65);
  assert.equal(version(result, '(other)').requests, (9000 / 500) * (500 - 64));
  const listed = result.versions.flatMap(({ endpoints }) => endpoints);
  assert.ok(listed.length <= 65 * 257);
  assert.equal(
    listed.reduce((sum, { requests }) => sum + requests, 0),
    9000,
  );
  assert.ok(result.timeline.length <= 1024);
  assert.deepEqual(
    result.notes.map(({ code }) => code),
    ['versions-bounded', 'endpoints-bounded'],
  );
});

test('the timeline has rows by time and version, merged when the run is long', () => {
  const short = fold([
    ...Array<Row>(5).fill({ version: 'v2', endUs: 50_000, sendUs: 49_000 }),
    { version: 'v1', endUs: 60_000, sendUs: 50_000 },
    { version: 'v1', endUs: 150_000, status: 503, outcome: 'overflow', origin: 'gateway' },
    { endUs: 99_999.9, status: 404, sendUs: 0 },
    { version: 'v1', outcome: 'reset', endUs: 99_000 },
  ]);
  assert.equal(short.timelineIntervalMs, 100);
  assert.deepEqual(short.timeline, [
    {
      startMs: 0,
      version: 'v1',
      requests: 1,
      share: 1 / 6,
      statuses: { 200: 1 },
      errors: { reset: 1 },
      p50Us: null,
      p99Us: null,
      maxUs: 10_000,
    },
    {
      startMs: 0,
      version: 'v2',
      requests: 5,
      share: 5 / 6,
      statuses: { 200: 5 },
      errors: {},
      p50Us: 1_000,
      p99Us: null,
      maxUs: 1_000,
    },
    {
      startMs: 0,
      version: '(none)',
      requests: 1,
      share: null,
      statuses: { 404: 1 },
      errors: {},
      p50Us: null,
      p99Us: null,
      maxUs: 100_000,
    },
    {
      startMs: 100,
      version: 'v1',
      requests: 1,
      share: 1,
      statuses: { 503: 1 },
      errors: { overflow: 1 },
      p50Us: null,
      p99Us: null,
      maxUs: null,
    },
  ]);
  const long = fold(
    Array.from({ length: 3600 }, (_, second): Row => ({ version: 'v1', endUs: second * 1e6 + 500_000 })),
  );
  assert.equal(long.timelineIntervalMs, 25_600);
  assert.equal(long.timeline.length, 141);
  assert.equal(long.timeline[1]?.startMs, 25_600);
  assert.equal(
    long.timeline.reduce((sum, { requests }) => sum + requests, 0),
    3600,
  );
});

test('from 3 s to 24 h the timeline has at least 30 rows and at most 240, and neither an error nor a slow answer is lost in it', () => {
  const hour = 3_600_000_000;
  for (const [lengthUs, intervalMs, intervals] of [
    [3_000_000, 100, 30],
    [60_000_000, 400, 150],
    [hour, 25_600, 141],
    [24 * hour, 409_600, 211],
  ] as const) {
    const n = 10_000;
    const rows = Array.from({ length: n }, (_, i): Row => {
      const sendUs = Math.floor((i * lengthUs) / n);
      return {
        version: 'v1',
        sendUs,
        dueUs: sendUs,
        endUs: sendUs + (i === 7_000 ? 90_001 : 50),
        status: i === 3_000 ? 500 : 200,
      };
    });
    const { timeline, timelineIntervalMs } = fold(rows);
    assert.equal(timelineIntervalMs, intervalMs);
    assert.equal(timeline.length, intervals);
    assert.equal(
      timeline.reduce((sum, { requests }) => sum + requests, 0),
      n,
    );
    const startOf = (i: number) => Math.floor((i * lengthUs) / n / 1000 / intervalMs) * intervalMs;
    assert.deepEqual(
      timeline.filter(({ statuses }) => statuses[500] === 1).map(({ startMs }) => startMs),
      [startOf(3_000)],
    );
    const slow = timeline.filter(({ maxUs }) => maxUs !== 50);
    assert.deepEqual(
      slow.map(({ maxUs }) => maxUs),
      [90_001],
    );
    // It ends a little later than it was sent: in the same interval or in the next.
    assert.ok((slow[0]?.startMs as number) - startOf(7_000) <= intervalMs);
  }
});
const row = fc.record<Row>(
  {
    dueUs: fc.integer({ min: 0, max: 40_000_000 }),
    endUs: fc.double({ min: 0, max: 60_000_000, noNaN: true }),
    status: fc.constantFrom(200, 404, 500, 503),
    version: fc.constantFrom(null, 'v1', 'v2', 'v3'),
    endpoint: fc.constantFrom(null, '10.0.0.1', '10.0.0.2'),
    outcome: fc.constantFrom<OutcomeName[]>(...OUTCOMES.map(({ name }) => name)),
    origin: fc.constantFrom('backend', 'gateway', 'unknown'),
    phase: fc.constantFrom('measured', 'measured', 'measured', 'warmup', 'preflight', 'settle'),
  },
  { requiredKeys: [] },
);

test('the accounting adds up, whatever happens', () => {
  fc.assert(
    fc.property(fc.array(row, { maxLength: 120 }), (rows) => {
      const { requests, versions, unattributed, failures, overall, backends, gatewayReplies } = fold(rows, {
        v1: 1,
        v2: 1,
      });
      const total = (record: Record<string, number>) => Object.values(record).reduce((a, b) => a + b, 0);
      assert.equal(
        requests.scheduled,
        requests.attributed + requests.unattributed + requests.failed + requests.cutOff,
      );
      assert.equal(requests.scheduled + requests.preflight + requests.settle + requests.warmup, rows.length);
      for (const one of versions) assert.equal(total(one.statuses), one.requests);
      assert.equal(
        versions.reduce((sum, one) => sum + one.requests, 0),
        requests.attributed,
      );
      assert.equal(total(unattributed.kinds), unattributed.requests);
      assert.equal(total(failures), requests.failed);
      assert.equal(overall.requests, requests.attributed + requests.unattributed);
      assert.equal(backends.requests + total(gatewayReplies), overall.requests);
      for (const some of [overall, backends]) {
        assert.equal(total(some.statuses), some.requests);
        assert.equal(some.latencyUs.count, some.requests);
      }
    }),
    { seed: 14, numRuns: 150 },
  );
});

test('the order of blocks makes no difference to any figure', () => {
  const random = seededRandom(7);
  // Long enough, and with enough endpoints and versions, to pass every bound and be merged.
  const rows = Array.from(
    { length: 30_000 },
    (_, i): Row => ({
      dueUs: i * 2_000,
      sendUs: i * 2_000 + random() * 900,
      endUs: i * 2_000 + 1_000 + random() ** 8 * 3e6,
      version: random() < 0.05 ? null : `v${Math.floor(random() ** 3 * 90)}`,
      endpoint: `10.0.${Math.floor(random() ** 2 * 6000)}`,
      status: random() < 0.9 ? 200 : 500 + Math.floor(random() * 100),
    }),
  );
  const maker = new BlockMaker();
  const blocks = Array.from({ length: 30 }, (_, i) => maker.block(rows.slice(i * 1000, (i + 1) * 1000)));
  const jsonOf = (order: readonly number[]) => {
    const run = new RunFold(maker.context(judgePlan({ v1: 50, v2: 50 }), 'open'));
    for (const i of order) run.add(blocks[i] as (typeof blocks)[number]);
    return JSON.stringify(run.result(runInfo(rows.length)));
  };
  const inOrder = blocks.map((_, i) => i);
  const expected = jsonOf(inOrder);
  assert.equal(jsonOf(inOrder.toReversed()), expected);
  for (let round = 0; round < 3; round++) {
    const shuffled = inOrder.map((i) => [random(), i] as const).sort(([a], [b]) => a - b);
    assert.equal(jsonOf(shuffled.map(([, i]) => i)), expected);
  }
});
