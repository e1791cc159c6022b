/** Whole runs: pre-flight, worker threads, fold and result. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { createServer } from 'node:https';
import { test } from 'node:test';
import type { TLSSocket } from 'node:tls';
import type { RunResult } from '../src/analysis/result.js';
import type { SampleSink } from '../src/blocks/run-record.js';
import type { Flags } from '../src/cli/options/flags.js';
import { UserError } from '../src/errors.js';
import { makeCertificate } from '../src/lab/mesh/certificates.js';
import { run } from '../src/run.js';
import { RunFailure, type RunOptions } from '../src/run-options.js';
import { planFromFlags, said } from './support/flags.js';
import { DETECT, planFor } from './support/plan.js';
import { httpServer, rawServer, response, unusedPort } from './support/servers.js';

const LOAD_ONLY = { preflight: false };

/** v1 nine times, v2 once, and so on: exactly 90/10 whatever the order of sending. */
function splitter(): RequestListener {
  let count = 0;
  return (_request, reply) => {
    count += 1;
    reply.setHeader('content-type', 'text/plain');
    reply.end(`hello from backend ${count % 10 === 0 ? 'v2' : 'v1'}`);
  };
}

function holds({ requests }: RunResult): void {
  const { scheduled, attributed, unattributed, failed, cutOff } = requests;
  assert.equal(attributed + unattributed + failed + cutOff, scheduled);
}

test('a kept split, from the first request to the verdict', async (t) => {
  const server = await httpServer(t, splitter());
  const started: string[] = [];
  const live: number[] = [];
  const plan = planFor(`http://${server.at}/`, {
    expect: { 'backend-v1': 90, 'backend-v2': 10 },
    load: { requests: 4000, connections: 8, threads: 2 },
    flags: { host: 'shop.example', headers: ['Authorization: Bearer secret', 'X-Env: canary'] },
    detect: DETECT,
  });
  const result = await run(plan, {
    onStart: ({ identify }) => started.push(identify.version.from),
    onProgress: (counts) => live.push(counts().attributed),
  });
  holds(result);
  assert.deepEqual(result.requests, {
    scheduled: 4000,
    attributed: 4000,
    unattributed: 0,
    failed: 0,
    cutOff: 0,
    preflight: 1,
    settle: 0,
    warmup: 0,
  });
  assert.equal(server.seen.total, 4001);
  assert.equal(result.verdict, 'pass');
  assert.deepEqual(
    result.versions.map(({ version, labels, requests }) => ({ version, labels, requests })),
    [
      // The first of all was the pre-flight's.
      { version: 'backend-v1', labels: ['v1'], requests: 3600 },
      { version: 'backend-v2', labels: ['v2'], requests: 400 },
    ],
  );
  assert.deepEqual(started, ['preset']);
  assert.equal(live.at(-1), 4000);
  assert.equal(result.ended, 'completed');
  assert.equal(result.load.connectionsOpened, 8);
  assert.equal(result.load.threads, 2);
  assert.equal(result.load.lateness, null);
  assert.deepEqual(result.target.addresses, [server.at]);
  assert.equal(result.target.host, 'shop.example');
  assert.equal(result.target.sni, null);
  assert.equal(result.target.tlsVerified, null);
  assert.deepEqual(result.target.headers.slice(0, 2), [
    ['Authorization', '(secret)'],
    ['X-Env', 'canary'],
  ]);
  assert.doesNotMatch(JSON.stringify(result), /Bearer secret/);
  assert.ok(result.versions.every(({ latencyUs }) => latencyUs.count > 0 && (latencyUs.min ?? 0) > 0));
  assert.match(result.startedAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
});

test('refused: no pre-flight with something left to find out, or with settling', async () => {
  const refused = async (flags: Flags, options: RunOptions, message: RegExp) => {
    const plan = await planFromFlags('http://127.0.0.1:9', flags);
    await assert.rejects(run(plan, options), (error: unknown) => {
      assert.ok(error instanceof UserError, String(error));
      assert.match(said(error), message);
      return true;
    });
  };
  await refused({}, LOAD_ONLY, /^--no-preflight .* give --version-from/);
  await refused(
    { 'version-from': 'none' },
    { ...LOAD_ONLY, settleMs: 30_000 },
    /^--settle and --no-preflight contradict/,
  );
});

test('warm-up requests are in no figure', async (t) => {
  // The first 300 are slow and of another version: a warm-up of 300 leaves no trace of them.
  const server = await httpServer(t, (_request, reply) => {
    const cold = server.seen.total <= 300;
    reply.setHeader('x-version', cold ? 'v0' : 'v1');
    if (cold) reply.statusCode = 503;
    reply.end('ok');
  });
  const plan = planFor(`http://${server.at}/`, {
    load: { requests: 100, connections: 1, warmup: { requests: 300 } },
  });
  const result = await run(plan, LOAD_ONLY);
  holds(result);
  assert.equal(result.requests.warmup, 300);
  assert.equal(result.requests.scheduled, 100);
  assert.deepEqual(
    result.versions.map(({ version, requests, statuses }) => ({ version, requests, statuses })),
    [{ version: 'v1', requests: 100, statuses: { 200: 100 } }],
  );
  assert.equal(result.overall.latencyUs.count, 100);
  assert.ok(result.timeline.every(({ version }) => version === 'v1'));
});

test('a stall of 300 ms at 1000 requests per second: latency shows it, service time alone would not', async (t) => {
  let stalledUntil = 0;
  const server = await httpServer(t, (_request, reply) => {
    if (server.seen.total === 300) stalledUntil = performance.now() + 300;
    const waitMs = stalledUntil - performance.now();
    reply.setHeader('x-version', 'v1');
    if (waitMs > 0) setTimeout(() => reply.end('ok'), waitMs);
    else reply.end('ok');
  });
  const plan = planFor(`http://${server.at}/`, {
    // Few connections: during the stall nearly all requests wait here, where the server cannot see them.
    load: {
      mode: 'open',
      ratePerSecond: 1000,
      requests: 1500,
      durationMs: null,
      maxInFlight: 8,
      connections: 8,
    },
  });
  const result = await run(plan, LOAD_ONLY);
  holds(result);
  assert.equal(result.requests.scheduled, 1500);
  assert.equal(result.requests.attributed, 1500, 'nothing was thinned');
  assert.equal(server.seen.total, 1500);
  assert.equal(server.seen.mostOpen <= 8, true);
  const { latencyUs, serviceTimeUs } = result.overall;
  assert.ok((latencyUs.percentiles['99'] ?? 0) > 250_000, `latency p99 ${latencyUs.percentiles['99']} µs`);
  // A fifth of all requests waited out the stall here, eight at the server. A machine that loses its core now
  // and then adds some more eights, never a twentieth of all.
  const [due, sent] = [latencyUs, serviceTimeUs].map(({ percentiles }) => percentiles['95'] ?? 0);
  assert.ok((sent as number) < (due as number) / 2, `p95 ${due} µs, from the sending ${sent} µs`);
  assert.ok((serviceTimeUs.max ?? 0) > 250_000);
  const { lateness } = result.load;
  assert.ok(lateness !== null && lateness.waitMaxUs > 250_000 && lateness.waited > 100);
});

test('a body that breaks after its version was read is failed, with the version kept', async (t) => {
  const server = await rawServer(t, (socket, { inAll }) => {
    if (inAll % 4 !== 0) socket.write(response());
    else socket.end('HTTP/1.1 200 OK\r\nx-version: v2\r\ncontent-length: 100\r\n\r\nhalf');
  });
  const plan = planFor(`http://${server.at}/`, {
    expect: { v1: 75, v2: 25 },
    load: { requests: 200, connections: 4 },
  });
  const result = await run(plan, LOAD_ONLY);
  holds(result);
  assert.deepEqual(result.failures, { truncated: 50 });
  assert.equal(result.requests.failed, 50);
  const v2 = result.versions.find(({ version }) => version === 'v2');
  assert.deepEqual(v2?.failures, { truncated: 50 });
  assert.equal(v2?.requests, 0);
  assert.ok(result.notes.some(({ code }) => code === 'failure-sample'));
});

test('replies that the gateway made are kinds of unattributed responses', async (t) => {
  const server = await rawServer(t, (socket, { inAll }) => {
    const own = { status: 503, headers: { 'x-version': '' } };
    if (inAll % 10 === 0) socket.write(response({ ...own, body: 'no healthy upstream' }));
    else if (inAll % 10 === 5) {
      const headers = { ...own.headers, 'x-envoy-overloaded': 'true' };
      socket.write(response({ ...own, headers, body: 'x' }));
    } else socket.write(response());
  });
  const plan = planFor(`http://${server.at}/`, { load: { requests: 200, connections: 4 } });
  const result = await run(plan, LOAD_ONLY);
  holds(result);
  assert.deepEqual(result.unattributed, {
    requests: 40,
    statuses: { 503: 40 },
    kinds: { 'no-healthy-upstream': 20, overflow: 20 },
  });
  assert.deepEqual(result.gatewayReplies, { 'no-healthy-upstream': 20, overflow: 20 });
  assert.equal(result.overall.requests, 200);
  assert.equal(result.backends.requests, 160);
});

test('a signal gives a partial result', async (t) => {
  const controller = new AbortController();
  const server = await httpServer(t, (_request, reply) => {
    reply.setHeader('x-version', 'v1');
    if (server.seen.total <= 500) reply.end('ok');
    if (server.seen.total === 508) controller.abort();
  });
  const plan = planFor(`http://${server.at}/`, {
    load: { requests: null, durationMs: 60_000, connections: 8, threads: 2 },
  });
  const result = await run(plan, { ...LOAD_ONLY, signal: controller.signal, endedBy: () => 'terminated' });
  holds(result);
  assert.equal(result.ended, 'terminated');
  assert.equal(result.requests.attributed, 500);
  assert.equal(result.requests.cutOff, 8);
  assert.equal(result.requests.scheduled, 508);
});

test('a signal in the pre-flight does not wait for its time-out, and no load follows', async (t) => {
  const controller = new AbortController();
  const server = await rawServer(t, () => controller.abort());
  const plan = planFor(`http://${server.at}/`, { load: { connections: 8, timeoutMs: 60_000 } });
  const result = await run(plan, { signal: controller.signal });
  holds(result);
  assert.equal(result.ended, 'interrupted');
  assert.equal(result.requests.preflight, 1);
  assert.equal(result.requests.scheduled, 0);
  assert.equal(server.seen.total, 1);
});

test('a run that could send nothing has a result without figures', async () => {
  const port = await unusedPort();
  const plan = planFor(`http://127.0.0.1:${port}/`, {
    expect: { v1: 50, v2: 50 },
    load: { requests: 8, connections: 4 },
  });
  const result = await run(plan, LOAD_ONLY);
  holds(result);
  assert.deepEqual(result.failures, { refused: 8 });
  assert.equal(result.overall.latencyUs.max, null);
  assert.notEqual(result.verdict, 'pass');
  assert.deepEqual(result.target.addresses, [`127.0.0.1:${port}`]);
});

test('the pre-flight’s refusal is the error of the run', async () => {
  const port = await unusedPort();
  await assert.rejects(
    run(planFor(`http://127.0.0.1:${port}/`)),
    (error: unknown) => error instanceof UserError && error.exitCode === 4,
  );
});

test('a label that could be two versions, met in the run, is counted apart and said', async (t) => {
  const server = await httpServer(t, (_request, reply) => {
    reply.setHeader('x-version', server.seen.total % 20 === 0 ? 'v1 v2' : 'v1');
    reply.end('ok');
  });
  const plan = planFor(`http://${server.at}/`, {
    expect: { v1: 100, v2: 0 },
    load: { requests: 100, connections: 2 },
  });
  const result = await run(plan, LOAD_ONLY);
  holds(result);
  assert.equal(result.versions.find(({ version }) => version === 'v1 v2')?.requests, 5);
  assert.equal(result.notes.filter(({ code }) => code === 'ambiguous-label').length, 1);
});

test('with --map a version’s own name in a response is not the version', async (t) => {
  let count = 0;
  const server = await httpServer(t, (_request, reply) => {
    count += 1;
    reply.setHeader('x-version', count % 10 === 0 ? 'v1' : 'blue');
    reply.end();
  });
  const plan = planFor(`http://${server.at}/`, {
    load: { requests: 500 },
    identify: { version: { from: 'header', name: 'x-version' } },
  });
  const expected = [
    { name: 'v1', weight: 90, share: 0.9, mapped: ['blue'] },
    { name: 'v2', weight: 10, share: 0.1, mapped: [] },
  ];
  const result = await run({ ...plan, judge: { ...plan.judge, expected } }, LOAD_ONLY);
  const requests = Object.fromEntries(result.versions.map((version) => [version.version, version.requests]));
  assert.deepEqual(requests, { v1: 450, v2: 0, 'v1 (not mapped)': 50 });
  assert.equal(result.verdict, 'fail');
});

test('over TLS the report says what was verified, and the server sees Host and name apart', async (t) => {
  const made = await makeCertificate({ names: ['gateway.example'] });
  const seen = new Set<string>();
  const server = createServer({ cert: made.certPem, key: made.keyPem }, (request, reply) => {
    seen.add(`${request.headers.host} by ${(request.socket as TLSSocket).servername}`);
    reply.setHeader('x-version', 'v1');
    reply.end('ok');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as { port: number };
  const changes = {
    flags: { host: 'shop.example', sni: 'gateway.example', connectTo: [`::127.0.0.1:${port}`] },
    load: { requests: 40, connections: 4 },
  };
  const verified = await run(planFor('https://shop.example/', { ...changes, tls: { ca: made.certPem } }));
  holds(verified);
  assert.equal(verified.requests.attributed, 40);
  assert.equal(verified.target.tlsVerified, true);
  assert.equal(verified.target.sni, 'gateway.example');
  assert.deepEqual(verified.target.addresses, [`127.0.0.1:${port}`]);
  assert.deepEqual([...seen], ['shop.example by gateway.example']);
  const any = await run(planFor('https://shop.example/', { ...changes, tls: { verify: false } }));
  assert.equal(any.target.tlsVerified, false);
});

test('a sink that throws ends the run: the error has the result, which does not pass', async (t) => {
  for (const method of ['begin', 'add', 'end'] as const) {
    const server = await httpServer(t, splitter());
    const plan = planFor(`http://${server.at}/`, {
      expect: { 'backend-v1': 90, 'backend-v2': 10 },
      load: { requests: 4000, connections: 8, threads: 2 },
      detect: DETECT,
    });
    const sink: SampleSink = { begin() {}, add: () => null, end: async () => {} };
    const fail = () => {
      throw new Error(`${method} failed`);
    };
    const running = run(plan, { sinks: [{ ...sink, [method]: fail }] });
    await assert.rejects(running, (error) => {
      assert.ok(error instanceof RunFailure);
      assert.equal(error.message, `a sink failed: ${method} failed`);
      const { ended, verdict, notes } = error.result;
      holds(error.result);
      assert.equal(ended, 'failed');
      assert.equal(notes.filter(({ code }) => code === 'run-failed').length, 1);
      // Its 4,000 requests would pass.
      if (method === 'end')
        assert.deepEqual([verdict, error.result.requests.attributed], ['inconclusive', 4000]);
      return true;
    });
  }
});

test('a callback that throws ends the run in the same way', async (t) => {
  const server = await httpServer(t, splitter());
  const plan = planFor(`http://${server.at}/`, { load: { requests: 4000, connections: 8 } });
  const running = run(plan, {
    ...LOAD_ONLY,
    onProgress: () => {
      throw new Error('the view failed');
    },
  });
  await assert.rejects(
    running,
    (error) => error instanceof RunFailure && error.message === 'the view failed',
  );
});

test('whatever a callback throws is a failure, and a failure without a result is the error itself', async (t) => {
  const server = await httpServer(t, splitter());
  const load = { requests: 4000, connections: 2 };
  const throwsNull = () => {
    throw null;
  };
  await assert.rejects(
    run(planFor(`http://${server.at}/`, { load }), { ...LOAD_ONLY, onProgress: throwsNull }),
    (error) => error instanceof RunFailure && error.message === 'null' && error.result.ended === 'failed',
  );
  // It makes that no result can be computed.
  const breaks: SampleSink = {
    begin: ({ plan }) => {
      Object.assign(plan, { target: null });
      throw new Error('it broke');
    },
    add: () => null,
    end: async () => {},
  };
  await assert.rejects(run(planFor(`http://${server.at}/`, { load }), { ...LOAD_ONLY, sinks: [breaks] }), {
    name: 'Error',
    message: 'a sink failed: it broke',
  });
});

test('forceSignal alone interrupts a run too', async (t) => {
  const server = await httpServer(t, splitter());
  const force = new AbortController();
  const plan = planFor(`http://${server.at}/`, {
    load: { requests: null, durationMs: 600_000, connections: 2 },
  });
  const result = await run(plan, {
    ...LOAD_ONLY,
    forceSignal: force.signal,
    onProgress: () => force.abort(),
  });
  holds(result);
  assert.equal(result.ended, 'interrupted');
});
