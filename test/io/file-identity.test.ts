import assert from 'node:assert/strict';
import { linkSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { descriptorIdentity, fileIdentity } from '../../src/io/file-identity.js';

/** Folders, links to folders and detours. */
const FOLDERS = ['', 'a', 'a/b', 'up', 'a/b/..', 'a/b/../.', 'up/a', 'a/b/top', 'to-b', 'to-b/..'];
const NAMES = ['x', 'y', 'hard', 'soft', 'far', 'new', 'other'];

/** A folder with two files, each under several names. */
function tree(): string {
  const root = mkdtempSync(join(tmpdir(), 'weighbridge-identity-'));
  mkdirSync(join(root, 'a/b'), { recursive: true });
  symlinkSync('.', join(root, 'up'));
  symlinkSync(root, join(root, 'a/b/top'));
  symlinkSync('a/b', join(root, 'to-b'));
  writeFileSync(join(root, 'x'), '');
  writeFileSync(join(root, 'a/y'), '');
  linkSync(join(root, 'x'), join(root, 'a/hard'));
  symlinkSync('../x', join(root, 'a/soft'));
  symlinkSync('../../a/y', join(root, 'a/b/far'));
  return root;
}

test('names have one identity if what is written by one is read by the other', (t) => {
  const root = tree();
  t.after(() => rmSync(root, { recursive: true, force: true }));
  const name = fc
    .record({ folder: fc.constantFrom(...FOLDERS), name: fc.constantFrom(...NAMES) })
    .map((parts) => `${root}/${parts.folder}/${parts.name}`);
  let same = 0;
  let number = 0;
  fc.assert(
    fc.property(name, name, (one, other) => {
      const existed = read(one) !== null;
      const equal = fileIdentity(one) === fileIdentity(other);
      number += 1;
      writeFileSync(one, String(number));
      assert.equal(equal, read(other) === String(number), `${one} ${other}`);
      if (!existed) rmSync(one);
      if (equal && one !== other) same += 1;
    }),
    { numRuns: 2000 },
  );
  assert.ok(same > 50, `${same} pairs of names of one file`);
});

test('a name in a folder that does not exist yet', () => {
  const folder = mkdtempSync(join(tmpdir(), 'weighbridge-identity-'));
  symlinkSync(folder, join(folder, 'again'));
  assert.equal(fileIdentity(join(folder, 'new/f')), fileIdentity(join(folder, 'again/new/f')));
  assert.notEqual(fileIdentity(join(folder, 'new/f')), fileIdentity(join(folder, 'f')));
  rmSync(folder, { recursive: true });
});

test('devices, and descriptors of anything but a file, have none', () => {
  assert.equal(fileIdentity('/dev/null'), null);
  assert.equal(descriptorIdentity(1_000_000), null);
});

function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
