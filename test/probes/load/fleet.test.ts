/** Several worker threads: what they send adds up to the plan exactly. */
import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import { test } from 'node:test';
import { outcomeOf } from '../../../src/blocks/outcome.js';
import { RunLabels } from '../../../src/blocks/run-labels.js';
import { NO_LABEL } from '../../../src/blocks/sample-block.js';
import { wallClockUs } from '../../../src/blocks/wall-clock.js';
import type { Plan } from '../../../src/plan/plan.js';
import { MAX_BLOCKS_IN_FLIGHT } from '../../../src/probes/load/engine.js';
import { type FleetOptions, runFleet } from '../../../src/probes/load/fleet.js';
import { SupervisedWorker } from '../../../src/probes/load/supervised-worker.js';
import { planFor } from '../../support/plan.js';
import { httpServer } from '../../support/servers.js';

interface Row {
  worker: number;
  sequence: number;
  dueUs: number;
  sendUs: number;
  endUs: number;
  version: string | null;
  outcome: string;
}

async function collect(plan: Plan, options: Partial<FleetOptions> = {}) {
  const labels = new RunLabels();
  const rows: Row[] = [];
  const fleet = await runFleet(plan, labels, {
    onBlock: (block) => {
      for (let row = 0; row < block.length; row += 1) {
        const version = block.version[row] as number;
        rows.push({
          worker: block.worker[row] as number,
          sequence: block.sequence[row] as number,
          dueUs: block.dueUs[row] as number,
          sendUs: block.sendUs[row] as number,
          endUs: block.endUs[row] as number,
          version: version === NO_LABEL ? null : (labels.versions[version] as string),
          outcome: outcomeOf(block.outcome[row] as number).name,
        });
      }
      return null;
    },
    ...options,
  });
  return { fleet, rows, labels, scheduled: fleet.scheduled.measured };
}

const answer: RequestListener = (_request, reply) => {
  reply.setHeader('x-version', 'v1');
  reply.end('ok');
};

test('three threads share 7 connections and 98 requests exactly', async (t) => {
  const waiting: (() => void)[] = [];
  const server = await httpServer(t, (_request, reply) => {
    waiting.push(() => reply.end('ok'));
    // Nothing is answered before all seven are there.
    if (server.seen.total >= 7) for (const release of waiting.splice(0)) release();
  });
  const plan = planFor(`http://${server.at}`, { load: { connections: 7, requests: 98, threads: 3 } });
  const { rows, fleet, scheduled } = await collect(plan);
  assert.equal(scheduled, 98);
  assert.equal(rows.filter(({ outcome }) => outcome === 'ok').length, 98);
  assert.equal(rows.length, 98);
  assert.equal(server.seen.total, 98);
  assert.equal(server.seen.mostOpen, 7);
  assert.equal(fleet.summaries.length, 3);
  assert.deepEqual([...new Set(rows.map(({ worker }) => worker))].sort(), [0, 1, 2]);
});

test('several threads keep --requests-per-connection', async (t) => {
  const server = await httpServer(t, answer);
  const plan = planFor(`http://${server.at}`, {
    load: { connections: 4, requests: 120, threads: 2, requestsPerConnection: 3 },
  });
  const { rows } = await collect(plan);
  assert.equal(rows.length, 120);
  assert.equal(server.seen.total, 120);
  assert.ok(server.seen.requests.every((count) => count <= 3));
  // The last connection of each of the four can end early.
  assert.ok(server.seen.requests.filter((count) => count < 3).length <= 4);
});

test('two threads’ due times are those of one, and begin on time', async (t) => {
  const server = await httpServer(t, answer);
  const plan = planFor(`http://${server.at}`, {
    load: { mode: 'open', ratePerSecond: 400, requests: 121, threads: 2, maxInFlight: 40, connections: 40 },
  });
  const called = wallClockUs();
  const { rows, fleet } = await collect(plan);
  const due = rows.map(({ dueUs }) => dueUs).sort((a, b) => a - b);
  assert.deepEqual(
    due,
    due.map((_, index) => index * 2500),
  );
  assert.equal(due.length, 121);
  // Loading a thread takes some 100 ms: the schedule begins after it, or its first requests would be late.
  assert.ok(fleet.startedAtUs - called >= 10_000);
});

test('labels of the threads are one table, however each thread numbered them', async (t) => {
  // Each worker connects in its own order, and so learns the labels in its own order.
  const server = await httpServer(t, (_request, reply) => {
    reply.setHeader('x-version', `v${server.seen.total % 5}`);
    reply.end('ok');
  });
  const plan = planFor(`http://${server.at}`, { load: { connections: 4, requests: 200, threads: 2 } });
  const { rows, labels } = await collect(plan);
  const counts = new Map<string | null, number>();
  for (const { version } of rows) counts.set(version, (counts.get(version) ?? 0) + 1);
  assert.deepEqual(Object.fromEntries([...counts].sort()), { v0: 40, v1: 40, v2: 40, v3: 40, v4: 40 });
  assert.equal(labels.versions.length, 5);
});

test('labels without end are bounded, and that is told', async (t) => {
  const server = await httpServer(t, (_request, reply) => {
    reply.setHeader('x-version', `invented-${server.seen.total}`);
    reply.end('ok');
  });
  const plan = planFor(`http://${server.at}`, { load: { connections: 16, requests: 5000, threads: 2 } });
  const { rows, fleet, labels } = await collect(plan);
  assert.equal(rows.length, 5000);
  assert.equal(fleet.labelsOverflowed, true);
  assert.equal(labels.versions.length, 4096);
  assert.equal(rows.filter(({ version }) => version === '(other)').length, 5000 - 4095);
});

test('more threads than connections: each thread has one', async (t) => {
  const server = await httpServer(t, answer);
  const plan = planFor(`http://${server.at}`, { load: { connections: 2, requests: 11, threads: 5 } });
  const { rows, fleet } = await collect(plan);
  assert.equal(rows.length, 11);
  assert.equal(fleet.summaries.length, 2);
});

test('a signal that came before: nothing is sent', async (t) => {
  const server = await httpServer(t, answer);
  const plan = planFor(`http://${server.at}`, { load: { connections: 2, requests: 11, threads: 2 } });
  const { rows, scheduled } = await collect(plan, { signal: AbortSignal.abort() });
  assert.equal(scheduled, 0);
  assert.equal(rows.length, 0);
  assert.equal(server.seen.requests.length, 0, 'no connection was opened');
});

test('a signal in the run cuts all threads off', async (t) => {
  const controller = new AbortController();
  const server = await httpServer(t, (_request, reply) => {
    if (server.seen.total <= 20) reply.end('ok');
    if (server.seen.total === 24) controller.abort();
  });
  const plan = planFor(`http://${server.at}`, { load: { connections: 4, requests: 1000, threads: 2 } });
  const { rows, scheduled } = await collect(plan, { signal: controller.signal });
  const cutOff = rows.filter(({ outcome }) => outcome === 'cut-off').length;
  assert.equal(cutOff, 4);
  assert.equal(rows.length, 24);
  assert.equal(scheduled, 24);
});

test('a reader without room holds the workers back, and loses nothing', async (t) => {
  const server = await httpServer(t, (_request, reply) => {
    setTimeout(() => answer(_request, reply), 10);
  });
  // A block is posted every 200 ms, of at most 160 rows: more blocks than a worker may have out.
  const REQUESTS = 5000;
  const plan = planFor(`http://${server.at}`, { load: { connections: 8, requests: REQUESTS, threads: 1 } });
  const waiting: (() => void)[] = [];
  let seen = 0;
  let most = 0;
  const full = new Promise<void>((stalled) => {
    void runFleet(plan, new RunLabels(), {
      onBlock: (block) => {
        seen += block.length;
        const room = new Promise<void>((resolve) => waiting.push(resolve));
        most = Math.max(most, waiting.length);
        if (waiting.length > MAX_BLOCKS_IN_FLIGHT) stalled();
        return room;
      },
    }).then(() => ended());
  });
  let ended = () => {};
  const done = new Promise<void>((resolve) => {
    ended = resolve;
  });
  await full;
  assert.ok(seen < REQUESTS);
  while (seen < REQUESTS) {
    for (const release of waiting.splice(0)) release();
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  await done;
  assert.equal(seen, REQUESTS);
  // Blocks are posted each 200 ms too, part-filled, while requests in flight end.
  assert.ok(most <= MAX_BLOCKS_IN_FLIGHT + 3, `${most} blocks`);
});

test('a reader that fails stops the run, and its error is told', async (t) => {
  const server = await httpServer(t, answer);
  const plan = planFor(`http://${server.at}`, { load: { connections: 2, requests: 50, threads: 2 } });
  const failing = {
    onBlock: () => {
      throw new Error('the reader failed');
    },
  };
  const { fleet } = await collect(plan, failing);
  assert.match(fleet.failure?.message ?? '', /the reader failed/);
  assert.equal(fleet.summaries.length, 2);
});

test('a worker that dies stops the run, and its error is told', async () => {
  const plan = planFor('http://127.0.0.1:1/', {
    identify: { version: { from: 'body', pattern: '(', flags: '' } },
    load: { threads: 2 },
  });
  const { fleet } = await collect(plan);
  assert.match(fleet.failure?.message ?? '', /^worker thread [12] of 2 failed: missing closing \)/);
  assert.ok(fleet.summaries.length < 2);
});

test('a thread that does not become ready is ended; one that is ready may wait', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const plan = planFor('http://127.0.0.1:9/', { load: { connections: 1 } });
  const failures: string[] = [];
  const start = (onReady = () => {}) =>
    new SupervisedWorker(
      { plan, worker: 0, workers: 1 },
      { onReady, onBlock: () => {}, onFailure: ({ message }) => failures.push(message) },
    );
  // Nothing that a thread sends is seen in between.
  const slow = start();
  t.mock.timers.tick(29_000);
  assert.deepEqual(failures, []);
  t.mock.timers.tick(1_000);
  assert.deepEqual(failures, ['worker thread 1 of 1 did not respond for 30 s and was ended']);
  assert.equal(await slow.ended, null);
  const ready = await new Promise<SupervisedWorker>((resolve) => {
    const worker = start(() => resolve(worker));
  });
  t.mock.timers.tick(60_000);
  assert.equal(failures.length, 1);
  ready.terminate();
  assert.equal(await ready.ended, null);
});
