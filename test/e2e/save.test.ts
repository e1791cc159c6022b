/** `--save` and `--samples` of the command line, and what they are worth when something goes wrong. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { OUTCOMES } from '../../src/blocks/outcome.js';
import { NO_LABEL, PHASE } from '../../src/blocks/sample-block.js';
import { openSavedRun } from '../../src/saved/arrow/reader.js';
import { assertNoStack, assertSaid, BIN, type RunningCli, startCli, weighbridge } from '../support/cli.js';
import { readResult } from '../support/result-schema.js';
import { httpServer, type TestServer, unusedPort } from '../support/servers.js';
import { scratch } from './sample-lab.js';

/** v1 nine times, v2 once. */
function splitServer(t: TestContext): Promise<TestServer> {
  let count = 0;
  return httpServer(t, (_request, reply) => {
    count += 1;
    reply.setHeader('x-version', count % 10 === 0 ? 'v2' : 'v1');
    reply.end('hello');
  });
}

/** Words of a run without a pre-flight that waits for nothing. */
const run = (url: string, ...more: string[]) => [
  'run',
  url,
  '--version-from',
  'header:x-version',
  '--no-preflight',
  ...more,
];

interface Counted {
  readonly rows: number;
  /** Measured whole responses by version. */
  readonly versions: Record<string, number>;
  /** The run's end is in the file. */
  readonly ended: boolean;
}

async function countedIn(file: string): Promise<Counted> {
  const saved = await openSavedRun(file);
  const versions: Record<string, number> = {};
  let rows = 0;
  for await (const block of saved.blocks()) {
    rows += block.length;
    for (let i = 0; i < block.length; i++) {
      const label = block.version[i] as number;
      const whole = OUTCOMES[block.outcome[i] as number]?.class === 'response';
      if (block.phase[i] !== PHASE.measured || !whole || label === NO_LABEL) continue;
      const version = saved.labels.versions[label] as string;
      versions[version] = (versions[version] ?? 0) + 1;
    }
  }
  return { rows, versions, ended: saved.end() !== null };
}

test('both files have every request, and the report is the same as without them', async (t) => {
  const server = await splitServer(t);
  const folder = scratch(t);
  const [arrow, csv, json] = ['run.arrow', 'run.csv', 'run.json'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  writeFileSync(arrow, 'of last week');
  const words = ['-n3000', '-c8', '--save', arrow, '--samples', csv, '--json', json];
  const end = await weighbridge(t, run(`http://${server.at}/`, ...words));
  assert.equal(end.status, 0, end.stderr);
  assert.match(end.stdout, /3,000 requests/);
  const result = readResult(readFileSync(json, 'utf8'));
  assert.deepEqual(await countedIn(arrow), { rows: 3000, versions: { v1: 2700, v2: 300 }, ended: true });
  const saved = await openSavedRun(arrow);
  assert.equal(saved.plan.target.url, result.target.url);
  const lines = readFileSync(csv, 'utf8').trimEnd().split('\n');
  assert.equal(lines.length, 3001);
  assert.equal(lines.filter((line) => line.split(',')[5] === 'v2').length, 300);
});

test('to standard output, without the table', async (t) => {
  const server = await splitServer(t);
  const file = join(scratch(t), 'run.arrow');
  // As a shell does it; the bytes are no text.
  const child = spawn(
    'bash',
    [
      '-c',
      '"$0" "$@" > run.arrow',
      process.execPath,
      BIN,
      ...run(`http://${server.at}/`, '-n500', '--save', '-'),
    ],
    { cwd: join(file, '..'), stdio: ['ignore', 'ignore', 'ignore'] },
  );
  t.after(() => child.kill('SIGKILL'));
  const [status] = await once(child, 'close');
  assert.equal(status, 0);
  assert.deepEqual(await countedIn(file), { rows: 500, versions: { v1: 450, v2: 50 }, ended: true });
  const csv = await weighbridge(t, run(`http://${server.at}/`, '-n20', '--samples', '-'));
  assert.equal(csv.status, 0);
  assert.equal(csv.stdout.trimEnd().split('\n').length, 21);
});

test('what cannot be written is refused before anything is sent', async (t) => {
  const server = await splitServer(t);
  const folder = scratch(t);
  const url = `http://${server.at}/`;
  const cases: [string[], RegExp][] = [
    [
      ['--save', join(folder, 'no/such.arrow')],
      /--save: .*such\.arrow cannot be written \(ENOENT\)\. Nothing was sent/,
    ],
    [['--samples', folder], /--samples: .* is a folder\. Nothing was sent/],
    [['--save', join(folder, 'x'), '--samples', `${folder}/./x`], /--save and --samples would both write to/],
    [['--json', join(folder, 'x'), '--save', join(folder, 'x')], /--json and --save would both write to/],
    [['--save', '-', '--csv', '-'], /--csv and --save would both write to standard output/],
  ];
  for (const [words, message] of cases) {
    assertSaid(await weighbridge(t, run(url, '-n5', ...words)), 2, message);
  }
  assert.equal(server.seen.total, 0);
});

test('a run that fails before its load leaves a file that is there alone', async (t) => {
  const file = join(scratch(t), 'run.arrow');
  writeFileSync(file, 'of last week');
  const url = `http://127.0.0.1:${await unusedPort()}/`;
  const end = await weighbridge(t, ['run', url, '-n5', '--save', file, '--version-from', 'header:x-version']);
  assert.equal(end.status, 4, end.stderr);
  assert.equal(readFileSync(file, 'utf8'), 'of last week');
});

test('the disk fills up: the run goes on, its report is complete, and the exit status is 5', async (t) => {
  const server = await splitServer(t);
  const folder = scratch(t);
  // A limit on the size of files stands for the disk: writing fails in the middle of a batch.
  const script = 'ulimit -f 100 && exec "$0" "$@"';
  const words = run(
    `http://${server.at}/`,
    '-n12000',
    '-c8',
    '--save',
    'run.arrow',
    '--json',
    'run.json',
    '--quiet',
  );
  const end = endOf(['-c', script, process.execPath, BIN, ...words], folder);
  const { status, stderr } = await end;
  assert.match(
    stderr,
    /^weighbridge: --save: run\.arrow could not be written \(EFBIG\) after \d+ requests\.$/m,
  );
  assert.equal(status, 5, stderr);
  assertNoStack(stderr);
  const result = readResult(readFileSync(join(folder, 'run.json'), 'utf8'));
  assert.equal(result.requests.attributed, 12_000);
  const said = Number(/after (\d+) requests/.exec(stderr)?.[1]);
  const { rows, ended } = await countedIn(join(folder, 'run.arrow'));
  assert.equal(rows, said);
  assert.ok(rows > 0 && rows < 12_000, String(rows));
  assert.equal(ended, false);

  const full = await weighbridge(t, run(`http://${server.at}/`, '-n500', '--samples', '/dev/full'));
  assert.equal(full.status, 5);
  assert.match(full.stderr, /--samples: \/dev\/full could not be written \(ENOSPC\) after 0 requests\./);
  assert.match(full.stdout, /500 requests/);

  function endOf(args: string[], cwd: string): Promise<{ status: number | null; stderr: string }> {
    // Not spawnSync: the server is in this process.
    const child = spawn('bash', args, { cwd, stdio: ['ignore', 'ignore', 'pipe'] });
    t.after(() => child.kill('SIGKILL'));
    let text = '';
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    return once(child, 'close').then(([code]) => ({ status: code as number | null, stderr: text }));
  }
});

/** Waits until a condition holds while a run goes on. */
async function until(cli: RunningCli, holds: () => boolean): Promise<void> {
  while (!holds()) {
    assert.equal(cli.child.exitCode, null, cli.stderr());
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test('a run that is killed leaves what it had handed over', async (t) => {
  const server = await splitServer(t);
  const file = join(scratch(t), 'run.arrow');
  const cli = startCli(t, run(`http://${server.at}/`, '-z60s', '-c8', '-q2000', '--save', file));
  await until(cli, () => existsSync(file) && statSync(file).size > 200_000);
  cli.child.kill('SIGKILL');
  await cli.end;
  const size = statSync(file).size;
  const { rows, versions, ended } = await countedIn(file);
  assert.equal(ended, false);
  // 57 bytes a row: all but the last batch, which may be half written.
  assert.ok(rows * 57 > size - 2048 * 57 - 40_000, `${rows} rows of ${size} bytes`);
  assert.ok((versions['v1'] ?? 0) > (versions['v2'] ?? 0) && (versions['v2'] ?? 0) > 0);
  assert.ok(server.seen.total >= rows);
});

test('two runs write one file: it is one of theirs, and the other run says so', async (t) => {
  const server = await splitServer(t);
  const file = join(scratch(t), 'run.arrow');
  const words = (n: number, rate: number) =>
    run(`http://${server.at}/`, `-n${n}`, '-c4', `-q${rate}`, '--save', file, '--quiet');
  const first = startCli(t, words(100_000, 1000));
  await until(first, () => existsSync(file) && statSync(file).size > 20_000);
  const inode = statSync(file).ino;
  const second = startCli(t, words(1500, 1500));
  const ended = await second.end;
  assert.equal(ended.status, 0, ended.stderr);
  assert.notEqual(statSync(file).ino, inode);
  first.child.kill('SIGTERM');
  const lost = await first.end;
  assert.match(lost.stderr, /--save: .*run\.arrow was replaced or removed while it was written/);
  // Terminated counts more than an output that was lost.
  assert.equal(lost.status, 143);
  assert.deepEqual((await countedIn(file)).rows, 1500);
  assert.equal((await countedIn(file)).ended, true);
});
