/** Several addresses: connections are divided evenly, and what each gives is counted under it. */
import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import type { LoadPlan, Plan } from '../../../src/plan/plan.js';
import { laneFactory, loadDriver } from '../../../src/probes/drivers.js';
import { laneShare } from '../../../src/probes/lane/connection-share.js';
import type { Lane, LaneOwner } from '../../../src/probes/lane/lane.js';
import { run } from '../../../src/run.js';
import { runEngine } from '../../support/engine.js';
import { type PlanChanges, planFor } from '../../support/plan.js';
import { httpServer, type TestServer, unusedPort } from '../../support/servers.js';

const answer: RequestListener = (_request, reply) => {
  reply.setHeader('x-version', 'v1');
  reply.end('ok');
};

function servers(t: TestContext, n: number): Promise<TestServer[]> {
  return Promise.all(Array.from({ length: n }, () => httpServer(t, answer)));
}

/** A plan for all of them; the URL's own address is none of them. */
function planAt(places: readonly { at: string }[], changes: PlanChanges = {}): Plan {
  return planFor('http://shop.example/', {
    ...changes,
    flags: { connectTo: places.map(({ at }) => `::${at}`) },
  });
}

const OPTIONS = { preflight: false };

test('connections of all workers are divided among the addresses, each at most one more than another', async () => {
  const driver = await loadDriver(planAt([{ at: '10.0.0.0:80' }]));
  const owner = {} as LaneOwner;
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 60 }),
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 12 }),
      fc.constantFrom('closed' as const, 'open' as const),
      (connections, workers, addresses, mode) => {
        fc.pre(workers <= connections);
        const load: Partial<LoadPlan> = { connections, maxInFlight: connections, mode };
        const plan = planAt(
          Array.from({ length: addresses }, (_, i) => ({ at: `10.0.0.${i}:80` })),
          { load },
        );
        const counts = new Map<string, number>();
        for (let worker = 0; worker < workers; worker++) {
          const share = laneShare(plan.load, worker, workers);
          const make = laneFactory(driver, plan, owner, share, { seed: 1, worker, workers });
          for (let lane = 0; lane < share.lanes; lane++) {
            const { place } = make() as Lane & { place: { connectTo: { host: string } } };
            const { host } = place.connectTo;
            counts.set(host, (counts.get(host) ?? 0) + 1);
          }
        }
        const all = [...counts.values()];
        assert.equal(
          all.reduce((sum, n) => sum + n, 0),
          connections,
        );
        assert.equal(all.length, Math.min(addresses, connections));
        assert.ok(Math.max(...all) - (all.length < addresses ? 0 : Math.min(...all)) <= 1, `${all}`);
      },
    ),
    { seed: 8, numRuns: 60 },
  );
});

test('three servers and two threads: each server has its connections, and its requests in the report', async (t) => {
  const places = await servers(t, 3);
  const plan = planAt(places, { load: { connections: 8, requests: 400, threads: 2 }, expect: { v1: 100 } });
  const { addresses, target } = await run(plan, OPTIONS);
  const opened = places.map(({ seen }) => seen.requests.length).sort();
  assert.deepEqual(opened, [2, 3, 3]);
  const byAddress = Object.fromEntries(addresses.map((row) => [row.address, row]));
  for (const { at, seen } of places) {
    assert.ok(seen.total > 0);
    assert.deepEqual(byAddress[at], {
      address: at,
      requests: seen.total,
      versions: { v1: seen.total },
      unattributed: 0,
      failures: {},
    });
  }
  assert.deepEqual([...target.addresses].sort(), places.map(({ at }) => at).sort());
});

test('an address that refuses is a finding: its failures are under its name, the others go on', async (t) => {
  const [alive] = (await servers(t, 1)) as [TestServer];
  const dead = `127.0.0.1:${await unusedPort()}`;
  const plan = planAt([{ at: dead }, alive], { load: { connections: 4, requests: 200 } });
  const { addresses, failures, requests } = await run(plan, OPTIONS);
  const of = (at: string) => addresses.find(({ address }) => address === at) ?? assert.fail(at);
  assert.ok((failures.refused ?? 0) > 0);
  assert.deepEqual(of(dead).failures, failures);
  assert.equal(of(dead).requests, 0);
  assert.deepEqual(of(alive.at).failures, {});
  assert.equal(of(alive.at).requests, requests.attributed);
  assert.equal(requests.attributed, alive.seen.total);
});

test('the pre-flight asks the next address when one is dead', async (t) => {
  const [alive] = (await servers(t, 1)) as [TestServer];
  const dead = `127.0.0.1:${await unusedPort()}`;
  const plan = planAt([{ at: dead }, alive], { load: { connections: 4, requests: 50 } });
  const result = await run(plan);
  assert.equal(result.requests.preflight, 2);
  assert.equal(result.addresses.length, 2);
  const second = `127.0.0.1:${await unusedPort()}`;
  await assert.rejects(run(planAt([{ at: dead }, { at: second }])), (error: Error) => {
    assert.match(error.message, new RegExp(`^${dead} refuses connections`));
    assert.match(error.message, new RegExp(`No answer came from ${second} either\\.$`));
    return true;
  });
});

test('a slow open loop asks every address, in turn', async (t) => {
  const places = await servers(t, 3);
  const plan = planAt(places, {
    load: { mode: 'open', ratePerSecond: 300, requests: 60, connections: 30, maxInFlight: 30 },
  });
  const { samples } = await runEngine(plan);
  // The first three connections are to three addresses; a machine that stalls opens more, in the same order.
  for (const { at, seen } of places) {
    assert.ok(seen.total > 0, at);
    assert.equal(samples.filter(({ address }) => address === at).length, seen.total);
  }
  const started = samples.toSorted((a, b) => a.sequence - b.sequence).slice(0, 3);
  assert.deepEqual(
    started.map(({ address }) => address),
    places.map(({ at }) => at),
  );
});

test('fewer connections than addresses: a note names what was not tested', async (t) => {
  const places = await servers(t, 3);
  const plan = planAt(places, { load: { connections: 1, requests: 5 } });
  const { notes, addresses } = await run(plan, OPTIONS);
  const note = notes.find(({ code }) => code === 'addresses-untested');
  const [, second, third] = places.map(({ at }) => at);
  assert.equal(
    note?.text,
    `1 connection cannot reach 3 addresses: ${second}, ${third} are not tested. More connections (-c) reach all of them.`,
  );
  assert.equal(addresses.length, 1);
});

test('a name is looked up once, before the load', async (t) => {
  const server = await httpServer(t, answer);
  const plan = planFor(`http://localhost:${server.port}/`, { load: { requests: 20 } });
  const { target, addresses } = await run(plan);
  assert.deepEqual(target.addresses, [server.at]);
  assert.deepEqual(
    addresses.map(({ address, requests }) => [address, requests]),
    [[server.at, 20]],
  );
});
