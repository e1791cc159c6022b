/** Runs that end when their verdict is known, with worker threads and saved runs. */
import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import { test } from 'node:test';
import { analyze } from '../src/analyze.js';
import { DEFAULT_JUDGE } from '../src/plan/judge.js';
import type { JudgePlan, LoadPlan, Plan } from '../src/plan/plan.js';
import { run } from '../src/run.js';
import { seededRandom } from './support/blocks.js';
import { liveRun } from './support/memory-run.js';
import { planFor } from './support/plan.js';
import { httpServer, type TestServer } from './support/servers.js';

/** Draws v2 with a chance of 30 %, which then answers after `slowMs`. */
function drawing(seed: number, slowMs = 0, status = 200): RequestListener {
  const random = seededRandom(seed);
  return (_request, reply) => {
    const v2 = random() < 0.3;
    const answer = () => {
      reply.writeHead(v2 ? status : 200, { 'x-version': v2 ? 'v2' : 'v1' });
      reply.end();
    };
    if (v2 && slowMs > 0) setTimeout(answer, slowMs);
    else answer();
  };
}

/** Five points of tolerance: about 900 requests. */
function untilVerdict(
  server: TestServer,
  load: Partial<LoadPlan> = {},
  judge: Partial<JudgePlan> = {},
): Plan {
  const plan = planFor(`http://${server.at}/`, {
    expect: { v1: 70, v2: 30 },
    load: { untilVerdict: true, requests: null, durationMs: 60_000, connections: 20, ...load },
  });
  const tolerance = { all: { fraction: 0.05, of: 'requests' as const }, versions: [] };
  return {
    ...plan,
    judge: { ...DEFAULT_JUDGE, expected: plan.judge.expected, tolerance, only: ['split'], ...judge },
  };
}

const OPTIONS = { preflight: false };

test('a run ends soon after the look that decides, and its saved file says the same', async (t) => {
  for (const load of [{ threads: 1 }, { threads: 2, connections: 150 }]) {
    const server = await httpServer(t, drawing(3, 5));
    const { result, saved } = await liveRun(untilVerdict(server, load), OPTIONS);
    const { split, requests } = result;
    assert.equal(split?.method, 'sequential');
    // 20 times what a run of a fixed size needs; a verdict takes about one time as many.
    assert.equal(result.load.requests, 18_200);
    assert.notEqual(result.verdict, 'inconclusive');
    const beyond = requests.scheduled - (split?.requestsAtVerdict ?? 0);
    assert.ok(beyond >= 0 && beyond <= Math.max(200, 2 * (load.connections ?? 20)), `${beyond} beyond`);
    assert.equal(requests.cutOff, 0, 'what was in flight is finished');
    assert.equal(server.seen.total, requests.scheduled);
    const again = await analyze([saved]);
    assert.deepEqual(again.split, split);
    assert.deepEqual(again.checks, result.checks);
    assert.deepEqual(again.versions, result.versions);
  }
});

test('a part of a run, and several runs, are judged once by the same tests', async (t) => {
  const server = await httpServer(t, drawing(4));
  const { saved } = await liveRun(untilVerdict(server), OPTIONS);
  const part = await analyze([saved], { cut: { sinceMs: 0, untilMs: null, where: {} } });
  assert.equal(part.split?.method, 'sequential');
  assert.equal(part.split?.looks, 1);
  assert.equal(part.split?.requestsAtVerdict, part.requests.scheduled);
});

test('an open loop keeps its rate until the verdict', async (t) => {
  const server = await httpServer(t, drawing(5));
  const load = { mode: 'open', ratePerSecond: 1500, maxInFlight: 50, requests: 4000 } as const;
  const { split, requests, ended } = await run(untilVerdict(server, load), OPTIONS);
  assert.equal(ended, 'completed');
  // How many more are sent depends on how busy the machine is: an open loop waits for no look.
  assert.ok((split?.requestsAtVerdict ?? 0) <= requests.scheduled && requests.scheduled <= 4000);
  assert.equal(split?.method, 'sequential');
});

test('a version that fails ends the run at the first look', async (t) => {
  const server = await httpServer(t, drawing(6, 0, 500));
  const result = await run(untilVerdict(server, {}, { only: null }), OPTIONS);
  assert.equal(result.verdict, 'fail');
  assert.equal(result.split?.requestsAtVerdict, 100);
  assert.ok(result.requests.scheduled <= 300);
});

test('at the cap of requests, and of time, the verdict is what is known', async (t) => {
  const server = await httpServer(t, drawing(7));
  const byCount = await run(untilVerdict(server, { requests: 150 }), OPTIONS);
  assert.equal(byCount.requests.scheduled, 150);
  assert.equal(byCount.split?.requestsAtVerdict, 150);
  assert.equal(byCount.verdict, 'inconclusive');
  const slow = await httpServer(t, drawing(7, 20));
  const byTime = await run(untilVerdict(slow, { durationMs: 30, connections: 2 }), OPTIONS);
  assert.equal(byTime.verdict, 'inconclusive');
  assert.equal(byTime.requests.cutOff, 0);
});

test('a gateway that is gone ends the run with its errors', async (t) => {
  const server = await httpServer(t, drawing(8));
  const plan = untilVerdict(server, {}, { only: null });
  await server.kill();
  const result = await run(plan, OPTIONS);
  assert.equal(result.verdict, 'fail');
  assert.ok(result.checks.some(({ name, verdict }) => name === 'errors' && verdict === 'fail'));
});

test('connections that keep to a version are closed after some requests, and the saved file says the same', async (t) => {
  const random = seededRandom(9);
  const server = await httpServer(t, (request, reply) => {
    const socket = request.socket as typeof request.socket & { version?: string };
    socket.version ??= random() < 0.5 ? 'v2' : 'v1';
    reply.setHeader('x-version', socket.version);
    reply.end();
  });
  const { result, saved } = await liveRun(untilVerdict(server, { connections: 8 }), OPTIONS);
  assert.equal(result.split?.unit, 'connection');
  assert.equal(result.verdict, 'fail', 'half of the connections get v2, where 30 % are expected');
  assert.ok(server.seen.requests.length > 20);
  const again = await analyze([saved]);
  assert.deepEqual(again.split, result.split);
  assert.deepEqual(again.checks, result.checks);
});
