/** A fleet that is steered by the main thread, as `weighbridge limits` does it. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { outcomeOf } from '../../../src/blocks/outcome.js';
import { RunLabels } from '../../../src/blocks/run-labels.js';
import type { LoadPlan, Plan } from '../../../src/plan/plan.js';
import { type FleetOptions, runFleet } from '../../../src/probes/load/fleet.js';
import type { LoadControl } from '../../../src/probes/load/level.js';
import { until } from '../../lab/client.js';
import { planFor } from '../../support/plan.js';
import { httpServer, overflowResponse, rawServer, response } from '../../support/servers.js';

const level = (connections: number, pauseAfterRefusalMs = 0) => ({ connections, pauseAfterRefusalMs });

interface Row {
  worker: number;
  dueUs: number;
}

/** Runs the plan, steers it by `steps` and finishes it after them. */
async function steer(
  plan: Plan,
  options: Partial<FleetOptions>,
  steps: (control: LoadControl, rows: readonly Row[]) => void | Promise<void>,
) {
  const outcomes: Record<string, number> = {};
  const rows: Row[] = [];
  let begin: (control: LoadControl) => void = () => {};
  const begun = new Promise<LoadControl>((resolve) => {
    begin = resolve;
  });
  const stepping = begun.then(async (control) => {
    try {
      await steps(control, rows);
    } finally {
      control.finish();
    }
  });
  const running = runFleet(plan, new RunLabels(), {
    onStart: (_, control) => begin(control),
    onBlock: (block) => {
      for (let row = 0; row < block.length; row += 1) {
        const { name } = outcomeOf(block.outcome[row] as number);
        outcomes[name] = (outcomes[name] ?? 0) + 1;
        rows.push({ worker: block.worker[row] as number, dueUs: block.dueUs[row] as number });
      }
      return null;
    },
    ...options,
  });
  const [fleet] = await Promise.all([running, stepping]);
  assert.equal(fleet.failure, null);
  assert.equal(rows.length, fleet.scheduled.measured, 'each request has one row');
  return { fleet, outcomes, rows };
}

/** A server with so much room: requests beyond it get Envoy's overflow at once. */
async function breaker(t: TestContext, room: number) {
  let inFlight = 0;
  const refused = { count: 0 };
  const server = await rawServer(t, (socket) => {
    if (inFlight >= room) {
      refused.count += 1;
      socket.write(overflowResponse());
      return;
    }
    inFlight += 1;
    setTimeout(() => {
      inFlight -= 1;
      socket.write(response());
    }, 20);
  });
  return { server, refused };
}

const plan = (at: string, load: Partial<LoadPlan> = {}) =>
  planFor(`http://${at}`, {
    load: { connections: 20, requests: null, durationMs: 600_000, threads: 2, ...load },
  });

test('levels over two threads: refusals begin above the limit, and end when the load falls', async (t) => {
  const { server, refused } = await breaker(t, 8);
  const { outcomes, fleet } = await steer(plan(server.at), { level: level(1, 30) }, async (control) => {
    let lastUs = 0;
    const hold = async (connections: number) => {
      const toldUs = control.setLevel(level(connections, 30));
      assert.ok(toldUs >= lastUs);
      lastUs = toldUs;
      await until(() => server.seen.open === connections, `${connections} connections`);
      const before = server.seen.total;
      await until(() => server.seen.total >= before + 4 * connections, 'requests go on');
      assert.equal(server.seen.open, connections);
    };
    for (const connections of [1, 5, 8]) await hold(connections);
    assert.equal(refused.count, 0);
    await hold(20);
    assert.ok(refused.count > 0);
    await hold(4);
    const before = refused.count;
    await hold(8);
    assert.equal(refused.count, before);
  });
  assert.equal(fleet.summaries.length, 2);
  assert.deepEqual(Object.keys(outcomes).sort(), ['ok', 'overflow']);
  assert.equal(outcomes.overflow, refused.count);
  assert.equal(server.seen.total, fleet.scheduled.measured);
});

test('a level that is set at the start is the first one', async (t) => {
  const server = await httpServer(t, (_request, reply) => setTimeout(() => reply.end('ok'), 2));
  const onStart = async (_: number, control: LoadControl) => {
    control.setLevel(level(3));
    await until(() => server.seen.total >= 30, 'some requests');
    control.finish();
  };
  await runFleet(plan(server.at), new RunLabels(), {
    level: level(9),
    onStart: (at, control) => void onStart(at, control),
    onBlock: () => null,
  });
  assert.equal(server.seen.mostOpen, 3);
});

test('the rate of two threads changes at the time that is told', async (t) => {
  const server = await httpServer(t, (_request, reply) => reply.end('ok'));
  const load: Partial<LoadPlan> = { mode: 'open', ratePerSecond: 1, maxInFlight: 200 };
  const first = { ratePerSecond: 100, pauseAfterRefusalMs: 0 };
  let toldUs = 0;
  const { rows } = await steer(plan(server.at, load), { level: first }, async (control) => {
    await until(() => server.seen.total >= 10, 'ten requests');
    toldUs = control.setLevel({ ratePerSecond: 1000, pauseAfterRefusalMs: 0 });
    await until(() => server.seen.total >= 200, 'more requests');
  });
  const due = rows.map(({ dueUs }) => dueUs).sort((a, b) => a - b);
  const before = due.filter((dueUs) => dueUs <= toldUs);
  assert.ok(before.length >= 10);
  for (const [index, dueUs] of before.entries()) assert.ok(Math.abs(dueUs - index * 10_000) < 1);
  // A thread that gets the message late goes on from what it has sent by then.
  for (const worker of [0, 1]) {
    const own = rows.filter((row) => row.worker === worker).map(({ dueUs }) => dueUs);
    const last = own.sort((a, b) => a - b).slice(-10);
    const from = last[0] as number;
    for (const [index, dueUs] of last.entries()) assert.ok(Math.abs(dueUs - from - index * 2000) < 1);
  }
});

test('Ctrl-C while lanes wait: all that was sent has its row', async (t) => {
  const server = await rawServer(t, (socket) => socket.write(overflowResponse()));
  const controller = new AbortController();
  const options = { level: level(6, 600_000), signal: controller.signal };
  const { outcomes, fleet } = await steer(plan(server.at), options, async (_, rows) => {
    await until(() => rows.length === 6, 'six refusals');
    controller.abort();
  });
  assert.deepEqual(outcomes, { overflow: 6 });
  assert.equal(fleet.summaries.length, 2);
});

test('a thread without a connection in use ends with the others, by time too', async (t) => {
  const server = await httpServer(t, (_request, reply) => setTimeout(() => reply.end('ok'), 5));
  const short = plan(server.at, { durationMs: 300, threads: 4 });
  let ended = false;
  const { fleet } = await steer(short, { level: level(1) }, async () => {
    await until(() => ended || server.seen.total > 0, 'a request');
    ended = true;
  });
  assert.equal(fleet.summaries.length, 4);
  const timed = await runFleet(short, new RunLabels(), { level: level(1), onBlock: () => null });
  assert.equal(timed.summaries.length, 4);
  assert.equal(server.seen.mostOpen, 1);
});

test('levels that the plan cannot have are refused, at the start and later', async (t) => {
  const server = await httpServer(t, (_request, reply) => reply.end('ok'));
  await assert.rejects(
    runFleet(plan(server.at), new RunLabels(), { level: level(21), onBlock: () => null }),
    /a level of 21 connections is not from 1 to the plan's 20/,
  );
  const late = await runFleet(plan(server.at), new RunLabels(), {
    level: level(1),
    onStart: (_, control) => control.setLevel(level(0)),
    onBlock: () => null,
  });
  assert.match(late.failure?.message ?? '', /a level of 0 connections/);
  const unsteered = await runFleet(plan(server.at), new RunLabels(), {
    onStart: (_, control) => control.setLevel(level(2)),
    onBlock: () => null,
  });
  assert.match(unsteered.failure?.message ?? '', /did not begin with a level/);
});
