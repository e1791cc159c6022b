/** The rehearsal of an open loop. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadDriver } from '../../../src/probes/drivers.js';
import { rehearse } from '../../../src/probes/load/rehearsal.js';
import { planFor } from '../../support/plan.js';
import { httpServer } from '../../support/servers.js';

const now = () => performance.now() * 1000;

for (const driver of ['wire', 'undici', 'node-http2'] as const) {
  test(`${driver}: nothing of the rehearsal reaches the gateway`, async (t) => {
    const gateway = await httpServer(t, (_request, response) => response.end('ok'));
    const plan = planFor(`http://${gateway.at}`, {
      ...(driver === 'node-http2' ? { flags: { http2: true } } : {}),
      load: { mode: 'open', driver, ratePerSecond: 10, requests: null, durationMs: 60_000 },
    });
    await rehearse({ plan, worker: 1, workers: 2 }, await loadDriver(plan), now);
    assert.equal(gateway.seen.requests.length, 0);
  });
}

test('its end does not depend on how fast it is: it is given up after its time', async () => {
  const { load } = planFor('http://127.0.0.1:1', {});
  const plan = planFor('http://127.0.0.1:1', {
    load: { ...load, mode: 'open', ratePerSecond: 1, requests: 1 },
  });
  // A clock that stands still: no request but the first is ever due.
  await rehearse({ plan, worker: 0, workers: 1 }, await loadDriver(plan), () => 0);
});

test('a response to HEAD has no body, so that connections are kept', async () => {
  const plan = planFor('http://127.0.0.1:1', {
    flags: { method: 'HEAD' },
    load: { mode: 'open', ratePerSecond: 10, requests: null, durationMs: 60_000 },
  });
  const summary = await rehearse({ plan, worker: 0, workers: 1 }, await loadDriver(plan), now);
  assert.equal(summary?.connectionsUnasked, 0);
});
