/** One version stalls or fails: it is no lottery whether a run begins. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { namingFlags } from '../../../src/cli/options/flag-names.js';
import { UserError } from '../../../src/errors.js';
import { checkGateway } from '../../../src/probes/preflight/check-gateway.js';
import { h2Server } from '../../support/h2-servers.js';
import { DETECT, type PlanChanges, planFor } from '../../support/plan.js';
import { rawServer, response } from '../../support/servers.js';

/** How a version treats a request. */
const TREATMENTS = {
  good: (socket: Socket) => socket.write(response()),
  stalls: () => {},
  closes: (socket: Socket) => socket.end(),
  resets: (socket: Socket) => socket.resetAndDestroy(),
  garbage: (socket: Socket) => socket.end('no HTTP at all\r\n\r\n'),
  '503': (socket: Socket) => socket.write(response({ status: 503, headers: { 'x-version': '' } })),
  unhealthy: (socket: Socket) =>
    socket.write(response({ status: 503, body: 'no healthy upstream', headers: { 'x-version': '' } })),
} as const satisfies Record<string, (socket: Socket) => unknown>;

type Treatment = keyof typeof TREATMENTS;

/** A server that treats its first requests so, and every further one as the last of these. */
async function treating(t: TestContext, ...treatments: Treatment[]) {
  const server = await rawServer(t, (socket, { inAll }) => {
    TREATMENTS[treatments[Math.min(inAll, treatments.length) - 1] as Treatment](socket);
  });
  return { server, url: `http://${server.at}/` };
}

const EVEN: PlanChanges = { expect: { v1: 50, v2: 50 } };

async function check(url: string, changes: PlanChanges = EVEN) {
  const { plan, requests, reached } = await checkGateway(planFor(url, changes));
  return { note: plan.notes.find(({ code }) => code === 'preflight-repeated')?.text, requests, reached };
}

async function refusal(url: string, changes: PlanChanges = EVEN): Promise<UserError> {
  const error = await checkGateway(planFor(url, changes)).then(
    () => assert.fail('the pre-flight passed'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof UserError, String(error));
  return namingFlags(error);
}

const BAD = ['stalls', 'closes', 'resets', 'garbage', '503', 'unhealthy'] as const;
const UNANSWERED = 'unanswered when others were';
const KINDS = {
  stalls: UNANSWERED,
  closes: 'closed',
  resets: 'reset',
  garbage: 'malformed',
  '503': 'status 503',
  unhealthy: 'status 503',
};

for (const bad of BAD) {
  test(`the first request meets a version that ${bad}: the second begins the run`, async (t) => {
    const { server, url } = await treating(t, bad, 'good');
    const { note, requests, reached } = await check(url);
    // A machine without a free core may be silent for a second: then there is one more.
    assert.ok(requests === 2 || requests === 3, `${requests}`);
    assert.equal(reached, server.at);
    assert.match(note ?? '', /^1 of [23] requests before the load had no usable answer: \S.* × 1\./);
    assert.match(note ?? '', new RegExp(`${KINDS[bad]}|${UNANSWERED}`));
  });
}

test('two in a row fail, in every order: the third begins the run, and none waits for the time-out', async (t) => {
  const pairs = BAD.flatMap((first) => BAD.map((second) => [first, second] as const));
  await Promise.all(
    pairs.map(async ([first, second]) => {
      const { url } = await treating(t, first, second, 'good');
      const { note, requests } = await check(url, { ...EVEN, load: { timeoutMs: 600_000 } });
      // As above: a machine without a free core may be silent for a second, and then there are more.
      assert.ok(requests >= 3, `${first}, ${second}: ${requests}`);
      assert.match(note ?? '', /^\d of \d requests before the load had no usable answer: /);
    }),
  );
});

test('a gateway that is slow for every request: its first answer counts, and no note blames it', async (t) => {
  const server = await rawServer(t, (socket) => {
    setTimeout(() => socket.write(response()), 1500);
  });
  const { note, requests } = await check(`http://${server.at}/`);
  assert.ok(requests >= 2, `${requests}`);
  assert.equal(note, undefined);
});

test('nothing answers: status 4 after the time-out, and what came of each request', async (t) => {
  const { server, url } = await treating(t, 'stalls');
  const { message, exitCode } = await refusal(url, { ...EVEN, load: { timeoutMs: 1500 } });
  assert.equal(exitCode, 4);
  assert.match(
    message,
    /accepted the connection and did not answer within 1500 ms.*\n\(3 requests: timeout × 3\)$/,
  );
  assert.equal(server.seen.total, 3);
});

test('the first stalls, then the gateway is gone: status 4, and both are named', async () => {
  // Listens no more once it has a connection, which it keeps.
  const server = createServer(() => server.close());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const { message, exitCode } = await refusal(`http://127.0.0.1:${port}/`, {
    ...EVEN,
    load: { timeoutMs: 3000 },
  });
  assert.equal(exitCode, 4);
  assert.match(message, /did not answer within 3000 ms.*\n\(2 requests: timeout × 1 · refused × 1\)$/);
});

test('one error besides time-outs: no load can be sent, and what came of each request is told', async (t) => {
  const changes = { ...EVEN, load: { timeoutMs: 1500 } };
  for (const answer of ['503', 'unhealthy'] as const) {
    const { url } = await treating(t, 'stalls', answer, 'stalls');
    const { message, exitCode } = await refusal(url, changes);
    assert.equal(exitCode, 4, message);
    assert.match(message, /503/);
    assert.match(message, /\n\(\d+ requests: .*status 503 × 1.*\)$/);
  }
});

test('one version stalls and one answers only 503: the end does not wait for what stalls', async (t) => {
  const { server, url } = await treating(t, 'stalls', '503');
  const changes = { ...EVEN, detect: DETECT, load: { timeoutMs: 600_000 } };
  const { message, exitCode } = await refusal(url, changes);
  assert.equal(exitCode, 4);
  assert.match(message, /Every answer was an error/);
  assert.match(message, /\n\(20 requests: unanswered when others were × 1 · status 503 × 19\)$/);
  assert.equal(server.seen.total, 20);
});

test('what lasts is not tried again', async (t) => {
  const { server, url } = await treating(t, 'good');
  await server.kill();
  const { message, exitCode } = await refusal(url);
  assert.equal(exitCode, 4);
  assert.match(message, /^\S+ refuses connections: [^\n]*$/);
});

test('a label that could be two versions ends it while another request is still unanswered', async (t) => {
  const server = await rawServer(t, (socket, { inAll }) => {
    if (inAll > 1) socket.write(response({ headers: { 'x-version': 'v1 and v2' } }));
  });
  const changes = { ...EVEN, load: { timeoutMs: 600_000 } };
  assert.match((await refusal(`http://${server.at}/`, changes)).message, /could stand for v1 or v2/);
});

test('over HTTP/2 too: a stream without an answer, a refused one, then a good one', async (t) => {
  const server = await h2Server(t, ({ stream, inAll }) => {
    if (inAll === 2) stream.close(7);
    if (inAll >= 3) stream.respond({ ':status': 200, 'x-version': 'v1' }, { endStream: true });
  });
  const changes = { ...EVEN, flags: { http2: true }, load: { timeoutMs: 600_000 } };
  const { note, requests } = await check(`http://${server.at}/`, changes);
  assert.equal(requests, 3);
  assert.match(note ?? '', /^2 of 3 .*unanswered when others were × 1 · refused-stream × 1/);
});

test('over HTTP/2, nothing answers', async (t) => {
  const server = await h2Server(t, () => {});
  const changes = { ...EVEN, flags: { http2: true }, load: { timeoutMs: 1500 } };
  const { message, exitCode } = await refusal(`http://${server.at}/`, changes);
  assert.equal(exitCode, 4);
  assert.match(message, /did not answer within 1500 ms.*\n\(3 requests: timeout × 3\)$/);
});
