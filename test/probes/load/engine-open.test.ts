/** The open loop: requests are due whether or not earlier ones came back. */
import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import { test } from 'node:test';
import type { LoadPlan } from '../../../src/plan/plan.js';
import { runEngine } from '../../support/engine.js';
import { planFor } from '../../support/plan.js';
import { httpServer, unusedPort } from '../../support/servers.js';

const open = (load: Partial<LoadPlan>): { load: Partial<LoadPlan> } => ({
  load: { mode: 'open', requests: null, maxInFlight: 50, connections: 50, ...load },
});

const answer: RequestListener = (_request, reply) => {
  reply.setHeader('x-version', 'v1');
  reply.end('ok');
};

test('requests go out at the rate, at their due times, and each is counted', async (t) => {
  const server = await httpServer(t, answer);
  const plan = planFor(
    `http://${server.at}`,
    open({ ratePerSecond: 500, durationMs: 600, maxInFlight: 300 }),
  );
  const { samples, outcomes, summary } = await runEngine(plan);
  assert.deepEqual(outcomes, { ok: 300 });
  assert.equal(server.seen.total, 300);
  const due = samples.map(({ dueUs }) => dueUs).sort((a, b) => a - b);
  assert.deepEqual(
    due,
    due.map((_, index) => index * 2000),
  );
  for (const { dueUs, sendUs } of samples) assert.ok(sendUs >= dueUs, 'never before its time');
  assert.equal(summary.generatorCount, 300, 'a connection was always free');
});

test('poisson arrivals are counted alike', async (t) => {
  const server = await httpServer(t, answer);
  const plan = planFor(
    `http://${server.at}`,
    open({ ratePerSecond: 1000, requests: 200, arrival: 'poisson', seed: 5 }),
  );
  const { outcomes, samples } = await runEngine(plan);
  assert.deepEqual(outcomes, { ok: 200 });
  const again = await runEngine(plan);
  const dues = (run: typeof samples) => run.map(({ dueUs }) => dueUs).sort((a, b) => a - b);
  assert.deepEqual(dues(again.samples), dues(samples));
});

test('-n ends it without a time', async (t) => {
  const server = await httpServer(t, answer);
  const plan = planFor(`http://${server.at}`, open({ ratePerSecond: 2000, requests: 123 }));
  assert.deepEqual((await runEngine(plan)).outcomes, { ok: 123 });
  assert.equal(server.seen.total, 123);
});

test('--max-in-flight is kept, and what waited for a connection is not our lateness', async (t) => {
  let inFlight = 0;
  let most = 0;
  const server = await httpServer(t, (_request, reply) => {
    inFlight += 1;
    most = Math.max(most, inFlight);
    setTimeout(() => {
      inFlight -= 1;
      reply.end('ok');
    }, 20);
  });
  // 3 at a time of 20 ms each can do at most 150 per second: half of the rate has to wait.
  const plan = planFor(`http://${server.at}`, open({ ratePerSecond: 300, requests: 60, maxInFlight: 3 }));
  const { outcomes, summary } = await runEngine(plan);
  assert.deepEqual(outcomes, { ok: 60 });
  assert.equal(most, 3);
  assert.equal(server.seen.mostOpen, 3);
  assert.ok(summary.waitMaxUs > 150_000, `waited ${summary.waitMaxUs} µs`);
  assert.ok(summary.waited >= 40);
  assert.ok(summary.generatorCount < 20);
});

test('requests due but unsent at the end are cut off, not forgotten', async (t) => {
  const server = await httpServer(t, (_request, reply) => {
    setTimeout(() => reply.end('ok'), 350);
  });
  const plan = planFor(`http://${server.at}`, open({ ratePerSecond: 100, durationMs: 300, maxInFlight: 4 }));
  const { outcomes, samples, scheduled } = await runEngine(plan);
  assert.equal(scheduled.measured, 30);
  assert.deepEqual(outcomes, { ok: 4, 'not-sent': 26 });
  assert.equal(server.seen.total, 4);
  const unsent = samples.filter(({ outcome }) => outcome === 'not-sent');
  assert.ok(unsent.every(({ sendUs, status }) => Number.isNaN(sendUs) && status === 0));
  assert.deepEqual(
    unsent.map(({ dueUs }) => dueUs).sort((a, b) => a - b),
    Array.from({ length: 26 }, (_, index) => (index + 4) * 10_000),
  );
});

test('a long backlog is recorded when all is answered, and is in no time of an answer', async (t) => {
  const server = await httpServer(t, (_request, reply) => {
    setTimeout(() => reply.end('ok'), 50);
  });
  const plan = planFor(
    `http://${server.at}`,
    open({ ratePerSecond: 1_000_000, durationMs: 300, maxInFlight: 2 }),
  );
  const { outcomes, samples } = await runEngine(plan);
  assert.ok((outcomes['not-sent'] ?? 0) > 250_000);
  assert.equal((outcomes.ok ?? 0) + (outcomes['not-sent'] ?? 0), 300_000);
  const lastAnswer = samples.map(({ outcome }) => outcome).lastIndexOf('ok');
  const firstUnsent = samples.findIndex(({ outcome }) => outcome === 'not-sent');
  assert.ok(lastAnswer < firstUnsent, 'unsent requests come last');
});

test('stopped: in flight is cut off, due is not sent, what was not due is not counted', async (t) => {
  const server = await httpServer(t, () => {
    if (server.seen.total === 5) setTimeout(stop, 100);
  });
  let stop = () => {};
  const plan = planFor(
    `http://${server.at}`,
    open({ ratePerSecond: 100, durationMs: 60_000, maxInFlight: 5 }),
  );
  const { outcomes, scheduled } = await runEngine(plan, (engine) => {
    stop = () => engine.stop();
  });
  assert.equal(outcomes['cut-off'], 5);
  assert.ok((outcomes['not-sent'] ?? 0) >= 9, JSON.stringify(outcomes));
  assert.ok(scheduled.measured < 3000, 'half of what was planned');
  assert.equal(server.seen.total, 5);
});

test('a warm-up is its own phase, and the measured part has its whole time', async (t) => {
  const server = await httpServer(t, answer);
  const plan = planFor(
    `http://${server.at}`,
    open({ ratePerSecond: 500, durationMs: 200, warmup: { durationMs: 100 } }),
  );
  const { scheduled, samples } = await runEngine(plan);
  assert.deepEqual(scheduled, { warmup: 50, measured: 100 });
  assert.ok(samples.every(({ warmup, dueUs }) => warmup === dueUs < 100_000));
});

test('refused connections with requests waiting: each fails once', async () => {
  const port = await unusedPort();
  const plan = planFor(
    `http://127.0.0.1:${port}`,
    open({ ratePerSecond: 2000, requests: 300, maxInFlight: 2 }),
  );
  assert.deepEqual((await runEngine(plan)).outcomes, { refused: 300 });
});

test('no answer in time with requests waiting: each times out once', async (t) => {
  const server = await httpServer(t, () => {});
  const plan = planFor(
    `http://${server.at}`,
    open({ ratePerSecond: 1000, requests: 6, maxInFlight: 2, timeoutMs: 500 }),
  );
  const { outcomes, samples } = await runEngine(plan);
  assert.deepEqual(outcomes, { timeout: 6 });
  // The time-out counts from the sending, not from the due time: three pairs, one after the other.
  const lastUs = Math.max(...samples.map(({ endUs }) => endUs));
  assert.ok(lastUs > 1_500_000, `the last one ended at ${lastUs} µs`);
});

test('a generator that was blocked says by how much, and sends all the same', async (t) => {
  const server = await httpServer(t, answer);
  const plan = planFor(`http://${server.at}`, open({ ratePerSecond: 200, requests: 40 }));
  const { outcomes, summary } = await runEngine(plan, () => {
    setTimeout(() => {
      const until = performance.now() + 80;
      while (performance.now() < until);
    }, 50);
  });
  assert.deepEqual(outcomes, { ok: 40 });
  assert.ok(summary.generatorMaxUs >= 60_000, `${summary.generatorMaxUs}`);
  assert.ok(summary.sentLate >= 12);
  assert.equal(summary.waitMaxUs, 0);
});
