/** `weighbridge analyze` as it is typed: runs that were saved before, and results of vegeta. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { until } from '../lab/client.js';
import {
  assertNoStack,
  assertSaid,
  BIN,
  type CliEnd,
  refusal,
  startCli,
  weighbridge,
  withoutCommand,
} from '../support/cli.js';
import { readResult } from '../support/result-schema.js';
import { httpServer, type TestServer } from '../support/servers.js';
import { vegetaCsv } from '../support/vegeta.js';
import { HOST, sample, sampleLab, scratch } from './sample-lab.js';

const route = sample('httproute-90-10.yaml');
const VERSION = ['--version-from', 'header:x-version'];

/** v1 nine times, v2 once; each fiftieth answer a 503. */
function splitServer(t: TestContext): Promise<TestServer> {
  let count = 0;
  return httpServer(t, (_request, reply) => {
    count += 1;
    reply.statusCode = count % 50 === 0 ? 503 : 200;
    reply.setHeader('x-version', count % 10 === 0 ? 'v2' : 'v1');
    reply.end('hello');
  });
}

/** Runs and saves, with the run's own JSON on standard output. */
async function savedRun(t: TestContext, file: string, words: readonly string[]): Promise<CliEnd> {
  const end = await weighbridge(t, ['run', ...words, '--save', file, '--json', '-']);
  assert.equal(existsSync(file), true, end.stderr);
  assertNoStack(end.stderr);
  return end;
}

const jsonOf = (t: TestContext, words: readonly string[]) =>
  weighbridge(t, ['analyze', ...words, '--json', '-']);

test('the JSON of a saved run is the live one to the last byte, but for the command: closed, open, detected, failing', async (t) => {
  const lab = await sampleLab(t);
  const server = await splitServer(t);
  const folder = scratch(t);
  const runs: readonly (readonly string[])[] = [
    [lab.urls.http as string, '-f', route, '-n', '3000', '-c20', '--warmup', '100'],
    [
      lab.urls.http as string,
      '--host',
      HOST,
      '-n',
      '400',
      '-q',
      '2000',
      '--threads',
      '2',
      '--endpoint-from',
      'none',
    ],
    [
      `http://${server.at}`,
      ...VERSION,
      '--expect',
      'v1=50,v2=50',
      '-n',
      '500',
      '-c8',
      '-H',
      'Authorization: hunter2',
    ],
  ];
  for (const [i, words] of runs.entries()) {
    const file = join(folder, `${i}.arrow`);
    const live = await savedRun(t, file, words);
    const again = await jsonOf(t, [file]);
    assert.equal(withoutCommand(again.stdout), withoutCommand(live.stdout));
    assert.equal(again.status, live.status, again.stderr);
    assert.equal(again.stderr, '');
  }
});

test('the table, a part of a run, and other weights', async (t) => {
  const server = await splitServer(t);
  const file = join(scratch(t), 'run.arrow');
  await savedRun(t, file, [`http://${server.at}`, ...VERSION, '-n', '2000', '-c8', '--no-preflight']);
  const table = await weighbridge(t, ['analyze', file]);
  assert.equal(table.status, 0, table.stderr);
  assert.match(table.stdout, /^2,000 requests in /);
  const weights = ['analyze', file, '--expect', 'v1=90,v2=10', '--tolerance', '3'];
  const failing = await weighbridge(t, weights);
  assert.equal(failing.status, 1, failing.stdout + failing.stderr);
  assert.match(failing.stdout, /^FAIL {2}v2 answers 20 % 5xx, at least 15\.\d % \(split kept\)\n/);
  const judged = await weighbridge(t, [...weights, '--only', 'split']);
  assert.equal(judged.status, 0, judged.stdout + judged.stderr);
  assert.match(
    judged.stdout,
    /^PASS {2}v2 got 10 % \(10 % ± 3\)\n +- Versions come in turn: .*(\n {8}.*)*\n +2,000 requests/,
  );
  assert.match(judged.stdout, /planned\s+with\s+no\s+expected\s+weights/);
  const mapped = ['--expect', 'old=90,new=10', '--map', 'old=v1', '--map', 'new=v2'];
  assert.match(
    (await weighbridge(t, ['analyze', file, ...mapped, '--tolerance=3'])).stdout,
    /^new .*\b200\b/m,
  );
  const errors = readResult(
    (await jsonOf(t, [file, '--where', 'version=v2', '--where', 'status=5xx'])).stdout,
  );
  assert.equal(errors.requests.scheduled, 40);
  assert.equal(errors.split, null);
  const all = readResult((await jsonOf(t, [file, '--since', '0s', '--until', '1h'])).stdout);
  assert.equal(all.requests.scheduled, 2000);
  const none = await weighbridge(t, ['analyze', file, '--since', '1h', '--quiet']);
  assert.deepEqual(none, { status: 0, stdout: '', stderr: '' });
});

test('runs of several generators are one; the order of the files makes no difference', async (t) => {
  const server = await splitServer(t);
  const folder = scratch(t);
  const files = [0, 1, 2].map((i) => join(folder, `shard-${i}.arrow`));
  const words = [
    `http://${server.at}`,
    ...VERSION,
    '--expect',
    'v1=90,v2=10',
    '-n',
    '700',
    '-c4',
    '--tolerance',
    '4',
    // A fifth of v2's answers are 5xx.
    '--only',
    'split',
  ];
  const lives = await Promise.all(files.map((file) => savedRun(t, file, words)));
  const merged = await jsonOf(t, files);
  assert.equal(merged.status, 0, merged.stdout + merged.stderr);
  const result = readResult(merged.stdout);
  assert.equal(result.verdict, 'pass');
  assert.equal(result.requests.scheduled, 2100);
  assert.equal(result.load.connections, 12);
  const sum = (version: number) =>
    lives.reduce((n, live) => n + (readResult(live.stdout).versions[version]?.requests ?? 0), 0);
  assert.deepEqual(
    result.versions.map(({ requests }) => requests),
    [sum(0), sum(1)],
  );
  const backwards = readResult((await jsonOf(t, [...files].reverse())).stdout);
  const same = { notes: [], load: 0, tool: null };
  assert.deepEqual({ ...backwards, ...same }, { ...result, ...same });
  assertSaid(
    await refusal(t, ['analyze', files[0] as string, files[0] as string]),
    2,
    /shard-0\.arrow is given twice: its requests would be counted twice/,
  );
});

test('a run that was killed: what its file holds, with the exit status of the verdict', async (t) => {
  const server = await splitServer(t);
  const folder = scratch(t);
  const file = join(folder, 'killed.arrow');
  const words = [
    'run',
    `http://${server.at}`,
    ...VERSION,
    '--expect',
    'v1=50,v2=50',
    '-z',
    '60s',
    '-c4',
    '--save',
    file,
  ];
  const run = startCli(t, [...words, '--quiet']);
  await until(() => existsSync(file) && statSync(file).size > 200_000, 'some batches');
  run.child.kill('SIGKILL');
  await run.end;
  const end = await jsonOf(t, [file]);
  assert.equal(end.status, 1, end.stderr);
  const result = readResult(end.stdout);
  assert.equal(result.ended, 'truncated');
  assert.ok(result.requests.scheduled > 1000 && result.requests.scheduled <= server.seen.total);
  assert.ok(result.notes.some(({ code }) => code === 'file-cut'));
  const table = await weighbridge(t, ['analyze', file]);
  assert.match(table.stdout, /^FAIL .*\n(.*\n)*?.* truncated · /);
  const bytes = readFileSync(file);
  // Shorter and shorter, to nothing: figures or one sentence, never a stack.
  for (const part of [0.3, 0.001]) {
    const short = join(folder, 'short.arrow');
    writeFileSync(short, bytes.subarray(0, Math.floor(bytes.length * part)));
    const said = await jsonOf(t, [short]);
    assertNoStack(said.stderr);
    if (said.status === 2) assert.match(said.stderr, /short\.arrow ends before its first samples/);
    else assert.equal(readResult(said.stdout).ended, 'truncated');
  }
});

test('an interrupted run is analyzed like any other', async (t) => {
  const server = await splitServer(t);
  const file = join(scratch(t), 'run.arrow');
  const words = ['run', `http://${server.at}`, ...VERSION, '-z', '60s', '-c4', '--save', file, '--json', '-'];
  const run = startCli(t, words);
  await until(() => server.seen.total > 500, 'some load');
  run.child.kill('SIGINT');
  const live = await run.end;
  assert.equal(live.status, 130);
  const again = await jsonOf(t, [file]);
  assert.equal(withoutCommand(again.stdout), withoutCommand(live.stdout));
  assert.equal(again.status, 0);
});

test('pipes: a saved run comes from standard input, and a reader may go away', async (t) => {
  const server = await splitServer(t);
  const file = join(scratch(t), 'run.arrow');
  const live = await savedRun(t, file, [`http://${server.at}`, ...VERSION, '-n', '500', '-c4']);
  const shell = spawn('sh', ['-c', 'cat "$2" | "$0" "$1" analyze - --json -', process.execPath, BIN, file]);
  t.after(() => shell.kill('SIGKILL'));
  let out = '';
  shell.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  assert.deepEqual(await once(shell, 'close'), [0, null]);
  assert.equal(withoutCommand(out), withoutCommand(live.stdout));
  const head = spawn('sh', [
    '-c',
    '"$0" "$1" analyze "$2" --json - | head -n 1',
    process.execPath,
    BIN,
    file,
  ]);
  t.after(() => head.kill('SIGKILL'));
  let complaints = '';
  head.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints += text;
  });
  head.stdout.resume();
  await once(head, 'close');
  assert.equal(complaints, '');
});

test('results of vegeta, regrouped', async (t) => {
  const folder = scratch(t);
  const file = join(folder, 'results.csv');
  const lines = Array.from({ length: 4000 }, (_, i) =>
    vegetaCsv({
      seconds: 1_795_551_170 + Math.floor(i / 400),
      nanos: (i % 400) * 2_500_000,
      latencyNs: 5_000_000,
      status: 200,
      error: '',
      body: Buffer.from(`hello from backend ${i % 10 === 0 ? 'v2' : 'v1'}`),
      headers: [['Server', 'istio-envoy']],
      method: 'GET',
      url: 'http://203.0.113.7/',
      sequence: i,
      attack: '',
    }),
  );
  writeFileSync(file, lines.join(''));
  const words = ['analyze', file, '--expect', 'v1=90,v2=10', '--tolerance', '4'];
  const kept = await weighbridge(t, words);
  assert.equal(kept.status, 0, kept.stdout + kept.stderr);
  assert.match(
    kept.stdout,
    /^PASS {2}v2 got 10 % .*\n +- Versions come in turn: .*(\n {8}.*)*\n +4,000 requests in 10\.0 s/,
  );
  assert.match(kept.stdout, /^Load {5}not known: another tool sent it$/m);
  const body = ['--version-from', 'body:/backend (\\S+)/'];
  const other = await jsonOf(t, [file, ...body, '--expect', 'v1=50,v2=50', '--since', '5s']);
  assert.equal(other.status, 1, other.stderr);
  assert.equal(readResult(other.stdout).requests.attributed, 2000);
  const input = lines.slice(0, 300).join('');
  const piped = await weighbridge(t, ['analyze', '-', ...body, '--json', '-'], { input });
  assert.equal(readResult(piped.stdout).requests.attributed, 300, piped.stderr);
  writeFileSync(file, [...lines.slice(0, 20), 'oops\n', ...lines.slice(20)].join(''));
  assertSaid(await weighbridge(t, words), 2, /results\.csv: line 21 has 1 column; the 12 of 'vegeta encode/);
});

test('wrong use and bad files end with 2 and one clear line', async (t) => {
  const folder = scratch(t);
  const text = join(folder, 'text');
  writeFileSync(text, 'hello, world\n');
  const cases: readonly (readonly [words: string[], message: RegExp])[] = [
    [[], /Nothing to analyze\. Give the file of a run/],
    [[text], /text is not an Arrow stream/],
    [[text, '-n', '5'], /There is no option -n/],
    [[text, '--sinse', '5s'], /no option --sinse\. Did you mean --since\?/],
    [[text, '--json', text], /--json would write to .*text, which analyze reads/],
  ];
  for (const [words, message] of cases) assertSaid(await refusal(t, ['analyze', ...words]), 2, message);
  assert.equal(readFileSync(text, 'utf8'), 'hello, world\n');
});
