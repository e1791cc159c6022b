/** What commands write: nothing that is read or written is destroyed, and an older report survives what goes wrong. */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { assertNoStack, assertSaid, BIN, type CliEnd, refusal, weighbridge } from '../support/cli.js';
import { readResult } from '../support/result-schema.js';
import { httpServer, type TestServer } from '../support/servers.js';
import { sample, scratch } from './sample-lab.js';

/** Always v1. */
function oneVersion(t: TestContext, onRequest = () => {}): Promise<TestServer> {
  return httpServer(t, (_request, reply) => {
    onRequest();
    reply.setHeader('x-version', 'v1');
    reply.end('hello');
  });
}

const run = (server: TestServer, ...more: string[]) => [
  'run',
  `http://${server.at}/`,
  '--version-from',
  'header:x-version',
  '--no-preflight',
  '-n200',
  ...more,
];

/** A command line through the shell, in a folder. */
async function shell(t: TestContext, cwd: string, script: string, words: readonly string[]): Promise<CliEnd> {
  const child = spawn('bash', ['-c', script, process.execPath, BIN, ...words], { cwd });
  t.after(() => child.kill('SIGKILL'));
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  child.stdin.end();
  const [status] = (await once(child, 'close')) as [number | null];
  return { status, stdout, stderr };
}

/** A saved run of 200 requests. */
async function savedRun(t: TestContext, folder: string): Promise<string> {
  const file = join(folder, 'saved.arrow');
  const end = await weighbridge(t, run(await oneVersion(t), '--save', file, '--quiet'));
  assert.equal(end.status, 0, end.stderr);
  return file;
}

test('every command refuses to write over what it reads, and to write two outputs to one file', async (t) => {
  const server = await oneVersion(t);
  const folder = scratch(t);
  const path = (name: string) => join(folder, name);
  writeFileSync(path('client.pem'), '-----BEGIN PRIVATE KEY-----\n');
  linkSync(path('client.pem'), path('pem2'));
  copyFileSync(sample('httproute-90-10.yaml'), path('route.yaml'));
  writeFileSync(path('o1'), 'older: text');
  symlinkSync('o1', path('o2'));
  mkdirSync(path('demo'));
  writeFileSync(path('demo/kept.json'), 'older');
  symlinkSync('kept.json', path('demo/off-by-5.csv'));
  const saved = await savedRun(t, folder);
  const before = contents(folder);
  const identify = ['identify', `http://${server.at}/`];
  const cases: readonly (readonly [string[], RegExp])[] = [
    [
      run(server, '--key', path('client.pem'), '--json', path('client.pem')),
      /--json .*client\.pem, which --key reads/,
    ],
    [
      run(server, '--cert', path('client.pem'), '--samples', path('pem2')),
      /--samples .*, which --cert reads/,
    ],
    [run(server, '--json', path('o1'), '--save', path('o2')), /--json and --save would both write to/],
    [run(server, '-d', `@${path('o1')}`, '--csv', path('o2')), /--csv .*, which --data reads/],
    [run(server, '-H', `@${path('o1')}`, '--csv', path('o2')), /--csv .*, which -H reads/],
    [[...identify, '--key', path('client.pem'), '--json', path('pem2')], /--json .*, which --key reads/],
    [[...identify, '-f', folder, '--json', path('route.yaml')], /--json .*, which -f reads/],
    [['analyze', saved, '--json', saved], /--json .*, which analyze reads/],
    [['analyze', saved, '--csv', path('o1'), '--json', path('o2')], /--json and --csv would both write/],
    [
      ['lab', '--envoy', '-f', path('route.yaml'), '--event-log', path('route.yaml')],
      /--event-log .*, which -f reads/,
    ],
    [['lab', '--envoy', '--event-log', '-'], /--event-log: give the name of a file/],
    [['demo', '--out', path('demo')], /--json and --csv would both write to .*kept\.json/],
    [['demo', '--out', ''], /--out: give a folder/],
  ];
  for (const [words, message] of cases) assertSaid(await refusal(t, words), 2, message);
  assert.equal(server.seen.total, 0);
  assert.deepEqual(contents(folder), before);
});

test('standard output in a file that is read, or that a report would replace', async (t) => {
  const folder = scratch(t);
  const server = await oneVersion(t);
  copyFileSync(sample('httproute-90-10.yaml'), join(folder, 'route.yaml'));
  const before = contents(folder);
  const instrument = await shell(t, folder, 'exec "$0" "$@" >> ./route.yaml', [
    'instrument',
    '-f',
    'route.yaml',
  ]);
  assertSaid(instrument, 2, /Standard output goes to route\.yaml, which -f reads/);
  assert.deepEqual(contents(folder), before);
  const both = await shell(t, folder, 'exec "$0" "$@" > out', run(server, '--json', 'out'));
  assertSaid(both, 2, /--json: standard output goes to out too\. Give another name, or -/);
  assert.equal(server.seen.total, 0);
  // /dev/stdout is '-': the report alone.
  const named = await shell(t, folder, 'exec "$0" "$@" > out', run(server, '--json', '/dev/stdout'));
  assert.equal(named.status, 0, named.stderr);
  assert.equal(readResult(readFileSync(join(folder, 'out'), 'utf8')).requests.attributed, 200);
});

test('a full disk: the older report stays, one line says so, exit 5, and nothing else is left', async (t) => {
  const folder = scratch(t);
  const server = await oneVersion(t);
  const saved = await savedRun(t, folder);
  const json = join(folder, 'report.json');
  const older = 'older '.repeat(1000);
  writeFileSync(json, older);
  const names = readdirSync(folder);
  for (const words of [
    run(server, '--json', json, '--quiet'),
    ['identify', `http://${server.at}/`, '--json', json],
    ['analyze', saved, '--json', json, '--quiet'],
  ]) {
    // A limit on the size of files stands for the disk.
    const end = await shell(t, folder, 'ulimit -f 0 && exec "$0" "$@"', words);
    assert.equal(end.stderr, `weighbridge: --json: ${json} could not be written (EFBIG).\n`);
    assert.equal(end.status, 5);
    assert.equal(readFileSync(json, 'utf8'), older);
    assert.deepEqual(readdirSync(folder), names);
  }
  const device = await weighbridge(t, run(server, '--json', '/dev/full', '--quiet'));
  assert.equal(device.stderr, 'weighbridge: --json: /dev/full could not be written (ENOSPC).\n');
  assert.equal(device.status, 5);
});

test('what becomes of the folder and the file during the run', async (t) => {
  const folder = scratch(t);
  const cases: readonly (readonly [string, (file: string) => void, RegExp])[] = [
    [
      'vanishes',
      (file) => rmSync(join(file, '..'), { recursive: true }),
      /could not be written \(ENOENT\)\.$/m,
    ],
    [
      'is-moved',
      (file) => renameSync(join(file, '..'), join(folder, 'elsewhere')),
      /could not be written \(ENOENT\)\.$/m,
    ],
    ['becomes-one', (file) => mkdirSync(file), /--json: .*report\.json is a folder\.$/m],
    [
      'is-a-link',
      (file) => symlinkSync('nothing', file),
      /--json: .*report\.json is a link to nothing, which does/,
    ],
  ];
  for (const [name, happens, message] of cases) {
    mkdirSync(join(folder, name));
    const file = join(folder, name, 'report.json');
    let happened = false;
    const server = await oneVersion(t, () => {
      if (!happened) happens(file);
      happened = true;
    });
    const end = await weighbridge(t, run(server, '--json', file, '--csv', join(folder, `${name}.csv`)));
    assert.match(end.stderr, message, name);
    assert.equal(end.status, 5, name);
    assertNoStack(end.stderr);
    assert.match(end.stdout, /200 requests/);
    assert.ok(existsSync(join(folder, `${name}.csv`)), 'the other report');
  }
});

test('a link to nothing is refused before anything is sent; a report behind a link replaces the file', async (t) => {
  const folder = scratch(t);
  const server = await oneVersion(t);
  const link = join(folder, 'link');
  symlinkSync('report', link);
  for (const flag of ['--json', '--csv', '--save', '--samples']) {
    const message = new RegExp(
      `^weighbridge: ${flag}: .*link is a link to report, which does not exist\\. Nothing was sent`,
    );
    assertSaid(await refusal(t, run(server, flag, link)), 2, message);
  }
  assert.equal(server.seen.total, 0);
  writeFileSync(join(folder, 'report'), 'older');
  const saved = join(folder, 'saved');
  const end = await weighbridge(t, run(server, '--json', link, '--save', saved));
  assert.equal(end.status, 0, end.stderr);
  assert.equal(readResult(readFileSync(join(folder, 'report'), 'utf8')).requests.attributed, 200);
  assert.deepEqual(readdirSync(folder).sort(), ['link', 'report', 'saved']);
  assert.equal(statSync(saved).mode & 0o777, 0o600, 'a saved run holds request headers');
});

test('a pipe as a report: given up when nobody reads it', async (t) => {
  const folder = scratch(t);
  const server = await oneVersion(t);
  const fifo = join(folder, 'fifo');
  execFileSync('mkfifo', [fifo]);
  const unread = weighbridge(t, run(server, '--json', fifo));
  const json = await shell(
    t,
    folder,
    '"$0" "$@" --json >(cat > copy; mv copy done); until [ -e done ]; do sleep 0.01; done',
    run(server),
  );
  assert.equal(json.stderr, '');
  assert.equal(readResult(readFileSync(join(folder, 'done'), 'utf8')).requests.attributed, 200);
  const end = await unread;
  assert.match(end.stderr, /^weighbridge: --json: .*fifo is a pipe that nobody reads\.$/m);
  assert.equal(end.status, 5);
  assert.match(end.stdout, /200 requests/);
});

/** Each file with what is in it. */
function contents(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return Object.fromEntries(
    names
      .map((name) => join(folder, name))
      .filter((file) => statSync(file).isFile())
      .map((file) => [file, readFileSync(file, 'latin1')]),
  );
}
