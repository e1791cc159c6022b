/** Outputs that cannot be written, of every kind: nothing that was measured is lost, and the exit status says so. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { parseOutput } from '../../src/cli/options/output.js';
import { openReports } from '../../src/cli/outputs/reports.js';
import { openSamples } from '../../src/cli/outputs/samples.js';
import { UserError } from '../../src/errors.js';
import { RUN_REPORTS } from '../../src/report/index.js';
import { assertNoStack, assertSaid, BIN, refusal, weighbridge } from '../support/cli.js';
import { withoutPrivileges } from '../support/other-user.js';
import { CSV_FILES, FILE_FLAGS, REPORT_FLAGS, SAMPLE_FLAGS } from '../support/outputs.js';
import { readResult } from '../support/result-schema.js';
import { httpServer, type TestServer } from '../support/servers.js';
import { scratch } from './sample-lab.js';

const VERSIONS = ['v1', 'v2'];

function server(t: TestContext): Promise<TestServer> {
  let count = 0;
  return httpServer(t, (_request, reply) => {
    reply.setHeader('x-version', VERSIONS[count++ % 10 === 0 ? 1 : 0] as string);
    reply.end('hello');
  });
}

const run = (at: string, ...more: readonly string[]) => [
  ...['run', `http://${at}/`, '--version-from', 'header:x-version', '--no-preflight', '-n500', '-c2'],
  ...more,
];

/** A saved run. */
async function savedRun(t: TestContext, folder: string): Promise<string> {
  const file = join(folder, 'saved.arrow');
  const end = await weighbridge(t, run((await server(t)).at, '--save', file, '--quiet'));
  assert.equal(end.status, 0, end.stderr);
  return file;
}

/** Words for every report but one, each to its own file in the folder. */
function allReports(folder: string, without?: string): string[] {
  const words = REPORT_FLAGS.filter((flag) => flag !== without).flatMap((flag) => [
    `--${flag}`,
    join(folder, `out.${flag}`),
  ]);
  return without === 'csv-dir' ? words : [...words, '--csv-dir', join(folder, 'csv')];
}

/** A command line through bash, as `$0 "$@"` in the script. */
async function shell(t: TestContext, script: string, words: readonly string[]) {
  const child = spawn('bash', ['-c', script, process.execPath, BIN, ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  t.after(() => child.kill('SIGKILL'));
  const [stdout, stderr, [status]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  return { status, stdout, stderr };
}

/** Files below the folder, with what is in them. */
function contents(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  const files = names.filter((name) => lstatSync(join(folder, name)).isFile());
  return Object.fromEntries(files.map((name) => [name, readFileSync(join(folder, name), 'latin1')]));
}

test('a place where nothing can be written is refused before anything is sent, whatever is written', async (t) => {
  const folder = scratch(t);
  const { at, seen } = await server(t);
  const path = (name: string) => join(folder, name);
  writeFileSync(path('file'), 'older');
  mkdirSync(path('folder'));
  symlinkSync('nothing', path('link'));
  const places: readonly (readonly [place: string, why: RegExp])[] = [
    [path('no/such/file'), /cannot be written \(ENOENT\)/],
    [path('file/below'), /cannot be written \(ENOTDIR\)/],
    [path('folder'), /is a folder/],
    [path('new/'), /is the name of a folder|cannot be written \(ENOENT\)/],
    [path('link'), /is a link to nothing, which does not exist/],
    [path('n'.repeat(256)), /cannot be written \(ENAMETOOLONG\)/],
    ['/proc/weighbridge', /cannot be written \(E[A-Z]+\)/],
  ];
  for (const flag of FILE_FLAGS) {
    for (const [place, why] of places) {
      const end = await refusal(t, run(at, `--${flag}`, place));
      assertSaid(
        end,
        2,
        new RegExp(`^weighbridge: --${flag}: .*(${why.source})\\. Nothing was sent\\.$`, 'm'),
      );
    }
  }
  for (const name of CSV_FILES) {
    mkdirSync(path(`of-${name}/${name}`), { recursive: true });
    const end = await refusal(t, run(at, '--csv-dir', path(`of-${name}`)));
    assertSaid(
      end,
      2,
      new RegExp(`^weighbridge: --csv-dir: \\S+${name} is a folder\\. Nothing was sent\\.$`, 'm'),
    );
  }
  assert.equal(seen.total, 0);
  assert.deepEqual(contents(folder), { file: 'older' });
});

test('a folder that may only be read is refused, whatever is written', async (t) => {
  const folder = join(scratch(t), 'read-only');
  mkdirSync(folder);
  // The folder above has to be open to the other user.
  chmodSync(join(folder, '..'), 0o755);
  chmodSync(folder, 0o555);
  const refused = (flag: string) => (error: unknown) => {
    assert.ok(error instanceof UserError, String(error));
    assert.match(
      error.message,
      new RegExp(`^--${flag}: \\S+ cannot be written \\(EACCES\\)\\. Nothing was sent\\.$`),
    );
    return true;
  };
  await withoutPrivileges(async () => {
    for (const flag of FILE_FLAGS) {
      const output = parseOutput({ [flag]: join(folder, 'out') }, RUN_REPORTS);
      await assert.rejects(async () => {
        openReports(output, ' Nothing was sent.');
        await openSamples(output.samples, ' Nothing was sent.');
      }, refused(flag));
    }
    const output = parseOutput({ 'csv-dir': folder }, RUN_REPORTS);
    assert.throws(() => openReports(output, ' Nothing was sent.'), refused('csv-dir'));
  });
  assert.deepEqual(readdirSync(folder), []);
});

test('a device that is full: each other output is whole, the exit status is 5', async (t) => {
  const folder = scratch(t);
  const saved = await savedRun(t, folder);
  mkdirSync(join(folder, 'whole'));
  const reference = await weighbridge(t, ['analyze', saved, ...allReports(join(folder, 'whole'))]);
  assert.equal(reference.status, 0, reference.stderr);
  const whole = contents(join(folder, 'whole'));
  assert.equal(Object.keys(whole).length, REPORT_FLAGS.length + CSV_FILES.length + VERSIONS.length);
  for (const flag of REPORT_FLAGS) {
    const own = join(folder, flag);
    mkdirSync(own);
    const end = await weighbridge(t, ['analyze', saved, ...allReports(own, flag), `--${flag}`, '/dev/full']);
    assert.equal(end.stderr, `weighbridge: --${flag}: /dev/full could not be written (ENOSPC).\n`);
    assert.equal(end.status, 5);
    assert.equal(end.stdout, reference.stdout, 'the table');
    const others = Object.keys(whole).filter((name) => !name.endsWith(`.${flag}`) || name.startsWith('csv/'));
    assert.deepEqual(Object.keys(contents(own)), others, flag);
  }
});

test('one file of --csv-dir, and one of a version, that cannot be written: the others are there', async (t) => {
  const folder = scratch(t);
  const saved = await savedRun(t, folder);
  mkdirSync(join(folder, 'csv'));
  symlinkSync('/dev/full', join(folder, 'csv', 'timeline.csv'));
  symlinkSync('/dev/full', join(folder, 'out-v1.histogram'));
  const end = await weighbridge(t, ['analyze', saved, ...allReports(folder)]);
  assert.deepEqual(end.stderr.trimEnd().split('\n').sort(), [
    `weighbridge: --csv-dir: ${join(folder, 'csv', 'timeline.csv')} could not be written (ENOSPC).`,
    `weighbridge: --histogram: ${join(folder, 'out-v1.histogram')} could not be written (ENOSPC).`,
  ]);
  assert.equal(end.status, 5);
  assert.deepEqual(readdirSync(join(folder, 'csv')).sort(), [...CSV_FILES].sort());
  assert.match(readFileSync(join(folder, 'out-v2.histogram'), 'utf8'), /version "v2"/);
});

test('the disk fills up in the middle: what has no room is not there in part, and the older report stays', async (t) => {
  const folder = scratch(t);
  const saved = await savedRun(t, folder);
  const own = join(folder, 'own');
  mkdirSync(join(own, 'csv'), { recursive: true });
  const names = [...REPORT_FLAGS.map((flag) => `out.${flag}`), ...CSV_FILES.map((name) => `csv/${name}`)];
  for (const name of names) writeFileSync(join(own, name), 'older');
  // A limit on the size of files stands for the disk: files of up to 8 KiB have room.
  const end = await shell(t, 'ulimit -f 8 && exec "$0" "$@"', ['analyze', saved, ...allReports(own)]);
  const lost = [
    ...end.stderr.matchAll(/^weighbridge: --[a-z-]+: (\S+) could not be written \(EFBIG\)\.$/gm),
  ].map(([, file]) => (file as string).slice(own.length + 1));
  assert.equal(lost.length, end.stderr.trimEnd().split('\n').length, end.stderr);
  assert.ok(
    lost.includes('out.json') && lost.includes('out.html') && !lost.includes('out.csv'),
    String(lost),
  );
  assert.equal(end.status, 5);
  for (const [name, written] of Object.entries(contents(own))) {
    assert.equal(written === 'older', lost.includes(name), name);
    assert.ok(written.length <= 8192 && !name.includes('.tmp'), name);
  }
  assert.match(end.stdout, /500 requests/);
});

test('samples that have no room cost no report', async (t) => {
  const folder = scratch(t);
  const { at } = await server(t);
  for (const flag of SAMPLE_FLAGS) {
    const own = join(folder, flag);
    mkdirSync(own);
    const end = await weighbridge(t, run(at, `--${flag}`, '/dev/full', ...allReports(own)));
    assert.match(
      end.stderr,
      new RegExp(
        `^weighbridge: --${flag}: /dev/full could not be written \\(ENOSPC\\) after 0 requests\\.$`,
        'm',
      ),
    );
    assert.equal(end.status, 5);
    assert.match(end.stdout, /500 requests/);
    assert.equal(readResult(readFileSync(join(own, 'out.json'), 'utf8')).requests.attributed, 500);
    assert.equal(Object.keys(contents(own)).length, REPORT_FLAGS.length + CSV_FILES.length + VERSIONS.length);
  }
});

test('a reader that goes away after a line: no stack, no hang, and the other outputs are written', async (t) => {
  const folder = scratch(t);
  const saved = await savedRun(t, folder);
  const { at } = await server(t);
  const script = '"$0" "$@" | head -n 1; exit $PIPESTATUS';
  const json = (name: string) => ['--json', join(folder, `${name}.json`)];
  const cases: readonly (readonly [name: string, words: readonly string[]])[] = [
    ['table', ['analyze', saved, ...json('table')]],
    ['print', ['analyze', saved, '--print', 'percentiles', '--quiet', ...json('print')]],
    ...REPORT_FLAGS.filter((flag) => flag !== 'json').map(
      (flag) => [flag, ['analyze', saved, `--${flag}`, '-', ...json(flag)]] as const,
    ),
    ...SAMPLE_FLAGS.map((flag) => [flag, run(at, `--${flag}`, '-', '--quiet', ...json(flag))] as const),
  ];
  for (const [name, words] of cases) {
    const end = await shell(t, script, words);
    assertNoStack(end.stderr);
    assert.equal(end.status, 0, `${name}: ${end.stderr}`);
    assert.equal(
      readResult(readFileSync(join(folder, `${name}.json`), 'utf8')).requests.attributed,
      500,
      name,
    );
  }
});

test('a saved run that is cut or of a newer version: reports of what it has, or one line and the older report', async (t) => {
  const folder = scratch(t);
  const saved = await savedRun(t, folder);
  const bytes = readFileSync(saved);
  const json = join(folder, 'report.json');
  writeFileSync(join(folder, 'cut.arrow'), bytes.subarray(0, bytes.length - 600));
  const cut = await weighbridge(t, [
    'analyze',
    join(folder, 'cut.arrow'),
    '--json',
    json,
    '--csv-dir',
    join(folder, 'csv'),
  ]);
  assert.equal(cut.status, 0, cut.stderr);
  assert.equal(readResult(readFileSync(json, 'utf8')).ended, 'truncated');
  const before = contents(folder);
  // Its value, '1' with its length, stands before the key.
  const at = bytes.lastIndexOf(
    Buffer.from([1, 0, 0, 0, 0x31, 0]),
    bytes.indexOf('weighbridge.schemaVersion'),
  );
  bytes[at + 4] = 0x32;
  writeFileSync(join(folder, 'cut.arrow'), bytes);
  const newer = await refusal(t, [
    'analyze',
    join(folder, 'cut.arrow'),
    '--json',
    json,
    '--csv-dir',
    join(folder, 'csv'),
  ]);
  assertSaid(
    newer,
    2,
    /cut\.arrow was saved by a newer version of weighbridge, in format 2: this one reads format 1\./,
  );
  const after = contents(folder);
  assert.deepEqual({ ...after, 'cut.arrow': '' }, { ...before, 'cut.arrow': '' });
});
