/** Weighbridge's own parts fail, injected from outside: what was measured is reported, and the status is never that of a verdict. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, createReadStream, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { packageRoot } from '../../src/io/package-root.js';
import { until } from '../lab/client.js';
import { BIN, startCli, weighbridge } from '../support/cli.js';
import { readResult } from '../support/result-schema.js';
import { httpServer } from '../support/servers.js';
import { scratch } from './sample-lab.js';

const FAULT = join(packageRoot(), 'test', 'fixtures', 'own-fault.cjs');
const VERSION = ['--version-from', 'header:x-version'];
/** Where a run in which nothing fails would be ended by the test. */
const LONG = ['-z', '10m'];

/** The environment of a process that fails when `now` is called. */
function faulty(t: TestContext, fault: string) {
  const file = join(scratch(t), 'now');
  const env = { NODE_OPTIONS: `--max-old-space-size=128 -r ${FAULT}`, OWN_FAULT: fault, FAULT_SIGNAL: file };
  return { env, now: () => writeFileSync(file, '') };
}

/** Answers as v1 after 2 ms. */
function steady(t: TestContext) {
  return httpServer(t, (_request, response) => {
    response.setHeader('x-version', 'v1');
    setTimeout(() => response.end('ok'), 2);
  });
}

for (const [fault, words] of [
  ['worker-throws', /worker thread [12] of 2 failed: made to fail \(at own-fault\.cjs:\d+:\d+\)/],
  ['worker-exits', /worker thread [12] of 2 ended with code 3 before its work was done/],
  ['worker-hangs', /worker thread [12] of 2 did not respond for 5 s and was ended/],
  ['worker-out-of-memory', /worker thread [12] of 2 ran out of memory/],
  ['worker-throws-null', /worker thread [12] of 2 failed: null\./],
  ['main-throws', /made to fail \(at own-fault\.cjs:\d+:\d+\)/],
  ['main-throws-text', /itself: made to fail\./],
  ['main-throws-null', /itself: null\./],
] as const) {
  test(`${fault}: one line, 70, and the reports of what was measured`, async (t) => {
    const server = await steady(t);
    const folder = scratch(t);
    const [json, csv, saved] = ['run.json', 'run.csv', 'run.arrow'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    const outputs = ['--json', json, '--csv', csv, '--save', saved];
    const { env, now } = faulty(t, fault);
    const args = [
      'run',
      `http://${server.at}`,
      ...VERSION,
      ...LONG,
      '-c4',
      '--threads',
      '2',
      '--expect',
      'v1=1',
    ];
    const run = startCli(t, [...args, ...outputs], { env });
    // Threads pass rows on every 200 ms: what is in the file cannot be lost any more. The schema has less than 20 kB.
    await until(() => existsSync(saved) && statSync(saved).size > 100_000, 'rows in the saved run');
    now();
    const end = await run.end;
    assert.equal(end.status, 70, end.stderr);
    const lines = end.stderr.trimEnd().split('\n');
    const told = lines.filter((line) => line.startsWith('weighbridge: an error in weighbridge itself: '));
    assert.equal(told.length, 1, end.stderr);
    assert.match(told[0] ?? '', words);
    assert.match(told[0] ?? '', /Please report it/);
    assert.doesNotMatch(end.stderr, /^\s+at /m);
    assert.match(
      end.stdout,
      /^INCONCLUSIVE {2}the run broke off, so it cannot pass\n(.*\n)*? .* · failed · /,
    );
    const result = readResult(readFileSync(json, 'utf8'));
    assert.equal(result.ended, 'failed');
    assert.equal(result.notes.filter(({ code }) => code === 'run-failed').length, 1);
    const { scheduled, attributed, cutOff, preflight } = result.requests;
    assert.ok(attributed > 0 && attributed + cutOff === scheduled, JSON.stringify(result.requests));
    // Every request that the server saw is accounted for: those of a dead thread as unfinished.
    assert.ok(scheduled + preflight >= server.seen.total, `${scheduled} for ${server.seen.total}`);
    assert.match(readFileSync(csv, 'utf8'), /v1/);
    const again = await weighbridge(t, ['analyze', saved, '--json', '-']);
    const analyzed = readResult(again.stdout);
    assert.deepEqual([analyzed.ended, analyzed.requests], ['failed', result.requests]);
    assert.equal(again.status, 3, again.stderr);
  });
}

test('an error after the load, while outputs are waited for: 70, one line, and the reports', async (t) => {
  const server = await steady(t);
  const folder = scratch(t);
  const [pipe, json] = [join(folder, 'pipe'), join(folder, 'run.json')];
  // Nobody reads it, so that the run waits after its load.
  assert.equal(spawnSync('mkfifo', [pipe]).status, 0);
  const { env, now } = faulty(t, 'main-throws');
  const words = ['-n', '300', '-c4', '-t', '5m', '--expect', 'v1=1', '--save', pipe, '--json', json];
  const run = startCli(t, ['run', `http://${server.at}`, ...VERSION, ...words], { env });
  await until(() => server.seen.total === 301, 'all requests');
  now();
  const end = await run.end;
  assert.equal(end.status, 70, end.stderr);
  assert.equal(end.stderr.match(/an error in weighbridge itself: made to fail /g)?.length, 1, end.stderr);
  const { ended, verdict } = readResult(readFileSync(json, 'utf8'));
  assert.deepEqual([ended, verdict], ['failed', 'inconclusive']);
});

test('an error before the load, or in another command: 70, and one line', async (t) => {
  const server = await httpServer(t, () => {});
  for (const words of [
    ['run', `http://${server.at}`, '-t', '60s'],
    ['identify', `http://${server.at}`, '-t', '60s'],
  ]) {
    const { env, now } = faulty(t, 'main-throws');
    const before = server.seen.total;
    const run = startCli(t, words, { env });
    await until(() => server.seen.total > before, 'a request');
    now();
    const end = await run.end;
    assert.equal(end.status, 70, end.stderr);
    assert.match(
      end.stderr,
      /^weighbridge: an error in weighbridge itself: made to fail .*Please report it.*\n$/,
    );
    assert.equal(end.stdout, '');
  }
});

test('Ctrl-C ends a run whose threads hang within 2 s, and says what is missing', async (t) => {
  const server = await steady(t);
  const json = join(scratch(t), 'run.json');
  const { env, now } = faulty(t, 'worker-hangs');
  const run = startCli(t, ['run', `http://${server.at}`, ...VERSION, ...LONG, '-c4', '--json', json], {
    env,
  });
  await until(() => server.seen.total > 100, 'some load');
  now();
  // Threads that hang send nothing more.
  let seen = server.seen.total;
  let quietSince = performance.now();
  await until(() => {
    if (seen !== server.seen.total) quietSince = performance.now();
    seen = server.seen.total;
    return performance.now() - quietSince > 500;
  }, 'no more load');
  const startMs = performance.now();
  run.child.kill('SIGINT');
  const end = await run.end;
  const tookMs = performance.now() - startMs;
  // It may be that the hanging thread had just been found.
  assert.ok([130, 70].includes(end.status ?? 0), end.stderr);
  assert.ok(tookMs < 10_000, `${tookMs} ms`);
  const result = readResult(readFileSync(json, 'utf8'));
  const { scheduled, attributed, cutOff, preflight } = result.requests;
  assert.ok(cutOff > 0 && attributed + cutOff === scheduled, JSON.stringify(result.requests));
  assert.ok(scheduled + preflight >= server.seen.total);
  assert.ok(result.notes.some(({ code }) => code === 'threads-ended' || code === 'run-failed'));
});

test('SIGHUP is as SIGTERM', async (t) => {
  const server = await steady(t);
  const json = join(scratch(t), 'run.json');
  const run = startCli(t, ['run', `http://${server.at}`, ...VERSION, ...LONG, '-c4', '--json', json]);
  await until(() => server.seen.total > 100, 'some load');
  run.child.kill('SIGHUP');
  const end = await run.end;
  assert.equal(end.status, 143, end.stderr);
  assert.equal(readResult(readFileSync(json, 'utf8')).ended, 'terminated');
});

test('a pipe whose reader stops: given up after the end and -t, told, 5, and the report is whole', async (t) => {
  const server = await steady(t);
  const folder = scratch(t);
  const pipe = join(folder, 'pipe');
  assert.equal(spawnSync('mkfifo', [pipe]).status, 0);
  const words = [
    'run',
    `http://${server.at}`,
    ...VERSION,
    '-n',
    '3000',
    '-c',
    '8',
    '-t',
    '1s',
    '--samples',
    pipe,
  ];
  const run = startCli(t, words);
  // A reader that opens the pipe and takes a little.
  const reader = createReadStream(pipe, { highWaterMark: 1024 });
  t.after(() => reader.destroy());
  reader.once('data', () => reader.pause());
  const end = await run.end;
  assert.equal(end.status, 5, end.stderr);
  assert.match(
    end.stderr,
    /^weighbridge: --samples: .*pipe took nothing for 1 s, and was given up after [\d,]+ requests\.$/m,
  );
  assert.match(end.stdout, /^3,000 requests in /);
});

test('a pipe without a reader, and Ctrl-C: the report within 2 s', async (t) => {
  const server = await steady(t);
  const pipe = join(scratch(t), 'pipe');
  assert.equal(spawnSync('mkfifo', [pipe]).status, 0);
  const run = startCli(t, ['run', `http://${server.at}`, ...VERSION, ...LONG, '-c4', '--save', pipe]);
  await until(() => server.seen.total > 100, 'some load');
  const startMs = performance.now();
  run.child.kill('SIGTERM');
  const end = await run.end;
  assert.ok(performance.now() - startMs < 10_000);
  assert.equal(end.status, 143, end.stderr);
  assert.match(
    end.stderr,
    /--save: .*pipe took no more before the run was stopped, and was given up after 0 requests/,
  );
  assert.match(end.stdout, /terminated/);
  assert.equal(existsSync(pipe), true);
});

/** A run whose load has ended, and whose JSON waits for the reader of a pipe. */
async function writing(t: TestContext, env: Record<string, string> = {}) {
  const server = await steady(t);
  const folder = scratch(t);
  const [pipe, csv] = [join(folder, 'pipe'), join(folder, 'run.csv')];
  assert.equal(spawnSync('mkfifo', [pipe]).status, 0);
  const words = ['-n', '100', '-c4', '--json', pipe, '--csv', csv];
  const run = startCli(t, ['run', `http://${server.at}`, ...VERSION, ...words], { env });
  await until(() => run.stdout() !== '' && existsSync(csv), 'the other reports');
  return { ...run, pipe, csv };
}

test('signals while reports are written: the first waits for them, the second does not, and each is told', async (t) => {
  const run = await writing(t);
  run.child.kill('SIGINT');
  await until(() => run.stderr() !== '', 'a word');
  run.child.kill('SIGTERM');
  const end = await run.end;
  assert.equal(end.status, 143, end.stderr);
  assert.equal(
    end.stderr,
    'weighbridge: interrupted; the reports are being written (another signal exits at once)\n' +
      'weighbridge: terminated again: the end at once; outputs may be missing.\n',
  );
});

test('an error while reports are written: 70, one line, and the reports are written', async (t) => {
  const { env, now } = faulty(t, 'main-throws');
  const run = await writing(t, env);
  now();
  await until(() => run.stderr() !== '', 'the error is told');
  const json = await text(createReadStream(run.pipe, 'utf8'));
  assert.equal(readResult(json).ended, 'completed');
  const end = await run.end;
  assert.equal(end.status, 70, end.stderr);
  assert.match(end.stderr, /^weighbridge: an error in weighbridge itself: made to fail .*\n$/);
});

test('code that cannot be loaded: one line and 70, not the status of a verdict', (t) => {
  const folder = scratch(t);
  const bin = join(folder, 'weighbridge.js');
  copyFileSync(BIN, bin);
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, 'run', 'http://h'], {
    encoding: 'utf8',
  });
  assert.equal(status, 70, stderr);
  assert.equal(stdout, '');
  assert.match(stderr, /^weighbridge: its code could not be loaded \(.*\)\.\n$/);
});
