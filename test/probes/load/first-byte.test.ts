import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { PHASE } from '../../../src/blocks/sample-block.js';
import { laneFactory, loadDriver } from '../../../src/probes/drivers.js';
import type { Lane, LaneOwner } from '../../../src/probes/lane/lane.js';
import { sendSingleRequest } from '../../../src/probes/preflight/single-request.js';
import { runEngine } from '../../support/engine.js';
import { planFor } from '../../support/plan.js';
import { httpServer, rawServer } from '../../support/servers.js';
import { event } from '../identifier/samples.js';

const now = () => performance.now() * 1000;
const OPENAI = { version: { from: 'preset', preset: 'openai' } } as const;

for (const firstByteAtBody of [true, false]) {
  test(`the first byte of a stream is ${firstByteAtBody ? 'the first of its body' : 'its head'}`, async (t) => {
    const seen = { headUs: 0, eventUs: 0 };
    let response: ServerResponse | null = null;
    const server = await httpServer(t, (_request, answer) => {
      response = answer;
      answer.writeHead(200, { 'content-type': 'text/event-stream' });
      answer.flushHeaders();
    });
    const plan = planFor(`http://${server.at}/`);
    const driver = await loadDriver(plan);
    const lane = await new Promise<Lane>((resolve, reject) => {
      const owner: LaneOwner = {
        requestsPerConnection: Number.POSITIVE_INFINITY,
        now,
        firstByteAtBody,
        bodyLimitBytes: 1024,
        // The head has come: only now is the first event sent.
        wantsBody() {
          seen.headUs = now();
          setTimeout(() => {
            seen.eventUs = now();
            response?.end(event('Once'));
          }, 20);
          return true;
        },
        connecting: () => 0,
        opened: () => 0,
        nextConnectionSerial: () => 1,
        becameReady: () => {},
        streamLimitReceived: () => {},
        unaskedBytes: () => {},
        finished: (ended, error) => (error === null ? resolve(ended) : reject(error)),
      };
      const made = laneFactory(
        driver,
        plan,
        owner,
        { firstConnection: 0, connectionStep: 1, connections: 1 },
        { seed: 1, worker: 0, workers: 1 },
      )();
      t.after(() => made.close());
      made.start(owner.now(), PHASE.measured, 0);
    });
    if (firstByteAtBody) assert.ok(lane.firstByteUs >= seen.eventUs, `${lane.firstByteUs} ${seen.eventUs}`);
    else assert.ok(lane.firstByteUs <= seen.headUs, `${lane.firstByteUs} ${seen.headUs}`);
    assert.ok(lane.bodyBytes > 0);
  });
}

test('openai: from sending to the first byte is no shorter than what the server took for its first event', async (t) => {
  const tookUs: number[] = [];
  const server = await httpServer(t, async (_request, answer) => {
    const receivedUs = now();
    answer.writeHead(200, { 'content-type': 'text/event-stream' });
    answer.flushHeaders();
    await wait(200);
    tookUs.push(now() - receivedUs);
    answer.write(event('Once'));
    answer.write(event(' upon'));
    await wait(5);
    answer.end('data: [DONE]\n\n');
  });
  const plan = planFor(`http://${server.at}/v1/chat/completions`, {
    identify: OPENAI,
    load: { requests: 6, connections: 3 },
  });
  const { samples, outcomes } = await runEngine(plan);
  assert.deepEqual(outcomes, { ok: 6 });
  const least = Math.min(...tookUs);
  assert.ok(least >= 190_000);
  for (const { version, sendUs, firstByteUs, endUs } of samples) {
    assert.equal(version, 'llama-v2');
    assert.ok(firstByteUs - sendUs >= least, `${firstByteUs - sendUs} ${least}`);
    assert.ok(firstByteUs <= endUs);
  }
});

test('openai: a response without a body has its first byte at its end, one that breaks off before has none', async (t) => {
  const server = await rawServer(t, (socket, { inAll }) => {
    if (inAll === 1) socket.write('HTTP/1.1 204 None\r\n\r\n');
    else socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n');
  });
  const plan = planFor(`http://${server.at}/`, { identify: OPENAI, load: { requests: 2, connections: 1 } });
  const { samples } = await runEngine(plan);
  assert.deepEqual(
    samples.map(({ status, outcome }) => [status, outcome]),
    [
      [204, 'ok'],
      [200, 'truncated'],
    ],
  );
  const [empty, broken] = samples;
  assert.ok(empty !== undefined && empty.firstByteUs >= empty.sendUs && empty.firstByteUs <= empty.endUs);
  assert.ok(Number.isNaN(broken?.firstByteUs));
});

test('openai: a stream that breaks off has told its model', async (t) => {
  const server = await rawServer(t, (socket) =>
    socket.end(`HTTP/1.1 200 OK\r\ncontent-length: 9999\r\n\r\n${event('Once upon a time')}`),
  );
  const plan = planFor(`http://${server.at}/`, { identify: OPENAI, load: { requests: 2, connections: 1 } });
  const { samples } = await runEngine(plan);
  assert.deepEqual(
    samples.map(({ outcome, version }) => [outcome, version]),
    [
      ['truncated', 'llama-v2'],
      ['truncated', 'llama-v2'],
    ],
  );
});

test('a stream that goes on for longer than the time-out is answer enough before the load', async (t) => {
  const server = await httpServer(t, (_request, answer) => {
    answer.writeHead(200, { 'content-type': 'text/event-stream' });
    answer.write(event('Once upon a time'));
  });
  const plan = planFor(`http://${server.at}/`, { identify: OPENAI, load: { timeoutMs: 1500 } });
  const reply = await sendSingleRequest(plan);
  assert.ok(reply.kind === 'reply');
  assert.deepEqual([reply.status, reply.cut, reply.body.toString()], [200, true, event('Once upon a time')]);
});
