/** An open loop that is steered: its rate changes while it runs. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LoadPlan } from '../../../src/plan/plan.js';
import { until } from '../../lab/client.js';
import { runEngine, steerEngine } from '../../support/engine.js';
import { planFor } from '../../support/plan.js';
import { httpServer } from '../../support/servers.js';

const open = (at: string, load: Partial<LoadPlan>) =>
  planFor(`http://${at}`, {
    load: { mode: 'open', ratePerSecond: 1, requests: null, maxInFlight: 300, connections: 300, ...load },
  });

function assertSpaced(dueUs: readonly number[], fromUs: number, gapUs: number): void {
  for (const [index, due] of dueUs.entries()) assert.ok(Math.abs(due - fromUs - index * gapUs) < 1);
}

const rate = (ratePerSecond: number) => ({ ratePerSecond, pauseAfterRefusalMs: 0 });

test('requests are due at the new rate from the change on, without a gap and without a burst', async (t) => {
  const server = await httpServer(t, (_request, reply) => reply.end('ok'));
  let changedUs = 0;
  const { samples } = await steerEngine(open(server.at, {}), rate(50), async (engine) => {
    await until(() => server.seen.total >= 5, 'five requests at the first rate');
    changedUs = engine.now();
    engine.setLevel(rate(500), changedUs);
    await until(() => server.seen.total >= 60, 'more at the second');
  });
  const due = samples.map(({ dueUs }) => dueUs).sort((a, b) => a - b);
  const first = due.filter((dueUs) => dueUs <= changedUs);
  const second = due.filter((dueUs) => dueUs > changedUs);
  assertSpaced(first, 0, 20_000);
  assert.ok((second[0] as number) <= changedUs + 2001);
  assertSpaced(second, second[0] as number, 2000);
});

test('a rate that rises does not wait for what would have been due next', async (t) => {
  const server = await httpServer(t, (_request, reply) => reply.end('ok'));
  // The second request is due after 20 minutes.
  const plan = open(server.at, { requests: 40 });
  const run = runEngine(
    plan,
    (engine) => {
      void until(() => server.seen.total === 1, 'the first request').then(() => {
        for (const ratePerSecond of [1 / 1000, 1 / 1100, 1000])
          engine.setLevel(rate(ratePerSecond), engine.now());
      });
    },
    rate(1 / 1200),
  );
  assert.deepEqual((await run).outcomes, { ok: 40 });
});

test('what was due before the rate fell is sent, or counted as not sent', async (t) => {
  const held: (() => void)[] = [];
  const server = await httpServer(t, (_request, reply) => held.push(() => reply.end('ok')));
  const plan = open(server.at, { maxInFlight: 2, connections: 2 });
  let changedUs = 0;
  const { outcomes, samples, scheduled } = await steerEngine(plan, rate(1000), async (engine) => {
    await until(() => held.length === 2 && engine.now() > 60_000, 'a backlog');
    changedUs = engine.now();
    engine.setLevel(rate(0.000_001), changedUs);
    for (const answer of held.splice(0)) answer();
    await until(() => held.length === 2, 'two of the backlog are sent');
    setTimeout(() => {
      for (const answer of held.splice(0)) answer();
    });
  });
  assert.equal(outcomes.ok, 4);
  assert.equal(outcomes['not-sent'], scheduled.measured - 4);
  assert.equal(scheduled.measured, 1 + Math.floor(changedUs / 1000));
  assert.ok(samples.every(({ dueUs }) => dueUs <= changedUs));
});

test('a level that says nothing of the rate leaves it', async (t) => {
  const server = await httpServer(t, (_request, reply) => reply.end('ok'));
  const run = runEngine(
    open(server.at, { ratePerSecond: 1000, requests: 30 }),
    (engine) => engine.setLevel({ pauseAfterRefusalMs: 5 }, engine.now()),
    { pauseAfterRefusalMs: 0 },
  );
  const due = (await run).samples.map(({ dueUs }) => dueUs).sort((a, b) => a - b);
  assert.deepEqual(
    due,
    due.map((_, index) => index * 1000),
  );
});
