/** Gateways that refuse, reset or die now and then: the run goes on, and every request is in one place. */
import assert from 'node:assert/strict';
import { createServer, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { RunResult } from '../../../src/analysis/result.js';
import type { LoadPlan, Plan } from '../../../src/plan/plan.js';
import { run } from '../../../src/run.js';
import { type EngineRun, runEngine } from '../../support/engine.js';
import { planFor } from '../../support/plan.js';
import {
  lastingPort,
  listen,
  type RawAnswer,
  rawServer,
  readRequests,
  response,
  Seen,
  type TestServer,
  unusedPort,
} from '../../support/servers.js';

const CLOSED: Partial<LoadPlan> = { connections: 5, requests: 500, requestsPerConnection: 1 };
const OPEN: Partial<LoadPlan> = {
  ...CLOSED,
  mode: 'open',
  ratePerSecond: 2000,
  maxInFlight: 5,
};

const answer: RawAnswer = (socket) => socket.write(response());

/** What was not sent has no time of sending, no status and no version; what was sent has a time. */
function assertUnsent({ samples }: EngineRun, unsent: readonly string[]): void {
  for (const { outcome, sendUs, status, version } of samples) {
    assert.equal(Number.isNaN(sendUs), unsent.includes(outcome), outcome);
    if (unsent.includes(outcome)) assert.deepEqual([status, version], [0, null]);
  }
}

/** Connections go round five addresses, of which nobody listens at the last one. */
async function oneOfFiveRefuses(t: TestContext, load: Partial<LoadPlan>): Promise<[Plan, TestServer]> {
  const server = await rawServer(t, answer);
  const plan = planFor(`http://${server.at}/`, { load });
  const to = (port: number) => ({ kind: 'tcp', host: '127.0.0.1', port }) as const;
  const connectTo = [...Array.from({ length: 4 }, () => to(server.port)), to(await unusedPort())];
  return [{ ...plan, target: { ...plan.target, connectTo } }, server];
}

for (const [loop, load] of [
  ['closed', CLOSED],
  ['open', OPEN],
] as const) {
  test(`one of five addresses refuses, ${loop} loop: refused and not sent, the others answer all they were sent`, async (t) => {
    const [plan, server] = await oneOfFiveRefuses(t, load);
    const ended = await runEngine(plan);
    const { ok = 0, refused = 0, ...others } = ended.outcomes;
    assert.deepEqual(others, {});
    assert.equal(ok + refused, 500);
    assert.equal(server.seen.total, ok);
    assert.ok(ok >= 100 && refused >= 1, JSON.stringify(ended.outcomes));
    assertUnsent(ended, ['refused']);
  });

  test(`every fifth connection is reset, ${loop} loop: nothing lost, nothing sent twice`, async (t) => {
    const seen = new Seen();
    let connections = 0;
    let resets = 0;
    const netServer = createServer({ noDelay: true }, (socket: Socket) => {
      connections += 1;
      if (connections % 5 !== 0) return readRequests(socket, seen, answer);
      resets += 1;
      socket.on('error', () => {});
      socket.resetAndDestroy();
    });
    const server = await listen(t, netServer, seen);
    const ended = await runEngine(planFor(`http://${server.at}/`, { load }));
    const { ok = 0, reset = 0, refused = 0, ...others } = ended.outcomes;
    assert.deepEqual(others, {});
    assert.deepEqual([ok, reset + refused], [seen.total, resets]);
    assert.equal(ok + resets, 500);
    // Each request has a connection of its own: a fifth of all exactly.
    assert.equal(resets, 100);
    assertUnsent(ended, ['refused']);
  });
}

/** A gateway at one port that is killed each time it has answered 25 requests, until it lived `lives` times. */
class Mortal {
  /** Requests that came, over all lives. */
  arrived = 0;
  lives = 0;
  constructor(
    readonly t: TestContext,
    readonly most: number,
    readonly onLastLife: () => void,
    readonly port: number,
  ) {}

  async live(): Promise<void> {
    this.lives += 1;
    let here = 0;
    const server: TestServer = await rawServer(
      this.t,
      (socket) => {
        this.arrived += 1;
        here += 1;
        socket.write(response());
        if (here < 25) return;
        if (this.lives === this.most) this.onLastLife();
        else if (here === 25) void this.die(server);
      },
      this.port,
    );
  }

  /** Away for longer than a refused connection waits for its next try. */
  async die(server: TestServer): Promise<void> {
    await server.kill();
    await delay(120);
    await this.live();
  }
}

const LIVES = 11;
const CONNECTIONS = 4;

for (const [loop, load] of [
  ['closed', {}],
  ['open', { mode: 'open', ratePerSecond: 400, maxInFlight: CONNECTIONS }],
] as const) {
  test(`a gateway killed and back ten times, ${loop} loop: exact accounts, and answers after each time`, async (t) => {
    const port = await lastingPort();
    const abort = new AbortController();
    const mortal = new Mortal(t, LIVES, () => abort.abort(), port);
    await mortal.live();
    const plan = planFor(`http://127.0.0.1:${port}/`, {
      expect: { v1: 100, v2: 0 },
      load: {
        ...load,
        connections: CONNECTIONS,
        threads: 2,
        requests: null,
        durationMs: 120_000,
        timeoutMs: 30_000,
      },
    });
    const result: RunResult = await run(plan, { preflight: false, signal: abort.signal });
    assert.equal(mortal.lives, LIVES);
    const { scheduled, attributed, unattributed, failed, cutOff } = result.requests;
    assert.equal(attributed + unattributed + failed + cutOff, scheduled);
    const { refused = 0, reset = 0, closed = 0, truncated = 0, ...others } = result.failures;
    assert.deepEqual(others, {});
    assert.equal(refused + reset + closed + truncated, failed);
    // What was under way at a death, or at the end, came to the server and was not answered, or nearly came.
    const unanswered = LIVES * CONNECTIONS;
    assert.ok(reset + closed + truncated <= unanswered, JSON.stringify(result.failures));
    assert.ok(attributed <= mortal.arrived && attributed >= mortal.arrived - unanswered);
    assert.ok(attributed >= LIVES * 25 - unanswered, `${attributed} answered`);
    assert.ok(refused >= LIVES - 1, `${refused} refused`);
    assert.equal(result.requests.unattributed, 0);
    // Refused ones were never sent: no version can be hidden in them.
    assert.ok((result.split?.unknownVersion ?? 0) <= unanswered, `${result.split?.unknownVersion} unknown`);
    assert.ok(result.load.connectionsOpened !== null && result.load.connectionsOpened >= LIVES);
  });
}
