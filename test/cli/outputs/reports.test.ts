import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  createReadStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import type { RunResult } from '../../../src/analysis/result.js';
import type { Flags } from '../../../src/cli/options/flags.js';
import { parseOutput as parseFor, type ReportDestination } from '../../../src/cli/options/output.js';
import { writeOutput } from '../../../src/cli/outputs/destinations.js';
import { openReports, writeReports } from '../../../src/cli/outputs/reports.js';
import { UserError } from '../../../src/errors.js';
import { RUN_REPORTS } from '../../../src/report/index.js';
import { until } from '../../lab/client.js';
import { everyday } from '../../support/results.js';

const parseOutput = (flags: Flags) => parseFor(flags, RUN_REPORTS);

/** The reports that the flags name, each known to be writable. */
function openOutputs(flags: Flags, effect = ' Nothing was sent.'): readonly ReportDestination<RunResult>[] {
  const output = parseOutput(flags);
  openReports(output, effect);
  return output.reports;
}

const folder = mkdtempSync(join(tmpdir(), 'weighbridge-outputs-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
const path = (name: string) => join(folder, name);
const refused = (message: RegExp) => (error: unknown) => {
  assert.ok(error instanceof UserError, String(error));
  assert.match(error.message, message);
  return true;
};

test('trying a file neither changes it nor leaves an empty one behind', () => {
  writeFileSync(path('old.json'), 'old');
  const outputs = openOutputs({ json: path('old.json'), csv: path('new.csv') });
  assert.deepEqual(
    outputs.map(({ flag }) => flag),
    ['json', 'csv'],
  );
  assert.equal(readFileSync(path('old.json'), 'utf8'), 'old');
  assert.equal(existsSync(path('new.csv')), false);
});

test('what cannot be written is refused, naming option and file', () => {
  assert.throws(
    () => openOutputs({ json: path('no/such/folder.json') }),
    refused(/^--json: .*folder\.json cannot be written \(ENOENT\)\. Nothing was sent\.$/),
  );
  assert.throws(() => openOutputs({ csv: folder }), refused(/^--csv: .* is a folder/));
  assert.throws(() => openOutputs({ json: '' }), refused(/^--json: give a file name, or -/));
  assert.throws(() => openOutputs({ json: [path('a'), path('b')] }), refused(/^--json was given 2 times/));
});

test('where nothing would have been sent, it is not said that nothing was', () => {
  for (const flags of [{ json: path('no/such/folder.json') }, { 'csv-dir': path('old.json') }]) {
    assert.throws(() => openOutputs(flags, ''), refused(/(\(ENOENT\)|is not a folder)\.$/));
  }
});

test('a report replaces what was in the file; a failure is told, not thrown', async () => {
  writeFileSync(path('report.json'), 'much longer than what comes');
  assert.equal(await writeOutput({ flag: 'json', file: path('report.json') }, 'new\n'), null);
  assert.equal(readFileSync(path('report.json'), 'utf8'), 'new\n');
  const complaint = await writeOutput({ flag: 'csv', file: path('gone/report.csv') }, 'x');
  assert.match(complaint ?? '', /^--csv: .*report\.csv could not be written \(ENOENT\)\.$/);
});

test('--csv-dir makes its folder and tries all files, and leaves what is in it alone', () => {
  const dir = path('new/csv');
  const outputs = openOutputs({ 'csv-dir': dir });
  assert.deepEqual(
    outputs.map(({ flag, file }) => ({ flag, file })),
    ['versions', 'timeline', 'endpoints', 'errors', 'histogram', 'ejections'].map((name) => ({
      flag: 'csv-dir',
      file: join(dir, `${name}.csv`),
    })),
  );
  assert.deepEqual(readdirSync(dir), []);
  writeFileSync(join(dir, 'ejections.csv'), 'old');
  openOutputs({ 'csv-dir': dir });
  assert.equal(readFileSync(join(dir, 'ejections.csv'), 'utf8'), 'old');
});

test('a folder that cannot be one, and files in it that cannot be written, are refused', () => {
  writeFileSync(path('a-file'), '');
  assert.throws(
    () => openOutputs({ 'csv-dir': path('a-file') }),
    refused(/^--csv-dir: .*a-file is not a folder\. Nothing was sent\.$/),
  );
  assert.throws(
    () => openOutputs({ 'csv-dir': path('a-file/below') }),
    refused(/^--csv-dir: .*below cannot be made \(ENOTDIR\)\. Nothing was sent\.$/),
  );
  // Where Node's own recursive mkdir does not come back.
  if (existsSync('/proc/self')) {
    assert.throws(
      () => openOutputs({ 'csv-dir': '/proc/weighbridge/nope' }),
      refused(/^--csv-dir: \/proc\/weighbridge\/nope cannot be made \(E[A-Z]+\)\. Nothing was sent\.$/),
    );
  }
  symlinkSync(path('nowhere'), path('dangling'));
  for (const name of ['dangling', 'dangling/below']) {
    assert.throws(
      () => openOutputs({ 'csv-dir': path(name) }),
      refused(/is not a folder\. Nothing was sent\.$/),
    );
  }
  mkdirSync(path('taken/ejections.csv'), { recursive: true });
  assert.throws(
    () => openOutputs({ 'csv-dir': path('taken') }),
    refused(/^--csv-dir: .*ejections\.csv is a folder\. Nothing was sent\.$/),
  );
  for (const word of ['', '-']) {
    assert.throws(() => openOutputs({ 'csv-dir': word }), refused(/^--csv-dir: give a folder/));
  }
});

test('a report that cannot be made costs no other report', async () => {
  const output = parseOutput({ json: path('first.json'), csv: path('second.csv'), quiet: true });
  const broken = output.reports.map((report) =>
    report.flag === 'json'
      ? {
          ...report,
          report: {
            ...report.report,
            render: () => {
              throw new Error('made to fail');
            },
          },
        }
      : report,
  );
  await assert.rejects(writeReports(everyday(), { ...output, reports: broken }), /made to fail/);
  assert.equal(existsSync(path('first.json')), false);
  assert.match(readFileSync(path('second.csv'), 'utf8'), /^row,version,/);
});

test('a pipe that nobody reads holds up no other report', async (t) => {
  assert.equal(spawnSync('mkfifo', [path('unread')]).status, 0);
  const written = writeReports(
    everyday(),
    parseOutput({ json: path('unread'), csv: path('beside.csv'), quiet: true }),
  );
  await until(() => existsSync(path('beside.csv')), 'the report beside it');
  // Its reader comes, so that the test need not wait until it is given up.
  const reader = createReadStream(path('unread'), 'utf8');
  t.after(() => reader.destroy());
  assert.match(await text(reader), /^\{/);
  assert.deepEqual(await written, []);
});
