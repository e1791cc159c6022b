import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunResult } from '../../../src/analysis/result.js';
import { RunFold } from '../../../src/analysis/run-fold.js';
import type { JudgePlan } from '../../../src/plan/plan.js';
import { BlockMaker, judgePlan, type Row, runInfo, seededRandom } from '../../support/blocks.js';

interface Made {
  readonly requests?: number;
  /** Share of v2 in force. */
  readonly share?: number;
  /** What a version is drawn for. */
  readonly unit?: 'request' | 'connection';
  /** Milliseconds that v2 takes; v1 takes one. */
  readonly slowMs?: number;
  readonly connections?: number;
  readonly seed?: number;
  readonly judge?: Partial<JudgePlan>;
  readonly row?: (row: Row, i: number) => Row;
}

/** One of the load's connections: when it is free, and the connection that is open now. */
interface Lane {
  freeUs: number;
  busy: boolean;
  serial: number;
  carried: number;
  version: string;
}

/** A closed loop against a gateway that draws, in the order in which its answers come, until the verdict or the last row. */
function run({
  requests = 20_000,
  share = 0.1,
  unit = 'request',
  slowMs = 1,
  connections = 50,
  seed = 1,
  judge = {},
  row = (one) => one,
}: Made): { result: RunResult; added: number } {
  const random = seededRandom(seed);
  const maker = new BlockMaker();
  const fold = new RunFold({
    ...maker.context({ ...judgePlan({ v1: 90, v2: 10 }), ...judge }),
    untilVerdict: { workers: 1, inFlight: connections, renews: true, ordered: true },
  });
  let serials = 0;
  const lanes = Array.from(
    { length: connections },
    (): Lane => ({ freeUs: 0, busy: false, serial: 0, carried: 0, version: 'v1' }),
  );
  const flight: [row: Row, lane: Lane][] = [];
  const draw = () => (random() < share ? 'v2' : 'v1');
  let sent = 0;
  let added = 0;
  for (;;) {
    const lane = lanes.find(({ busy }) => !busy);
    if (!fold.isDecided && lane !== undefined && sent < Math.min(requests, fold.allowedRequests)) {
      const spent = lane.carried >= (fold.requestsPerConnection ?? Number.POSITIVE_INFINITY);
      if (lane.serial === 0 || spent) {
        serials += 1;
        Object.assign(lane, { serial: serials, carried: 0, version: draw() });
      }
      const version = unit === 'request' ? draw() : lane.version;
      const sendUs = lane.freeUs;
      const endUs = sendUs + 1000 * (version === 'v2' ? slowMs : 1) + random();
      const made = { sequence: sent, connection: lane.serial, version, sendUs, dueUs: sendUs, endUs };
      flight.push([row(made, sent), lane]);
      lane.busy = true;
      lane.carried += 1;
      lane.freeUs = endUs;
      sent += 1;
    } else if (flight.length > 0) {
      flight.sort(([a], [b]) => (b.endUs as number) - (a.endUs as number));
      const [next, from] = flight.pop() as [Row, Lane];
      from.busy = false;
      fold.add(maker.block([next]));
      added += 1;
    } else return { result: fold.result(runInfo(sent)), added };
  }
}

test('a kept split passes at a look, and the verdict is over the requests of that look', () => {
  const { result, added } = run({});
  assert.equal(result.verdict, 'pass');
  const { split } = result;
  assert.equal(split?.method, 'sequential');
  const at = split?.requestsAtVerdict ?? 0;
  assert.ok(at % 100 === 0 && at < added && added - at <= 200, `${added} sent, ${at} at the verdict`);
  assert.equal(split?.draws, at);
  assert.equal(result.requests.scheduled, added);
  for (const { shareInterval, shareBounds } of result.versions) {
    assert.ok((shareInterval?.[0] ?? 0) > (shareBounds?.[0] ?? 1));
    assert.ok((shareInterval?.[1] ?? 1) < (shareBounds?.[1] ?? 0));
  }
});

test('a slow version is judged by the same requests as a fast one', () => {
  for (let seed = 1; seed <= 2; seed++) {
    const fast = run({ seed, judge: { only: ['split'] } });
    for (const slowMs of [20, 200]) {
      // The draws come in the order of sending, so that speeds change only the order of the answers.
      const slow = run({ seed, slowMs, judge: { only: ['split'] } });
      assert.equal(slow.result.split?.requestsAtVerdict, fast.result.split?.requestsAtVerdict);
      assert.equal(slow.result.verdict, fast.result.verdict);
      assert.deepEqual(
        slow.result.versions.map(({ shareInterval }) => shareInterval),
        fast.result.versions.map(({ shareInterval }) => shareInterval),
      );
    }
  }
});

test('a split that is off, a version that fails, and one that got nothing fail early', () => {
  const off = run({ share: 0.2 });
  assert.equal(off.result.verdict, 'fail');
  assert.equal(off.result.split?.verdict, 'fail');
  const failing = run({ row: (row) => (row.version === 'v2' ? { ...row, status: 500 } : row) });
  assert.equal(failing.result.verdict, 'fail');
  assert.equal(failing.result.split?.requestsAtVerdict, 100);
  assert.ok(failing.result.checks.some(({ name, verdict }) => name === 'errors/v2' && verdict === 'fail'));
  const none = run({ share: 0 });
  assert.equal(none.result.verdict, 'fail');
  // All got one version, so that connections may be the draws: 180 of them show it, where 50 are open at first.
  assert.equal(none.result.split?.unit, 'connection');
  assert.ok((none.result.split?.requestsAtVerdict ?? 0) < 2000);
});

test('a version that nobody expected fails the run, also when it answers after the verdict', () => {
  const first = run({ row: (row, i) => (i === 50 ? { ...row, version: 'v3' } : row) });
  assert.equal(first.result.split?.requestsAtVerdict, 100);
  assert.equal(first.result.verdict, 'fail');
  const at = run({}).result.split?.requestsAtVerdict ?? 0;
  const late = run({ row: (row, i) => (i === at + 10 ? { ...row, version: 'v3' } : row) });
  assert.equal(late.result.split?.requestsAtVerdict, at);
  assert.equal(late.result.verdict, 'fail');
  assert.equal(late.result.split?.verdict, 'fail');
  assert.match(late.result.checks.find(({ name }) => name === 'split/v3')?.text ?? '', /v3 is not expected/);
});

test('without a verdict at the cap, the last look is over all requests', () => {
  const { result } = run({ requests: 550 });
  assert.equal(result.verdict, 'inconclusive');
  assert.equal(result.split?.requestsAtVerdict, 550);
  assert.equal(result.split?.looks, 6);
  const [fewest, most] = result.split?.moreRequestsNeeded ?? [0, 0];
  assert.ok(fewest > 0 && (most === null || most >= fewest));
});

test('requests of unknown version bound the shares at every look', () => {
  const { result } = run({
    requests: 4000,
    judge: { only: ['split'] },
    row: (row, i) => (i % 20 === 0 ? { ...row, version: null } : row),
  });
  assert.equal(result.verdict, 'inconclusive');
  assert.equal(result.split?.unknownVersion, 200);
});

test('where connections keep to a version they are renewed, and each is one draw', () => {
  const only = { only: ['split' as const] };
  const verdicts = {
    kept: { pass: 0, fail: 0, inconclusive: 0 },
    off: { pass: 0, fail: 0, inconclusive: 0 },
  };
  for (let seed = 1; seed <= 3; seed++) {
    const sticky = { seed, unit: 'connection', requests: 12_000, connections: 16, judge: only } as const;
    const kept = run(sticky).result;
    assert.equal(kept.split?.unit, 'connection');
    assert.ok((kept.split?.draws ?? 0) > 200, 'connections were renewed');
    verdicts.kept[kept.verdict ?? 'fail'] += 1;
    verdicts.off[run({ ...sticky, share: 0.3 }).result.verdict ?? 'pass'] += 1;
  }
  assert.equal(verdicts.kept.fail, 0);
  assert.deepEqual(verdicts.off, { pass: 0, fail: 3, inconclusive: 0 });
});

test('connections are renewed also where their requests would never claim anything', () => {
  // Six of 50 connections have v2: 12 % of the requests, just on the boundary.
  let drawn = 0;
  const { result } = run({
    unit: 'connection',
    requests: 12_000,
    judge: { only: ['split'] },
    row: (row) => {
      const serial = row.connection as number;
      drawn = Math.max(drawn, serial);
      return serial > 50 ? row : { ...row, version: serial <= 6 ? 'v2' : 'v1' };
    },
  });
  assert.equal(result.split?.unit, 'connection');
  assert.ok(drawn > 200, `${drawn} connections`);
});

test('what few connections got says nothing until there are more of them', () => {
  // All eight connections have v1 with a chance of 43 %: that v2 got none of 100 requests then proves nothing.
  const found = Array.from({ length: 6 }, (_, seed) =>
    run({ seed: seed + 1, unit: 'connection', connections: 8, requests: 3000, judge: { only: ['split'] } }),
  );
  assert.ok(found.every(({ result }) => result.verdict !== 'fail'));
  const capped = run({ unit: 'connection', share: 0, connections: 8, requests: 150 });
  assert.equal(capped.result.split?.unit, 'connection');
  assert.equal(capped.result.split?.verdict, 'inconclusive');
});

test('limits of latency are judged when the requests have doubled', () => {
  const maxLatency = [{ version: null, percentile: 90, ms: 5 }];
  const kept = run({ judge: { only: ['latency'], maxLatency } });
  assert.equal(kept.result.verdict, 'pass');
  const at = kept.result.split === null ? kept.result.requests.scheduled : 0;
  assert.ok(at > 100);
  const slow = run({ slowMs: 20, judge: { only: ['latency'], maxLatency } });
  assert.equal(slow.result.verdict, 'fail');
});
