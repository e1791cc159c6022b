/** What is analyzed from a saved run is what the live run found. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AnalyzeOptions, analyze } from '../src/analyze.js';
import { OptionError, UserError } from '../src/errors.js';
import { liveRun } from './support/memory-run.js';
import { DETECT, planFor } from './support/plan.js';
import { readResult } from './support/result-schema.js';
import { httpServer, rawServer, response } from './support/servers.js';

const NO_CUT = { sinceMs: null, untilMs: null, where: {} };

test('closed loop, detected identifier, warm-up, two threads, 5xx: the same result to the last bit', async (t) => {
  let count = 0;
  const server = await httpServer(t, (_request, reply) => {
    count += 1;
    reply.statusCode = count % 50 === 0 ? 503 : 200;
    reply.end(`hello from backend ${count % 10 === 0 ? 'v2' : 'v1'}`);
  });
  const { result, saved } = await liveRun(
    planFor(`http://${server.at}/`, {
      expect: { 'backend-v1': 90, 'backend-v2': 10 },
      flags: { headers: ['Authorization: Bearer hunter2'] },
      load: { requests: 3000, connections: 8, threads: 2, warmup: { requests: 200 } },
      detect: DETECT,
    }),
  );
  assert.equal(result.requests.warmup, 200);
  assert.deepEqual(await analyze([saved]), result);
});

test('open loop with lateness, failures, gateway replies and labels that are ambiguous or not mapped', async (t) => {
  const server = await rawServer(t, (socket, { inAll }) => {
    const label = ['v1', 'v2', 'v1 v2', 'other'][inAll % 4] as string;
    if (inAll % 17 === 0) socket.end('HTTP/1.1 200 OK\r\nx-version: v2\r\ncontent-length: 100\r\n\r\nhalf');
    else if (inAll % 13 === 0) socket.destroy();
    else if (inAll % 11 === 0) {
      socket.write(response({ status: 503, headers: { 'x-version': '' }, body: 'no healthy upstream' }));
    } else socket.write(response({ headers: { 'x-version': label } }));
  });
  const { result, saved } = await liveRun(
    planFor(`http://${server.at}/`, {
      expect: { v1: 50, v2: 50 },
      load: { mode: 'open', ratePerSecond: 2000, requests: 600, maxInFlight: 6, connections: 6 },
    }),
  );
  assert.ok(result.requests.failed > 50 && result.load.lateness !== null);
  assert.ok(result.notes.some(({ code }) => code === 'ambiguous-label'));
  assert.deepEqual(await analyze([saved]), result);
});

test('a cut by time takes what was due, and judges the split of that', async (t) => {
  const server = await httpServer(t, (_request, reply) => {
    reply.setHeader('x-version', server.seen.total <= 100 ? 'v1' : 'v2');
    reply.end();
  });
  const { result, saved } = await liveRun(
    planFor(`http://${server.at}/`, {
      expect: { v1: 50, v2: 50 },
      load: { mode: 'open', ratePerSecond: 200, requests: 200, maxInFlight: 1, connections: 1 },
    }),
  );
  assert.notEqual(result.verdict, 'fail');
  // Due every 5 ms: the first hundred before 500 ms, and one connection keeps the order.
  const first = await analyze([saved], { cut: { ...NO_CUT, untilMs: 500 } });
  const rest = await analyze([saved], { cut: { ...NO_CUT, sinceMs: 500 } });
  assert.deepEqual(
    [first, rest].map(({ verdict, requests, versions }) => [
      verdict,
      requests.scheduled,
      versions.map((version) => version.requests),
    ]),
    [
      ['fail', 100, [100, 0]],
      ['fail', 100, [0, 100]],
    ],
  );
  assert.match(
    first.notes.find(({ code }) => code === 'cut')?.text ?? '',
    /due before 0\.5 s are counted: 100 of 200/,
  );
  readResult(JSON.stringify(rest));
});

test('a cut by what answered leaves shares and verdict out', async (t) => {
  const server = await httpServer(t, (_request, reply) => {
    const { total } = server.seen;
    reply.statusCode = total % 40 === 0 ? 503 : total % 40 === 1 ? 404 : 200;
    reply.setHeader('x-version', total % 4 === 0 ? 'blue' : 'v1');
    reply.setHeader('x-pod', `pod-${total % 2}`);
    reply.end();
  });
  const plan = planFor(`http://${server.at}/`, {
    load: { requests: 400 },
    identify: { endpoint: { from: 'header', name: 'x-pod' } },
  });
  const expected = [
    { name: 'v1', weight: 75, share: 0.75, mapped: [] },
    { name: 'v2', weight: 25, share: 0.25, mapped: ['blue'] },
  ];
  const { saved } = await liveRun({ ...plan, judge: { ...plan.judge, expected } });
  const counts = async (where: Record<string, string[]>) => {
    const result = await analyze([saved], { cut: { ...NO_CUT, where } });
    readResult(JSON.stringify(result));
    assert.equal(result.split, null);
    assert.equal(result.verdict, null);
    assert.ok(result.versions.every(({ share, shareInterval }) => share === null && shareInterval === null));
    assert.ok(result.notes.some(({ code }) => code === 'split-left-out'));
    assert.equal(result.requests.scheduled, result.requests.attributed);
    return Object.fromEntries(result.versions.map(({ version, requests }) => [version, requests]));
  };
  assert.deepEqual(await counts({ version: ['v2'] }), { v2: 100 });
  assert.deepEqual(await counts({ version: ['blue'] }), { v2: 100 });
  assert.deepEqual(await counts({ version: ['v2', 'v1'] }), { v1: 300, v2: 100 });
  assert.deepEqual(await counts({ version: ['v2'], status: ['5xx'] }), { v2: 10 });
  assert.deepEqual(await counts({ status: ['404', '503'] }), { v1: 10, v2: 10 });
  assert.deepEqual(await counts({ endpoint: ['pod-1'] }), { v1: 200 });
  assert.deepEqual(await counts({ outcome: ['timeout'] }), {});
  const judged = await analyze([saved], { cut: { ...NO_CUT, where: { address: [server.at] } } });
  assert.equal(judged.requests.scheduled, 400);
  assert.notEqual(judged.split, null, 'the answer has no part in which address is used');
  await assert.rejects(
    analyze([saved], { cut: { ...NO_CUT, where: { version: ['v3'] } } }),
    (error: unknown) =>
      error instanceof UserError &&
      /version=v3: no request has this version.*'v1', 'blue'/.test(error.message),
  );
});

test('judged by other weights than the run was', async (t) => {
  const server = await httpServer(t, (_request, reply) => {
    reply.setHeader('x-version', 'v1');
    reply.end();
  });
  const { result, saved } = await liveRun(
    planFor(`http://${server.at}/`, { expect: { v1: 1, v2: 1 }, load: { requests: 400 } }),
  );
  assert.equal(result.verdict, 'fail');
  const again = await analyze([saved], { expect: { v1: 100 }, confidence: 0.9 });
  assert.equal(again.verdict, 'pass');
  assert.match(
    again.notes.find(({ code }) => code === 'judged-otherwise')?.text ?? '',
    /v1=100 ± 2 points at 90 %; .* with v1=1,v2=1 ± 2 points at 95 %/,
  );
});

test('options in the forms of makePlan; errors name them', async (t) => {
  const server = await httpServer(t, (_request, reply) => {
    reply.setHeader('x-version', 'blue');
    reply.end();
  });
  const plan = planFor(`http://${server.at}/`, { load: { requests: 400 } });
  const { saved } = await liveRun(plan);
  const wrong: readonly (readonly [AnalyzeOptions, RegExp])[] = [
    [{ expect: { v1: 0 } }, /^expect: all weights are 0/],
    [{ map: { v1: 'blue' } }, /^map says what stands for an expected version: give expect too\.$/],
    [{ expect: { v1: 1 }, map: { v2: 'blue' } }, /^map: 'v2' is not an expected version/],
    [{ tolerance: 2 }, /^tolerance: 2 is out of range/],
    [{ confidence: 95 }, /^confidence: 95 is out of range/],
    [{ ejection: { after: -1 } }, /^ejection\.after: -1 is out of range/],
    [{ eventLog: '/no/such/log' }, /^eventLog: \/no\/such\/log cannot be read/],
  ];
  for (const [options, message] of wrong) {
    await assert.rejects(
      analyze([saved], options),
      (error: unknown) => error instanceof OptionError && message.test(error.message),
    );
  }
  const { versions, verdict } = await analyze([saved], {
    expect: { v1: 1 },
    map: new Map([['v1', 'blue']]),
    ejection: { after: 3 },
  });
  assert.equal(verdict, 'inconclusive', 'no response names the endpoint that the rule is about');
  assert.deepEqual(
    versions.map(({ version, requests }) => [version, requests]),
    [['v1', 400]],
  );
});

test('of a file without its end: the rows, and nothing made up', async (t) => {
  const server = await httpServer(t, (_request, reply) => {
    reply.setHeader('x-version', 'v1');
    reply.end();
  });
  const { result, saved } = await liveRun(
    planFor(`http://${server.at}/`, {
      load: { mode: 'open', ratePerSecond: 1000, requests: 300, maxInFlight: 5, connections: 5, threads: 2 },
    }),
  );
  const cut = await analyze([saved.with({ runEnd: null, kept: saved.kept.slice(0, -1) })]);
  const left = cut.requests.scheduled;
  assert.ok(left > 0 && left < 300);
  assert.equal(cut.ended, 'truncated');
  assert.equal(cut.load.threads, 2);
  assert.equal(cut.load.connectUs, null);
  assert.equal(cut.load.lateness, null);
  assert.ok((cut.load.connectionsOpened ?? 0) >= 1);
  assert.ok((cut.load.connectionsOpened ?? 0) <= (result.load.connectionsOpened ?? 0));
  assert.match(
    cut.notes.find(({ code }) => code === 'file-cut')?.text ?? '',
    new RegExp(`run\\.arrow was cut .* with ${left} measured request`),
  );
  readResult(JSON.stringify(cut));
  const whole = await analyze([saved.with({ runEnd: null })]);
  assert.equal(whole.load.connectionsOpened, result.load.connectionsOpened);
  assert.deepEqual(whole.versions, result.versions);
});
