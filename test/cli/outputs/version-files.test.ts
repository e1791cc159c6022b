import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import {
  hasFilesBeside,
  isVersionFile,
  longestVersionFile,
  versionFiles,
  versionFilesFound,
} from '../../../src/cli/outputs/version-files.js';
import { folderFor } from '../../support/saved.js';

test('a name per version, before the extension', () => {
  assert.deepEqual(versionFiles('out/run.hgrm', ['v1', 'canary-2.0']), [
    'out/run-v1.hgrm',
    'out/run-canary-2.0.hgrm',
  ]);
  assert.deepEqual(versionFiles('run', ['v1']), ['run-v1.hgrm']);
  assert.deepEqual(versionFiles('/tmp/a.b.txt', ['v1']), ['/tmp/a.b-v1.txt']);
});

test('what a version is called neither leaves the folder nor takes the place of another version', () => {
  const names = [
    '../../etc/passwd',
    '/',
    '',
    'a b',
    'a\nb',
    'A_b',
    'a_b-2',
    '\u202e',
    'x'.repeat(256),
    'x'.repeat(255),
  ];
  const files = versionFiles('out/run.hgrm', names);
  assert.deepEqual(files.slice(0, 8), [
    'out/run-.._.._etc_passwd.hgrm',
    'out/run-_.hgrm',
    'out/run-_-2.hgrm',
    'out/run-a_b.hgrm',
    'out/run-a_b-2.hgrm',
    'out/run-A_b-3.hgrm',
    'out/run-a_b-2-2.hgrm',
    'out/run-_-3.hgrm',
  ]);
  assert.equal(new Set(files.map((file) => file.toLowerCase())).size, names.length);
  const longest = basename(longestVersionFile('out/run.hgrm')).length;
  for (const file of files) {
    assert.match(file, /^out\/run-[\w.-]+\.hgrm$/);
    assert.ok(basename(file).length <= longest);
    assert.ok(isVersionFile('out/run.hgrm', file));
  }
});

test('which names are of this form, and which of them are there', (t) => {
  const folder = folderFor(t);
  const path = (name: string) => join(folder, name);
  mkdirSync(path('real'));
  symlinkSync('real', path('linked'));
  for (const name of ['run.hgrm', 'run-v1.hgrm', 'run-V2.HGRM', 'run2.hgrm', 'run-v1.json']) {
    writeFileSync(path(`real/${name}`), '');
  }
  assert.deepEqual(versionFilesFound(path('linked/run.hgrm')).sort(), [
    path('linked/run-V2.HGRM'),
    path('linked/run-v1.hgrm'),
  ]);
  assert.ok(isVersionFile(path('linked/run.hgrm'), path('real/run-new.hgrm')));
  assert.ok(!isVersionFile(path('run.hgrm'), path('real/run-new.hgrm')));
  assert.deepEqual(versionFilesFound(path('none/run.hgrm')), []);
});

test('beside standard output, pipes and devices there is nothing', (t) => {
  for (const file of ['-', '/dev/null', '/dev/full']) assert.equal(hasFilesBeside(file), false, file);
  assert.equal(hasFilesBeside(join(folderFor(t), 'run.hgrm')), true);
});
