/** Searches for limits that meet faults: of the gateway, of who asks, and signals. */
import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { test } from 'node:test';
import { UserError } from '../src/errors.js';
import { findLimits } from '../src/find-limits.js';
import { makeCertificate } from '../src/lab/mesh/certificates.js';
import { LimitsFailure, type LimitsOptions } from '../src/limits-options.js';
import { breakerServer, oneVersion } from './support/breaker-server.js';
import { holds, loads } from './support/limits/whole-search.js';
import { planFor } from './support/plan.js';
import { httpServer, response, tlsServer, unusedPort } from './support/servers.js';

for (const [what, then] of [
  ['breaks connections', (socket: Socket) => socket.destroy()],
  ['hangs', () => {}],
] as const) {
  test(`a gateway that ${what} in the middle of a search: the steps are kept, and it ends`, async (t) => {
    let isGone = false;
    const server = await httpServer(t, (request, response) => {
      if (isGone) then(request.socket);
      else response.writeHead(200, { 'x-version': 'v1' }).end('ok');
    });
    const plan = planFor(`http://${server.at}/`, { load: { timeoutMs: 1000 } });
    const result = await findLimits(plan, {
      refusalThreshold: 0.5,
      expectKnee: { relation: 'atLeast', level: 4 },
      onStep: ({ connections }) => {
        isGone = connections === 2;
      },
    });
    holds(result);
    assert.equal(result.ended, 'completed');
    const [one, two, ...rest] = loads(result);
    assert.deepEqual([one?.failed, two?.failed], [0, 0]);
    const last = rest.at(-1);
    assert.equal(last?.accepted, 0);
    assert.ok(last !== undefined && last.failed > 0);
    assert.ok(result.notes.some(({ code }) => code === 'limits-gateway-left'));
    // What failed is no load without refusals.
    assert.equal(result.limits.lastAcceptedConnections, 2);
    assert.equal(result.verdict, 'inconclusive');
    assert.equal(result.limits.recoveryMs, null);
  });
}

test('a gateway that never answers, without a pre-flight: one step, after the time-out', async (t) => {
  const server = await httpServer(t, () => {});
  const plan = planFor(`http://${server.at}/`, { load: { timeoutMs: 400 } });
  const result = await findLimits(plan, { preflight: false });
  holds(result);
  assert.equal(loads(result).length, 1);
  assert.equal(result.limits.lastAcceptedConnections, 0);
  assert.ok(result.notes.some(({ code }) => code === 'limits-gateway-left'));
});

test('a signal in the middle of a step: the steps before are kept, and this one is in no figure', async (t) => {
  const server = await breakerServer(t, oneVersion());
  const stop = new AbortController();
  const plan = planFor(`http://${server.at}/`);
  const result = await findLimits(plan, {
    signal: stop.signal,
    endedBy: () => 'terminated',
    onStep: ({ connections }) => {
      if (connections === 2) setTimeout(() => stop.abort(), 300);
    },
  });
  holds(result);
  assert.equal(result.ended, 'terminated');
  const ended = [1, 2];
  assert.deepEqual(
    loads(result).map(({ connections }) => connections),
    ended,
  );
  assert.deepEqual(
    result.limits.levels.map(({ connections, requests }) => [connections, requests]),
    loads(result).map(({ connections, requests }) => [connections, requests]),
  );
  assert.equal(result.limits.lastAcceptedConnections, 2);
});

test('a signal before the start: a result without steps', async (t) => {
  const server = await breakerServer(t, oneVersion());
  for (const options of [{ signal: AbortSignal.abort() }, { forceSignal: AbortSignal.abort() }]) {
    const result = await findLimits(planFor(`http://${server.at}/`), { ...options, preflight: false });
    holds(result);
    assert.equal(result.ended, 'interrupted');
    assert.deepEqual(result.limits.steps, []);
    assert.equal(result.limits.lastAcceptedConnections, null);
    assert.ok(Date.parse(result.startedAt) > Date.parse('2020-01-01'));
  }
});

test('an error in a callback ends the load, and the failure has the steps', async (t) => {
  const server = await breakerServer(t, oneVersion());
  const cause = new Error('no more paper');
  const searching = findLimits(planFor(`http://${server.at}/`), {
    onStep: () => {
      throw cause;
    },
  });
  await assert.rejects(searching, (error) => {
    assert.ok(error instanceof LimitsFailure);
    assert.equal(error.cause, cause);
    holds(error.result);
    assert.equal(error.result.ended, 'failed');
    assert.deepEqual(
      loads(error.result).map(({ connections }) => connections),
      [1],
    );
    assert.match(error.result.notes[0]?.text ?? '', /^The run broke off: no more paper\./);
    return true;
  });
});

test('an error that endedBy tells is a failure', async (t) => {
  const server = await breakerServer(t, oneVersion());
  const stop = new AbortController();
  const cause = new Error('a fault of ours');
  const searching = findLimits(planFor(`http://${server.at}/`), {
    signal: stop.signal,
    endedBy: () => cause,
    onStart: () => setTimeout(() => stop.abort(), 100),
  });
  await assert.rejects(searching, (error) => error instanceof LimitsFailure && error.cause === cause);
});

test('the time is over: no step begins, and the longest one is cut', async (t) => {
  const server = await breakerServer(t, oneVersion());
  const result = await findLimits(planFor(`http://${server.at}/`), { steps: [1, 2, 3], maxTimeMs: 1 });
  // The first step is not yet late when the driver asks, or no step is made.
  assert.ok(loads(result).length <= 1);
  assert.equal(result.limits.bottleneck?.kind, 'time');
  // Otherwise it would take three seconds to be shown accepted.
  for (const { windowMs } of loads(result)) assert.ok(windowMs >= 500);
});

test('fewer connections than threads, and more threads than the level', async (t) => {
  const server = await breakerServer(t, oneVersion());
  const plan = planFor(`http://${server.at}/`, { load: { threads: 4 } });
  const result = await findLimits(plan, { maxConnections: 2, refusalThreshold: 0.5 });
  holds(result);
  assert.deepEqual(
    loads(result).map(({ connections, openConnections }) => [connections, openConnections]),
    [
      [1, 1],
      [2, 2],
    ],
  );
});

test('an admin interface that is none: said, and the search goes on', async (t) => {
  const server = await breakerServer(t, oneVersion());
  const plan = planFor(`http://${server.at}/`);
  const result = await findLimits(plan, { maxConnections: 1, admins: [`http://${server.at}`] });
  assert.equal(loads(result).length, 1);
  assert.equal(result.gateway?.overflows, null);
  assert.match(result.gateway?.remarks.join() ?? '', /are not known for the whole time: it answered/);
});

test('an Envoy that restarts in a step: what it counted of the step is not known', async (t) => {
  const server = await breakerServer(t, oneVersion());
  // Before the search, before the step, after it.
  const counts = [5, 9, 3];
  const admin = await httpServer(t, (_, reply) => {
    const value = counts.shift() ?? 3;
    reply.end(JSON.stringify({ stats: [{ name: 'cluster.v1.upstream_rq_pending_overflow', value }] }));
  });
  const result = await findLimits(planFor(`http://${server.at}/`), {
    maxConnections: 1,
    admins: [`http://${admin.at}`],
  });
  holds(result);
  assert.deepEqual(
    loads(result).map(({ overflows }) => overflows),
    [null],
  );
  assert.match(result.gateway?.remarks.join() ?? '', /restarted/);
});

test('over TLS', async (t) => {
  const { certPem: cert, keyPem: key } = await makeCertificate({ names: ['gateway.example'] });
  const server = await tlsServer(t, { cert, key }, (socket) => socket.write(response()));
  const plan = planFor(`https://${server.at}/`, { tls: { verify: false } });
  const result = await findLimits(plan, { maxConnections: 1 });
  holds(result);
  assert.equal(result.target.tlsVerified, false);
  assert.ok(result.requests.accepted > 0);
});

test('options that are wrong are named, before anything is sent', async () => {
  const plan = planFor('http://127.0.0.1:1/');
  const wrong: [LimitsOptions, RegExp][] = [
    [{ steps: [] }, /^steps: there is none\./],
    [{ steps: [0] }, /^steps: 0 is out of range/],
    [
      { steps: [4, 9], maxConnections: 8 },
      /^steps and maxConnections contradict each other: a step of 9 is above 8/,
    ],
    [{ search: 'rate', steps: [9], maxRatePerSecond: 8 }, /^steps and maxRatePerSecond contradict/],
    [{ maxRatePerSecond: 8 }, /^maxRatePerSecond belongs to a search by rate: give search rate too/],
    [{ search: 'rate', maxRatePerSecond: Number.NaN }, /^maxRatePerSecond: NaN is out of range/],
    [{ maxConnections: 1.5 }, /^maxConnections: 1\.5 is not a whole number/],
    [{ maxConnections: 30_000 }, /^maxConnections: 30000 is out of range/],
    [{ maxTimeMs: 0 }, /^maxTimeMs: 0 is out of range/],
    [{ refusalThreshold: 0 }, /^refusalThreshold: 0 is out of range/],
    [{ kneeTolerance: -1 }, /^kneeTolerance: -1 is out of range/],
    [{ gatewayReplicas: 0 }, /^gatewayReplicas: 0 is out of range/],
    [{ admins: Array.from({ length: 1000 }, () => 'http://127.0.0.1:1') }, /at most \d+ interfaces/],
  ];
  for (const [options, message] of wrong) {
    await assert.rejects(findLimits(plan, options), (error) => {
      assert.ok(error instanceof UserError);
      assert.match(error.message, message);
      return true;
    });
  }
  const many = planFor('http://127.0.0.1:1/', { flags: { http2: true }, load: { streams: 100 } });
  await assert.rejects(
    findLimits(many, { maxConnections: 300 }),
    /^OptionError: load\.streams: 100 on each of 300/,
  );
});

test('a gateway that cannot be reached: exit 4, and nothing was searched', async () => {
  const plan = planFor(`http://127.0.0.1:${await unusedPort()}/`);
  await assert.rejects(
    findLimits(plan),
    (error) => error instanceof UserError && error.exit === 'unreachable',
  );
});
