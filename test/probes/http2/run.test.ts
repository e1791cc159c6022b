/** A whole run over HTTP/2, on several threads: what the result says of connections, streams and limits. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { run } from '../../../src/run.js';
import { h2Server, respond } from '../../support/h2-servers.js';
import { planFor } from '../../support/plan.js';

const flags = { http2: true };

test('connections are divided among threads, streams are not', async (t) => {
  const server = await h2Server(t, ({ stream }) => setImmediate(respond, stream));
  const plan = planFor(`http://${server.at}`, {
    flags,
    load: { requests: 600, connections: 5, streams: 3, threads: 3, timeoutMs: 20_000 },
    expect: { v1: 1 },
  });
  const result = await run(plan);
  assert.deepEqual([result.requests.attributed, result.requests.failed], [600, 0]);
  const { connections, streams, threads, connectionsOpened } = result.load;
  assert.deepEqual([connections, streams, threads, connectionsOpened], [5, 3, 3, 5]);
  assert.equal(result.target.protocol, 'h2');
  // The pre-flight had one of its own.
  const [preflight, ...load] = server.sessions.mostOpen;
  assert.equal(preflight, 1);
  assert.equal(load.length, 5);
  assert.ok(Math.max(...load) <= 3);
  assert.equal(server.sessions.total, 601);
  assert.ok(result.notes.every(({ code }) => code !== 'streams-limited'));
});

test('a limit of streams below what is asked for is noted', async (t) => {
  const server = await h2Server(t, ({ stream }) => setImmediate(respond, stream), {
    settings: { maxConcurrentStreams: 4 },
  });
  const plan = planFor(`http://${server.at}`, {
    flags,
    load: {
      mode: 'open',
      ratePerSecond: 2000,
      requests: 400,
      maxInFlight: 40,
      streams: 20,
      threads: 2,
      timeoutMs: 20_000,
    },
  });
  const result = await run(plan);
  assert.deepEqual([result.requests.attributed, result.requests.failed, result.requests.cutOff], [400, 0, 0]);
  assert.ok(Math.max(...server.sessions.mostOpen) <= 4);
  const note = result.notes.find(({ code }) => code === 'streams-limited');
  assert.match(note?.text ?? '', /allows 4 streams on a connection/);
});
