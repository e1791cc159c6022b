/** The wall clock is moved by hours in the middle of a run: nothing that was measured follows it. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { fromRfc3339 } from '../../src/blocks/wall-clock.js';
import type { LoadPlan } from '../../src/plan/plan.js';
import { run } from '../../src/run.js';
import { runEngine } from '../support/engine.js';
import { planFor } from '../support/plan.js';
import { httpServer, type TestServer } from '../support/servers.js';

const HOUR_MS = 3_600_000;
/** More than any of these runs takes, far less than a step. */
const LONG_MS = 600_000;

/** Moves this process's clock an hour ahead at the hundredth request, and two hours back at the 200th. */
async function clockMover(t: TestContext): Promise<TestServer> {
  const real = Date.now;
  let stepMs = 0;
  let requests = 0;
  t.mock.method(Date, 'now', () => real() + stepMs);
  return httpServer(t, (_request, reply) => {
    requests += 1;
    if (requests === 100) stepMs = HOUR_MS;
    if (requests === 200) stepMs = -HOUR_MS;
    reply.setHeader('x-version', 'v1');
    reply.end('ok');
  });
}

const LOOPS: readonly (readonly [name: string, load: Partial<LoadPlan>])[] = [
  ['closed', { connections: 4, requests: 300 }],
  ['open', { mode: 'open', ratePerSecond: 1000, requests: 300, connections: 4, maxInFlight: 4 }],
];

for (const [loop, load] of LOOPS) {
  test(`${loop} loop: the times of all samples are in order and short`, async (t) => {
    const server = await clockMover(t);
    const { samples, outcomes } = await runEngine(planFor(`http://${server.at}/`, { load }));
    assert.deepEqual(outcomes, { ok: 300 });
    for (const { dueUs, sendUs, firstByteUs, endUs } of samples) {
      assert.ok(0 <= dueUs && dueUs <= sendUs && sendUs <= firstByteUs && firstByteUs <= endUs);
      assert.ok(endUs < LONG_MS * 1000, `ended at ${endUs} µs`);
    }
  });

  test(`${loop} loop: duration, latency and timeline of a whole run are as without it, and the step is said`, async (t) => {
    const server = await clockMover(t);
    const before = Date.now();
    const result = await run(planFor(`http://${server.at}/`, { load }), { preflight: false });
    assert.equal(result.requests.attributed, 300);
    assert.ok(result.durationMs > 0 && result.durationMs < LONG_MS, `${result.durationMs} ms`);
    const { latencyUs, serviceTimeUs } = result.overall;
    for (const { min, max } of [latencyUs, serviceTimeUs]) {
      assert.ok(min !== null && min > 0 && max !== null && max < LONG_MS * 1000, `${min} to ${max} µs`);
    }
    assert.ok(result.timeline.every(({ startMs }) => startMs >= 0 && startMs < LONG_MS));
    assert.equal(
      result.timeline.reduce((sum, { requests }) => sum + requests, 0),
      300,
    );
    const startedMs = fromRfc3339(result.startedAt) / 1000 - before;
    assert.ok(startedMs >= -2 && startedMs < LONG_MS, `started after ${startedMs} ms`);
    const note = result.notes.find(({ code }) => code === 'clock-step');
    const moved = Number(/moved by (-?\d+) ms/.exec(note?.text ?? '')?.[1]);
    assert.ok(Math.abs(moved + HOUR_MS) < 5000, `${note?.text}`);
  });
}
