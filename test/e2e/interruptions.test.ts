import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { until } from '../lab/client.js';
import { assertNoStack, BIN, startCli, weighbridge } from '../support/cli.js';
import { readResult } from '../support/result-schema.js';
import { httpServer, rawServer } from '../support/servers.js';
import { scratch } from './sample-lab.js';

const VERSION = ['--version-from', 'header:x-version'];

/** Answers as v1 after 2 ms. */
function steady(t: TestContext, onRequest: (total: number) => void = () => {}, port = 0) {
  let total = 0;
  return httpServer(
    t,
    (_request, response) => {
      total += 1;
      onRequest(total);
      response.setHeader('x-version', 'v1');
      setTimeout(() => response.end('ok'), 2);
    },
    port,
  );
}

for (const [signal, status, ended] of [
  ['SIGINT', 130, 'interrupted'],
  ['SIGTERM', 143, 'terminated'],
] as const) {
  test(`${signal}: the partial report and the JSON are there, and the status is ${status}`, async (t) => {
    const server = await steady(t);
    const file = join(scratch(t), 'run.json');
    const run = startCli(t, ['run', `http://${server.at}`, ...VERSION, '-z', '60s', '-c5', '--json', file]);
    await until(() => server.seen.total > 100, 'some load');
    run.child.kill(signal);
    const end = await run.end;
    assert.equal(end.status, status, end.stderr);
    assertNoStack(end.stderr);
    assert.match(end.stderr, /the report on what was measured so far follows/);
    assert.match(end.stdout, new RegExp(`^[\\d,]+ requests in .*${ended}`));
    const result = readResult(readFileSync(file, 'utf8'));
    assert.equal(result.ended, ended);
    assert.ok(result.requests.attributed > 50);
    // The last ones of the five connections may have been cut off before they got there.
    const unseen = result.requests.scheduled + result.requests.preflight - server.seen.total;
    assert.ok(unseen >= 0 && unseen <= 5, `${unseen} reported that the server did not see`);
  });
}

test('Ctrl-C before the load: nothing to report, the end at once', async (t) => {
  const server = await httpServer(t, () => {});
  const file = join(scratch(t), 'run.json');
  const run = startCli(t, ['run', `http://${server.at}`, '-t', '60s', '--json', file]);
  await until(() => server.seen.total === 1, 'the pre-flight request');
  const startMs = performance.now();
  run.child.kill('SIGINT');
  const end = await run.end;
  assert.ok(performance.now() - startMs < 30_000, 'it does not wait for the time-out of a minute');
  assert.deepEqual([end.status, end.stdout], [130, '']);
  assert.match(end.stderr, /^weighbridge: interrupted before the load began; nothing was measured\.\n$/);
  assert.equal(existsSync(file), false);
});

test('Ctrl-C twice: the report and the outputs of what is at hand, without waiting', async (t) => {
  const server = await steady(t);
  // It never answers, so that ending takes its time.
  const admin = await rawServer(t, () => {});
  const [json, saved] = ['run.json', 'run.arrow'].map((name) => join(scratch(t), name)) as [string, string];
  const words = ['-z', '60s', '-c5', '--json', json, '--save', saved, '--envoy-admin', `http://${admin.at}`];
  const run = startCli(t, ['run', `http://${server.at}`, ...VERSION, ...words]);
  await until(() => server.seen.total > 100, 'some load');
  run.child.kill('SIGINT');
  await until(() => run.stderr().includes('interrupted'), 'the first signal is noticed');
  run.child.kill('SIGINT');
  const end = await run.end;
  assert.equal(end.status, 130, end.stderr);
  assertNoStack(end.stderr);
  const { ended, requests } = readResult(readFileSync(json, 'utf8'));
  assert.equal(ended, 'interrupted');
  const again = readResult((await weighbridge(t, ['analyze', saved, '--json', '-'])).stdout);
  // On a busy machine the file may not have been finished in the time that it has then.
  if (end.stderr.includes('was given up')) assert.ok(again.requests.scheduled <= requests.scheduled);
  else assert.deepEqual(again.requests, requests);
});

test('an output that becomes unwritable during the run: 5, and the report is whole', async (t) => {
  const folder = scratch(t);
  const server = await steady(t, (total) => {
    if (total === 50) rmSync(folder, { recursive: true });
  });
  const files = ['--json', join(folder, 'run.json'), '--csv', join(folder, 'run.csv')];
  const words = ['-n', '100', '-c2', ...files, '--csv-dir', join(folder, 'csv')];
  const end = await weighbridge(t, ['run', `http://${server.at}`, ...VERSION, ...words]);
  assert.equal(end.status, 5, end.stderr);
  assert.match(end.stdout, /^100 requests in /);
  assert.match(end.stderr, /^weighbridge: --json: .*run\.json could not be written \(ENOENT\)\.$/m);
  assert.match(end.stderr, /^weighbridge: --csv: .*run\.csv could not be written \(ENOENT\)\.$/m);
  for (const name of ['versions', 'ejections']) {
    const words = new RegExp(
      `^weighbridge: --csv-dir: .*${name}\\.csv could not be written \\(ENOENT\\)\\.$`,
      'm',
    );
    assert.match(end.stderr, words);
  }
  assertNoStack(end.stderr);
});

test('closed pipes: no stack, no hang', async (t) => {
  const server = await steady(t);
  for (const words of [[], ['--json', '-']]) {
    const run = startCli(t, ['run', `http://${server.at}`, ...VERSION, '-n', '50', ...words]);
    run.child.stdout.destroy();
    const end = await run.end;
    assert.equal(end.status, 0, end.stderr);
    assert.equal(end.stderr, '');
  }
  const deaf = startCli(t, ['run', `http://${server.at}`, ...VERSION, '-n', '50', '-q', '40']);
  deaf.child.stderr.destroy();
  const end = await deaf.end;
  assert.equal(end.status, 0);
  assert.match(end.stdout, /^50 requests in /);
});

test('standard output that cannot be written: 5 without a stack, and a fail stays a fail', async (t) => {
  const server = await steady(t);
  // Open for reading only, as a full disk would be: every write fails.
  const unwritable = openSync(BIN, 'r');
  t.after(() => closeSync(unwritable));
  for (const [words, status] of [
    [[], 5],
    [['--json', '-'], 5],
    [['--expect', 'v1=1,v2=1'], 1],
  ] as const) {
    const args = [BIN, 'run', `http://${server.at}`, ...VERSION, '-n', '200', ...words];
    const child = spawn(process.execPath, args, { stdio: ['ignore', unwritable, 'pipe'] });
    t.after(() => child.kill('SIGKILL'));
    const [stderr, [code]] = await Promise.all([text(child.stderr as Readable), once(child, 'close')]);
    assert.equal(code, status, stderr);
    assert.match(stderr, /^weighbridge: standard output could not be written \(EBADF\)\.$/m);
    assertNoStack(stderr);
  }
});

test('a gateway that dies in the middle and comes back: everything is counted', async (t) => {
  const first = await steady(t);
  // It ends when there were answers after the fault, however long that takes.
  const words = ['-q', '200', '-z', '60s', '-c', '5', '--json', '-'];
  const run = startCli(t, ['run', `http://${first.at}`, ...VERSION, ...words]);
  await until(() => first.seen.total > 50, 'some load');
  await first.kill();
  // What listens in its place breaks every connection, and so tells when the fault was noticed.
  const broken = await rawServer(t, (socket) => socket.resetAndDestroy(), first.port);
  await until(() => broken.seen.total > 20, 'requests that fail');
  await broken.kill();
  const second = await steady(t, () => {}, first.port);
  await until(() => second.seen.total > 50, 'requests after the fault');
  run.child.kill('SIGINT');
  const end = await run.end;
  assert.equal(end.status, 130, end.stderr);
  const result = readResult(end.stdout);
  assert.ok(result.requests.failed > 20, JSON.stringify(result.failures));
  // Those that were under way when the first one died, and at the end, were not answered.
  const answered = first.seen.total + second.seen.total - result.requests.preflight;
  assert.ok(result.requests.attributed <= answered && result.requests.attributed >= answered - 10);
});
