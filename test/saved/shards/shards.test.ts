/** Several files as one run: what depends on who measured what, and what does not. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { analyze } from '../../../src/analyze.js';
import {
  BLOCK_CAPACITY,
  NO_LABEL,
  ORIGIN,
  PHASE,
  type SampleBlock,
} from '../../../src/blocks/sample-block.js';
import { UserError } from '../../../src/errors.js';
import type { EjectionRule, Plan } from '../../../src/plan/plan.js';
import { tolerances } from '../../../src/plan/tolerance.js';
import { planDifference } from '../../../src/saved/shards/plan-difference.js';
import { Shards } from '../../../src/saved/shards/shards.js';
import { seededRandom } from '../../support/blocks.js';
import { ruleWith } from '../../support/ejection-rule.js';
import {
  blockOfRows,
  type FullRow,
  figures,
  liveRun,
  MemoryRun,
  rowsOfBlock,
  shardsOf,
} from '../../support/memory-run.js';
import { planFor } from '../../support/plan.js';
import { httpServer, rawServer, response } from '../../support/servers.js';

const EMPTY: FullRow = {
  dueUs: 0,
  sendUs: 0,
  firstByteUs: 0,
  endUs: 0,
  connection: 0,
  sequence: 0,
  bytes: 0,
  status: 200,
  version: NO_LABEL,
  endpoint: NO_LABEL,
  address: NO_LABEL,
  worker: 0,
  outcome: 0,
  origin: ORIGIN.backend,
  phase: PHASE.measured,
};

const refused = (words: RegExp) => (error: unknown) =>
  error instanceof UserError && error.exitCode === 2 && words.test(error.message);

/** 90/10 with everything that can go wrong, many labels, and endpoints that tie. */
async function troubled(t: Parameters<typeof rawServer>[0], changes: Partial<Plan['load']> = {}) {
  const server = await rawServer(t, (socket, { inAll }) => {
    if (inAll % 31 === 0) socket.end('HTTP/1.1 200 OK\r\nx-version: v2\r\ncontent-length: 100\r\n\r\nhalf');
    else if (inAll % 29 === 0) socket.destroy();
    else if (inAll % 23 === 0) {
      socket.write(response({ status: 503, headers: { 'x-version': '' }, body: 'no healthy upstream' }));
    } else {
      const label = inAll % 10 === 0 ? `v2 ${inAll % 3}` : inAll % 97 === 0 ? 'stranger' : 'v1';
      const headers = { 'x-version': label, 'x-pod': `pod-${inAll % 12}` };
      socket.write(response({ status: inAll % 19 === 0 ? 500 : 200, headers }));
    }
  });
  return liveRun(
    planFor(`http://${server.at}/`, {
      expect: { v1: 90, v2: 10 },
      load: { requests: 2400, connections: 8, maxInFlight: 8, threads: 2, ...changes },
      identify: { endpoint: { from: 'header', name: 'x-pod' } },
    }),
  );
}

test('a run in eight shards has the figures of the whole, however it was divided', async (t) => {
  const { result, saved } = await troubled(t, { warmup: { requests: 100 } });
  const random = seededRandom(5);
  const divisions: ((row: FullRow) => number)[] = [
    ({ worker, connection }) => (worker * 5 + connection) % 8,
    () => Math.floor(random() * 8),
    ({ sequence }) => sequence % 8,
    // One has nothing.
    ({ phase }) => (phase === PHASE.measured ? 7 : 0),
  ];
  for (const shardOf of divisions) {
    const shards = shardsOf(saved, 8, shardOf);
    const merged = await analyze(shards);
    assert.deepEqual(figures(merged), figures(result));
    assert.deepEqual(
      { ...merged.load, requests: result.load.requests, threads: 2 },
      { ...result.load, maxInFlight: merged.load.maxInFlight },
    );
    assert.deepEqual(figures(await analyze([...shards].reverse())), figures(result));
    const note = merged.notes.find(({ code }) => code === 'shards')?.text ?? '';
    assert.match(note, /^8 files were read as shards of one run; the last began 0 ms after the first\./);
    assert.ok(shards.every(({ open }) => open === 0));
  }
});

test('an open loop in shards: times from the due time, lateness and rate add up', async (t) => {
  const { result, saved } = await troubled(t, { mode: 'open', ratePerSecond: 4000, requests: 1200 });
  const plans = [1000, 3000];
  const shards = shardsOf(saved, 2, ({ sequence }) => sequence % 2).map((shard, i) => {
    const { plan } = shard;
    return shard.with({
      plan: {
        ...plan,
        load: { ...plan.load, ratePerSecond: plans[i] as number, maxInFlight: 4, requests: 600 },
      },
    });
  });
  const merged = await analyze(shards);
  assert.deepEqual(figures(merged), figures(result));
  assert.equal(merged.load.ratePerSecond, 4000);
  assert.equal(merged.load.requests, 1200);
  assert.equal(merged.load.maxInFlight, 8);
  assert.deepEqual(merged.load.lateness, result.load.lateness);
});

test('shards that began apart: latencies are exact, and when things happened is shifted', async (t) => {
  const { result, saved } = await troubled(t);
  const laterUs = 1_234_567;
  const shards = shardsOf(saved, 3, ({ sequence }) => sequence % 3).map((shard, i) =>
    shard.with({ startedAtUs: saved.startedAtUs + (i === 1 ? 0 : i * laterUs) }),
  );
  const merged = await analyze(shards);
  const timeless = ({
    timeline: _t,
    timelineIntervalMs: _i,
    runningShares: _s,
    durationMs: _d,
    requestsPerSecond: _r,
    ejections: _e,
    connections,
    split,
    ...rest
  }: ReturnType<typeof figures>) => ({
    ...rest,
    // The order of sending is another one: turns and changes are seen in it, and connections are compared with those of their time.
    connections:
      connections === null ? null : { ...connections, takesTurns: null, p: null, designEffect: null },
    split: split === null ? null : { ...split, findings: [] },
  });
  assert.deepEqual(timeless(figures(merged)), timeless(figures(result)));
  assert.equal(merged.startedAt, result.startedAt);
  const lastEnd = (run: MemoryRun) =>
    Math.max(...run.kept.flatMap((block) => rowsOfBlock(block).map(({ endUs }) => endUs)));
  const firstDue = (run: MemoryRun) =>
    Math.min(
      ...run.kept.flatMap((block) =>
        rowsOfBlock(block).map(({ dueUs, phase }) =>
          phase === PHASE.measured ? dueUs : Number.POSITIVE_INFINITY,
        ),
      ),
    );
  const from = Math.min(...shards.map((run) => firstDue(run) + (run.startedAtUs - saved.startedAtUs)));
  const to = Math.max(...shards.map((run) => lastEnd(run) + (run.startedAtUs - saved.startedAtUs)));
  assert.ok(Math.abs(merged.durationMs - (to - from) / 1000) < 1e-6);
  const rows = (of: typeof result) => of.timeline.reduce((sum, { requests }) => sum + requests, 0);
  assert.equal(rows(merged), rows(result));
  const last = merged.timeline.at(-1);
  assert.ok((last?.startMs ?? 0) > 2 * (laterUs / 1000) - merged.timelineIntervalMs);
  assert.match(
    merged.notes.find(({ code }) => code === 'shards')?.text ?? '',
    /the last began 2\.469 s after the first\. .*wall clocks.*Only the timeline, the duration and the rate depend on it/,
  );
});

test('the largest step of a clock is said; so is a gap between runs that do not overlap', async (t) => {
  const { saved } = await troubled(t, { requests: 300 });
  const shards = shardsOf(saved, 3, ({ sequence }) => sequence % 3);
  const stepped = shards.map((shard, i) =>
    shard.with({
      runEnd: {
        ...(shard.runEnd as NonNullable<typeof shard.runEnd>),
        clockStepUs: [100, -84_000, 0][i] as number,
      },
    }),
  );
  const close = await analyze(stepped);
  assert.match(close.notes.find(({ code }) => code === 'shards')?.text ?? '', /moved by more than 84 ms/);
  assert.equal(
    close.notes.some(({ code }) => code === 'shards-apart'),
    false,
  );
  const apart = await analyze(
    shards.map((shard, i) => shard.with({ startedAtUs: saved.startedAtUs + (i === 2 ? 3_600_000_000 : 0) })),
  );
  assert.match(
    apart.notes.find(({ code }) => code === 'shards-apart')?.text ?? '',
    /^When shard-2\.arrow began, .* 3(600|59\d)(\.\d+)? s earlier/,
  );
});

test('notes that all shards have are said once, the others with their file', async (t) => {
  const { saved } = await troubled(t, { requests: 300 });
  const notes = (...texts: string[]) => texts.map((text) => ({ code: 'failure-sample', text }) as const);
  const shards = shardsOf(saved, 2, ({ sequence }) => sequence % 2).map((shard, i) =>
    shard.with({
      runEnd: {
        ...(shard.runEnd as NonNullable<typeof shard.runEnd>),
        ended: i === 0 ? 'completed' : 'interrupted',
        notes: i === 0 ? notes('both') : notes('both', 'only one'),
      },
    }),
  );
  const merged = await analyze(shards);
  assert.equal(merged.ended, 'interrupted');
  assert.deepEqual(
    merged.notes.filter(({ code }) => code === 'failure-sample').map(({ text }) => text),
    ['both', 'shard-1.arrow: only one'],
  );
});

test('a shard whose file is cut: named, and what is not known is not made up', async (t) => {
  const { saved } = await troubled(t, { requests: 600 });
  const shards = shardsOf(saved, 2, ({ sequence }) => sequence % 2);
  const [whole, other] = shards as [MemoryRun, MemoryRun];
  const merged = await analyze([whole, other.with({ runEnd: null, kept: other.kept.slice(0, 1) })]);
  assert.equal(merged.ended, 'truncated');
  assert.equal(merged.load.connectUs, null);
  assert.match(merged.notes.find(({ code }) => code === 'file-cut')?.text ?? '', /^shard-1\.arrow was cut/);
});

test('the same run twice is refused, and so is a copy that is cut', async (t) => {
  const { saved } = await troubled(t, { requests: 300 });
  const copy = saved.with({ file: 'copy.arrow' });
  const words = /copy\.arrow holds the same run as run\.arrow: its requests would be counted twice/;
  await assert.rejects(analyze([saved, copy]), refused(words));
  await assert.rejects(
    analyze([saved, copy.with({ runEnd: null, kept: saved.kept.slice(0, 2) })]),
    refused(words),
  );
  assert.equal(saved.open + copy.open, 0, 'readers are closed');
  // Two generators may well begin in the same microsecond.
  const [first, second] = shardsOf(saved, 2, ({ sequence }) => sequence % 2) as [MemoryRun, MemoryRun];
  await analyze([first, second]);
});

test('runs that were not made alike are refused, with what differs', async (t) => {
  const server = await httpServer(t, (_request, reply) => reply.end());
  const { saved } = await liveRun(
    planFor(`http://${server.at}/`, { expect: { v1: 90, v2: 10 }, load: { requests: 8 } }),
  );
  const other = (change: (plan: Plan) => Plan) =>
    saved.with({ file: 'other.arrow', startedAtUs: saved.startedAtUs + 1, plan: change(saved.plan) });
  await assert.rejects(
    analyze([saved, other((plan) => ({ ...plan, judge: { ...plan.judge, tolerance: tolerances(0.03) } }))]),
    refused(
      /run\.arrow and other\.arrow differ in judge\.tolerance: null in the first and \{"all":\{"fraction":0\.03.* in the second\. .*one by one/,
    ),
  );
  await assert.rejects(
    analyze([
      saved,
      Object.assign(
        other((plan) => plan),
        { imported: true },
      ),
    ]),
    refused(/other\.arrow is from another tool and run\.arrow is not/),
  );
});

test('what may differ between shards, what may not, and what is not shown', () => {
  const plan = planFor('http://203.0.113.7/', {
    expect: { v1: 90, v2: 10 },
    flags: { headers: ['Authorization: Bearer hunter2', 'x-a: b'] },
  });
  const load = (changes: Partial<Plan['load']>): Plan => ({ ...plan, load: { ...plan.load, ...changes } });
  const target = (changes: Partial<Plan['target']>): Plan => ({
    ...plan,
    target: { ...plan.target, ...changes },
  });
  const policy = (source: string, host = 'b'): Plan => ({
    ...plan,
    policies: [{ source, host, subset: null, trafficPolicy: { a: [1] }, scope: 'version' }],
  });
  const rule = (changes: Partial<EjectionRule>): Plan => ({ ...plan, ejection: [ruleWith(changes)] });
  const same: [Plan, Plan][] = [
    [plan, load({ connections: 9, maxInFlight: 9, requests: 1, ratePerSecond: 5, seed: 2, threads: 7 })],
    [plan, target({ connectTo: [{ kind: 'tcp', host: '203.0.113.9', port: 80 }] })],
    [plan, { ...plan, notes: [{ code: 'settled', text: 'b' }] }],
    [plan, { ...plan, identify: { ...plan.identify, upstreamTimeStamped: true } }],
    [policy('DestinationRule a (/x/a.yaml, line 3)'), policy('DestinationRule a (a.yaml, line 3)')],
    [rule({}), rule({ source: 'DestinationRule a (a.yaml, line 3)', endpoints: null })],
    [plan, { ...plan, secretHeaders: ['x-tenant'] }],
  ];
  for (const [first, second] of same) assert.equal(planDifference(first, second), null);
  const headers = (value: string): Plan =>
    target({
      headers: plan.target.headers.map(([name, old]) => [name, name === 'Authorization' ? value : old]),
    });
  const different: [Plan, Plan, string, readonly [string, string] | null][] = [
    [plan, load({ mode: 'open' }), 'load.mode', ['"closed"', '"open"']],
    [plan, load({ durationMs: 5 }), 'load.durationMs', ['null', '5']],
    [plan, load({ warmup: { requests: 5 } }), 'load.warmup', ['null', '{"requests":5}']],
    [plan, target({ host: 'a\u001b[2J' }), 'target.host', ['"203.0.113.7"', '"a\\u001b[2J"']],
    [plan, { ...plan, judge: { ...plan.judge, expected: null } }, 'judge.expected', null],
    [policy('a'), policy('a', 'c'), 'policies[0].host', ['"b"', '"c"']],
    [policy('a'), plan, 'policies[0]', null],
    [rule({}), rule({ intervalMs: 5 }), 'ejection[0].intervalMs', ['30000', '5']],
    [rule({}), plan, 'ejection[0]', null],
    [plan, headers('Bearer hunter3'), 'target.headers[0][1]', null],
    [target({ path: '/a?token=hunter2' }), target({ path: '/a?token=hunter3' }), 'target.path', null],
    [
      target({ path: '/a?token=hunter2' }),
      target({ path: '/b?token=hunter3' }),
      'target.path',
      ['"/a?token=(secret)"', '"/b?token=(secret)"'],
    ],
    [plan, target({ tls: { ...plan.target.tls, key: 'PEM' } }), 'target.tls.key', null],
  ];
  for (const [first, second, path, values] of different) {
    const found = planDifference(first, second);
    assert.equal(found?.path, path);
    if (values !== null) assert.deepEqual(found?.values, values);
    assert.doesNotMatch(JSON.stringify(found), /hunter|PEM/);
  }
  assert.equal(planDifference(plan, headers('x'))?.values, null);
  const shown = planDifference(plan, target({ headers: [...plan.target.headers.slice(0, 1), ['x-a', 'c']] }));
  assert.deepEqual(shown, { path: 'target.headers[1][1]', values: ['"b"', '"c"'] });
});

test('blocks of several runs come in the order of time, one of each run at a time', async () => {
  const rows = (from: number, every: number, count: number): FullRow[] =>
    Array.from({ length: count }, (_, i) => {
      const at = from + i * every;
      return { ...EMPTY, dueUs: at, sendUs: at, endUs: at + 10, sequence: i };
    });
  const plan = planFor('http://203.0.113.7/');
  const labels = { versions: [], endpoints: [], addresses: [] };
  const saved = (file: string, startedAtUs: number, all: FullRow[]): MemoryRun => {
    const kept: SampleBlock[] = [];
    for (let at = 0; at < all.length; at += 10) kept.push(blockOfRows(all.slice(at, at + 10)));
    return new MemoryRun(file, plan, startedAtUs, labels, kept, null);
  };
  const shards = new Shards([
    saved('a', 5_000, rows(0, 10, 200)),
    saved('b', 5_700, rows(0, 3, 200)),
    saved('c', 5_001, rows(500, 40, 55)),
    saved('d', 5_000, []),
  ]);
  const firsts: number[] = [];
  let count = 0;
  for await (const { block, shiftUs } of shards.blocks()) {
    assert.ok(block.length <= BLOCK_CAPACITY);
    firsts.push((block.endUs[0] as number) + shiftUs);
    count += block.length;
  }
  assert.equal(count, 455);
  assert.deepEqual(
    firsts,
    [...firsts].sort((a, b) => a - b),
  );
  assert.deepEqual(shards.startedAtUs, 5_000);
});
