import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openOutputs, writeOutput } from '../../src/cli/outputs.js';
import { UserError } from '../../src/errors.js';

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
  assert.throws(() => openOutputs({ csv: folder }), refused(/^--csv: .* cannot be written \(EISDIR\)/));
  assert.throws(() => openOutputs({ json: '' }), refused(/^--json: give a file name, or -/));
  assert.throws(() => openOutputs({ json: [path('a'), path('b')] }), refused(/^--json was given 2 times/));
});

test('two reports in one place are refused, however it is spelled', () => {
  assert.throws(
    () => openOutputs({ json: '-', csv: '-' }),
    refused(/^--json and --csv would both write to standard output/),
  );
  assert.throws(
    () => openOutputs({ json: path('same'), csv: `${folder}/./same` }),
    refused(/^--json and --csv would both write to .*same/),
  );
  assert.equal(openOutputs({ json: '-', csv: path('other.csv') }).length, 2);
});

test('a report replaces what was in the file; a failure is told, not thrown', () => {
  writeFileSync(path('report.json'), 'much longer than what comes');
  assert.equal(writeOutput({ flag: 'json', file: path('report.json') }, 'new\n'), null);
  assert.equal(readFileSync(path('report.json'), 'utf8'), 'new\n');
  const complaint = writeOutput({ flag: 'csv', file: path('gone/report.csv') }, 'x');
  assert.match(complaint ?? '', /^--csv: .*report\.csv could not be written \(ENOENT\)\.$/);
});
