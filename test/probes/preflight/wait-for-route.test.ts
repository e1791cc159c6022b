/** Waiting for a route: until every version with weight has answered, bounded, whatever goes wrong meanwhile. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { namingFlags } from '../../../src/cli/options/flag-names.js';
import { UserError } from '../../../src/errors.js';
import { startLab } from '../../../src/lab/lab.js';
import type { Plan } from '../../../src/plan/plan.js';
import { waitForRoute } from '../../../src/probes/preflight/wait-for-route.js';
import { run } from '../../../src/run.js';
import { planOf, sample } from '../../support/envoy-lab.js';
import { readManifestTexts } from '../../support/manifests.js';
import { DETECT, type PlanChanges, planFor } from '../../support/plan.js';
import { type RawAnswer, rawServer, response, unusedPort } from '../../support/servers.js';

/** Long enough for a machine that stalls: these waits end by what happens, not by the time. */
const LONG_MS = 60_000;
const EVEN: PlanChanges = { expect: { v1: 50, v2: 50 } };

async function refusal(plan: Plan, limitMs: number): Promise<UserError> {
  const error = await waitForRoute(plan, limitMs).then(
    (settled) => assert.fail(`it settled: ${JSON.stringify(settled.settling)}`),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof UserError, String(error));
  return namingFlags(error);
}

const labelled = (version: string) => response({ headers: { 'x-version': version } });

/** A server whose answers depend on how many requests came before; gives its URL. */
async function serving(t: TestContext, answer: RawAnswer) {
  const server = await rawServer(t, answer);
  return { server, url: `http://${server.at}/` };
}

test('v1 alone for the first twelve requests: it waits for v2, and says how long that took', async (t) => {
  const { server, url } = await serving(t, (socket, { inAll }) => {
    socket.write(labelled(inAll <= 12 ? 'v1' : 'v2'));
  });
  const { plan, settling, reached } = await waitForRoute(planFor(url, EVEN), LONG_MS);
  assert.equal(settling.complete, true);
  assert.equal(reached, server.at);
  // What was still under way when v2 answered is cut off.
  assert.ok(settling.requests >= 13 && settling.requests <= 16, `${settling.requests} requests`);
  assert.ok(server.seen.total <= settling.requests);
  // No more than 50 requests a second, four at once.
  assert.ok(settling.durationMs >= 200, `${settling.durationMs} ms`);
  const [note, ...more] = plan.notes;
  assert.deepEqual(more, []);
  assert.equal(note?.code, 'settled');
  assert.match(
    note?.text ?? '',
    /^Every version with weight had answered after \d+\.\d s and 1\d requests \(--settle\)\. These requests are in no figure\.$/,
  );
});

test('weight 0 is not waited for', async (t) => {
  const { url } = await serving(t, (socket) => socket.write(labelled('v1')));
  const plan = planFor(url, { expect: { v1: 100, v2: 0 } });
  assert.equal((await waitForRoute(plan, LONG_MS)).settling.complete, true);
});

test('refusals, 404, resets, 503s, other labels and none: nothing ends it before the versions answer', async (t) => {
  const wrong: RawAnswer[] = [
    (socket) => socket.write(response({ status: 404, body: '', headers: { 'x-version': '' } })),
    (socket) => socket.resetAndDestroy(),
    (socket) =>
      socket.write(response({ status: 503, body: 'no healthy upstream', headers: { 'x-version': 'v2' } })),
    (socket) => socket.write(labelled('old')),
    (socket) => socket.write(response({ headers: { 'x-version': '' } })),
    (socket) => socket.end('SSH-2.0-OpenSSH_9.6\r\n'),
  ];
  const port = await unusedPort();
  const waiting = waitForRoute(planFor(`http://127.0.0.1:${port}/`, EVEN), LONG_MS);
  const good = ['v1', 'v2'];
  await rawServer(
    t,
    (socket, request) => {
      const first = wrong.shift();
      if (first !== undefined) first(socket, request);
      else socket.write(labelled(good.shift() ?? 'v1'));
    },
    port,
  );
  const { settling } = await waiting;
  assert.equal(settling.complete, true);
  assert.deepEqual([wrong.length, good.length], [0, 0]);
});

test('how the version is told is detected from the answers that are there when the route is', async (t) => {
  const hello = (version: string) =>
    response({ body: `hello from backend ${version}\n`, headers: { 'x-app-name': 'http-echo' } });
  const { url } = await serving(t, (socket, { inAll }) => {
    if (inAll < 4) socket.write(response({ body: '{"default": "backend"}' }));
    else socket.write(hello(inAll % 2 === 0 ? 'v1' : 'v2'));
  });
  const { plan, settling } = await waitForRoute(planFor(url, { ...EVEN, detect: DETECT }), LONG_MS);
  assert.equal(settling.complete, true);
  assert.deepEqual(plan.identify.version, { from: 'preset', preset: 'http-echo' });
  assert.deepEqual(
    plan.notes.map(({ code }) => code),
    ['identifier-detected', 'settled'],
  );
});

test('v2 never answers: the load is sent all the same, and v2 is named', async (t) => {
  const { url } = await serving(t, (socket) => socket.write(labelled('v1')));
  const { plan, settling } = await waitForRoute(planFor(url, EVEN), 2000);
  assert.equal(settling.complete, false);
  assert.ok(settling.durationMs >= 1999, `${settling.durationMs} ms`);
  assert.ok(settling.requests <= 104, `${settling.requests} requests in 2 s are more than 50 a second`);
  const note = plan.notes.find(({ code }) => code === 'settle-incomplete');
  assert.match(
    note?.text ?? '',
    /^After \d+\.\d s and \d+ requests \(--settle\) there was no answer from v2\. The load was sent nevertheless\.$/,
  );
});

test('nothing listens: the explanation of the pre-flight, and a gateway that is not there is not hammered', async () => {
  const port = await unusedPort();
  const { message, exitCode } = await refusal(planFor(`http://127.0.0.1:${port}/`, EVEN), 2000);
  assert.equal(exitCode, 4);
  assert.match(message, /refuses connections: nothing listens there/);
  const [, sent] = /\(after (\d+) requests in 2 s, --settle\)$/.exec(message) ?? assert.fail(message);
  // Each of four places nine times, further and further apart.
  assert.ok(Number(sent) <= 40, message);
});

test('only errors, an answer that never comes, or no version: each is explained', async (t) => {
  const missing = await serving(t, (socket) =>
    socket.write(response({ status: 404, body: '', headers: { 'x-version': '' } })),
  );
  const noRoute = await refusal(planFor(missing.url, EVEN), 1000);
  assert.equal(noRoute.exitCode, 2);
  assert.match(noRoute.message, /answered 404 for Host .* the gateway has no route for them/);
  const silent = await serving(t, () => {});
  const late = await refusal(planFor(silent.url, EVEN), 500);
  assert.equal(late.exitCode, 4);
  assert.match(late.message, /did not (answer|accept a connection) within \d+ ms/);
  const failing = await serving(t, (socket) =>
    socket.write(response({ status: 503, body: 'no healthy upstream', headers: { 'x-version': '' } })),
  );
  assert.equal((await refusal(planFor(failing.url, EVEN), 500)).exitCode, 4);
  const other = await serving(t, (socket) => socket.write(labelled('blue')));
  const unmatched = await refusal(planFor(other.url, EVEN), 1000);
  assert.equal(unmatched.exitCode, 2);
  assert.match(unmatched.message, /match no expected version.*"blue".*--map/s);
});

test('without versions to wait for it is refused', async () => {
  const none = await refusal(planFor('http://203.0.113.7/'), 1000);
  assert.match(none.message, /--settle waits for the expected versions to answer: give --expect or -f\./);
  const unread = planFor('http://203.0.113.7/', { ...EVEN, identify: { version: { from: 'none' } } });
  assert.match((await refusal(unread, 1000)).message, /--version-from none/);
});

test('a signal ends it at once', async (t) => {
  const controller = new AbortController();
  const { url } = await serving(t, () => controller.abort());
  const plan = planFor(url, { ...EVEN, load: { timeoutMs: LONG_MS } });
  const settled = await waitForRoute(plan, LONG_MS, controller.signal);
  assert.equal(settled.settling.complete, false);
  assert.ok(settled.settling.requests <= 4);
});

test('several addresses take turns: versions may be on different ones', async (t) => {
  const one = await serving(t, (socket) => socket.write(labelled('v1')));
  const two = await serving(t, (socket) => socket.write(labelled('v2')));
  const dead = `127.0.0.1:${await unusedPort()}`;
  const connectTo = [`::${dead}`, `::${one.server.at}`, `::${two.server.at}`];
  const plan = planFor('http://shop.example/', { ...EVEN, flags: { connectTo } });
  const { settling } = await waitForRoute(plan, LONG_MS);
  assert.equal(settling.complete, true);
});

test('in a run: counted apart, in no figure', async (t) => {
  const { url } = await serving(t, (socket, { inAll }) => {
    socket.write(labelled(inAll <= 8 ? 'v1' : 'v2'));
  });
  const plan = planFor(url, { ...EVEN, load: { requests: 40 } });
  const result = await run(plan, { settleMs: LONG_MS });
  const { settle, requests, versions } = result;
  assert.equal(settle?.complete, true);
  assert.equal(requests.settle, settle?.requests);
  assert.equal(requests.preflight, 0);
  assert.deepEqual([requests.scheduled, requests.attributed], [40, 40]);
  assert.deepEqual(
    versions.map((version) => [version.version, version.requests]),
    [
      ['v1', 0],
      ['v2', 40],
    ],
  );
  assert.ok(result.notes.some(({ code }) => code === 'settled'));
});

test('in the lab: a route whose second version comes while it waits', async (t) => {
  const manifests = ['deployments', 'gateway', 'httproute-50-50'].map(sample);
  const lab = await startLab({ manifests: await readManifestTexts(...manifests), seed: 1 });
  t.after(() => lab.close());
  lab.setWeights({ 'backend-v2': 0 });
  const plan = await planOf(lab.urls.http, manifests, { requests: '200', connections: '4' });
  const running = run(plan, { settleMs: LONG_MS });
  while ((lab.counts().versions['backend-v1'] ?? 0) < 8) await delay(5);
  lab.setWeights({ 'backend-v2': 50 });
  const { settle, requests, versions } = await running;
  assert.equal(settle?.complete, true);
  assert.ok((settle?.requests ?? 0) > 8);
  assert.equal(requests.attributed, 200);
  assert.ok(versions.every((version) => version.requests > 0));
});
