/** Whole files: the older one stays until the new one is complete. Links, modes, pipes, folders that allow nothing. */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  createReadStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { openDirect, writeAll, writeWholeFile } from '../../src/io/output-file.js';
import { checkWritable, outputPlace } from '../../src/io/output-place.js';
import { withoutPrivileges } from '../support/other-user.js';
import { folderFor } from '../support/saved.js';

const TEMPORARY = /^\.weighbridge-\d+-[0-9a-f]{8}\.tmp$/;
const modeOf = (file: string) => statSync(file).mode & 0o7777;
const code = (expected: string) => ({ code: expected });

/** A file that is there already, in a folder of its own. */
function older(t: TestContext, mode = 0o640): string {
  const file = join(folderFor(t), 'report.json');
  writeFileSync(file, 'older, and longer than what comes');
  chmodSync(file, mode);
  return file;
}

test('a new file has the mode of the umask; an older one keeps its own, and its owner', async (t) => {
  const file = older(t, 0o604);
  if (process.getuid?.() === 0) chownSync(file, 1234, 1235);
  const { uid, gid, ino } = statSync(file);
  checkWritable(file);
  await writeWholeFile(file, 'new');
  assert.equal(readFileSync(file, 'utf8'), 'new');
  const now = statSync(file);
  assert.deepEqual([now.mode & 0o7777, now.uid, now.gid], [0o604, uid, gid]);
  assert.notEqual(now.ino, ino, 'the file is another one');
  const fresh = join(file, '../fresh');
  await writeWholeFile(fresh, 'x');
  assert.equal(modeOf(fresh), 0o666 & ~process.umask());
  assert.deepEqual(readdirSync(join(file, '..')).sort(), ['fresh', 'report.json']);
});

test('links are followed; one to nothing is refused', async (t) => {
  const file = older(t);
  const folder = join(file, '..');
  mkdirSync(join(folder, 'links'));
  const link = join(folder, 'links/link');
  symlinkSync('../report.json', link);
  await writeWholeFile(link, 'new');
  assert.equal(readFileSync(file, 'utf8'), 'new');
  assert.equal(readlinkSync(link), '../report.json');
  assert.deepEqual(readdirSync(join(folder, 'links')), ['link']);
  rmSync(file);
  const dangling = /^is a link to \.\.\/report\.json, which does not exist$/;
  assert.throws(() => checkWritable(link), { message: dangling });
  await assert.rejects(writeWholeFile(link, 'new'), { message: dangling });
  assert.equal(existsSync(file), false);
});

test('what cannot be a file is refused, before and after', async (t) => {
  const folder = folderFor(t);
  const server = createServer().listen(join(folder, 'socket'));
  await once(server, 'listening');
  t.after(() => server.close());
  writeFileSync(join(folder, 'file'), '');
  const cases: readonly (readonly [string, string])[] = [
    ['', 'ENOENT'],
    [folder, 'EISDIR'],
    [join(folder, 'new/'), 'EISDIR'],
    [join(folder, 'no/such'), 'ENOENT'],
    [join(folder, 'file/below'), 'ENOTDIR'],
    [join(folder, 'n'.repeat(256)), 'ENAMETOOLONG'],
    [join(folder, 'socket'), 'ENXIO'],
  ];
  for (const [name, expected] of cases) {
    assert.throws(() => checkWritable(name), code(expected), name);
    await assert.rejects(writeWholeFile(name, 'x'), code(expected), name);
  }
  assert.deepEqual(readdirSync(folder).sort(), ['file', 'socket']);
  const long = join(folder, 'n'.repeat(255));
  checkWritable(long);
  await writeWholeFile(long, 'x');
  assert.equal(readFileSync(long, 'utf8'), 'x');
});

test('a folder that allows no new file: an older one is overwritten, a new one refused', async (t) => {
  const file = older(t, 0o666);
  const folder = join(file, '..');
  chmodSync(folder, 0o555);
  const { ino } = statSync(file);
  await withoutPrivileges(async () => {
    checkWritable(file);
    await writeWholeFile(file, 'new');
    const fresh = join(folder, 'fresh');
    assert.throws(() => checkWritable(fresh), code('EACCES'));
    await assert.rejects(writeWholeFile(fresh, 'x'), code('EACCES'));
  }).finally(() => chmodSync(folder, 0o755));
  assert.equal(readFileSync(file, 'utf8'), 'new');
  assert.equal(statSync(file).ino, ino);
  chmodSync(file, 0o444);
  await withoutPrivileges(async () => assert.throws(() => checkWritable(file), code('EACCES')));
});

test('where a file of another user may be written and not renamed, it is overwritten', async (t) => {
  if (process.getuid?.() !== 0) {
    t.skip('only root can make a file of another user');
    return;
  }
  const file = older(t, 0o666);
  const folder = join(file, '..');
  // Sticky, as /tmp: everybody may make files, and remove only their own.
  chmodSync(folder, 0o1777);
  await withoutPrivileges(async () => {
    checkWritable(file);
    await writeWholeFile(file, 'new');
  });
  assert.equal(readFileSync(file, 'utf8'), 'new');
  assert.deepEqual(readdirSync(folder), ['report.json']);
});

test('a file that may not be written is refused, even where it could be replaced', async (t) => {
  const file = older(t, 0o444);
  chmodSync(join(file, '..'), 0o777);
  await withoutPrivileges(async () => assert.throws(() => checkWritable(file), code('EACCES')));
});

test('killed at any moment, the file is one of the whole ones', async (t) => {
  const file = older(t);
  const folder = join(file, '..');
  const size = 3_000_000;
  const module = new URL('../../src/io/output-file.js', import.meta.url).href;
  const script = `import { writeWholeFile } from ${JSON.stringify(module)};
    for (let i = 0; ; i = (i + 1) % 26) await writeWholeFile(process.argv[1], String.fromCharCode(97 + i).repeat(${size}));`;
  for (let round = 0; round < 5; round++) {
    const child = spawn(process.execPath, ['--input-type=module', '-e', script, file], { stdio: 'inherit' });
    const closed = once(child, 'close');
    while (statSync(file).size !== size || !readdirSync(folder).some((name) => TEMPORARY.test(name))) {
      assert.equal(child.exitCode, null);
      await delay(2);
    }
    child.kill('SIGKILL');
    await closed;
    const text = readFileSync(file, 'utf8');
    assert.equal(text, text.slice(0, 1).repeat(size));
    for (const name of readdirSync(folder)) {
      if (name === 'report.json') continue;
      assert.match(name, TEMPORARY);
      rmSync(join(folder, name));
    }
    writeFileSync(file, 'older');
  }
});

test('descriptors and devices are written to, not replaced', async (t) => {
  const file = older(t);
  const module = new URL('../../src/io/output-file.js', import.meta.url).href;
  const script = `import { writeWholeFile } from ${JSON.stringify(module)};
    await writeWholeFile('/dev/fd/3', ' and more'); await writeWholeFile('/proc/self/fd/3', '!');`;
  const { ino } = statSync(file);
  execFileSync('bash', ['-c', '"$0" --input-type=module -e "$1" 3>> "$2"', process.execPath, script, file]);
  assert.equal(readFileSync(file, 'utf8'), 'older, and longer than what comes and more!');
  assert.equal(statSync(file).ino, ino);
  await assert.rejects(writeWholeFile('/dev/full', 'x'), code('ENOSPC'));
  await writeWholeFile('/dev/null', 'x');
  assert.ok(statSync('/dev/null').isCharacterDevice());
});

test('a pipe: its reader may come late, be slow, leave, or never come', async (t) => {
  const fifo = join(folderFor(t), 'fifo');
  execFileSync('mkfifo', [fifo]);
  const text = 'x'.repeat(300_000);
  const writing = writeWholeFile(fifo, text);
  await delay(20);
  let read = '';
  for await (const chunk of createReadStream(fifo, { encoding: 'utf8' })) {
    read += chunk;
    await delay(2);
  }
  await writing;
  assert.equal(read, text);

  const place = outputPlace(fifo);
  await assert.rejects(
    openDirect(place, () => 20),
    { code: 'ENXIO', message: 'is a pipe that nobody reads' },
  );
  const stalled = spawn('bash', ['-c', 'exec sleep 60 < "$0"', fifo], { stdio: 'ignore' });
  t.after(() => stalled.kill('SIGKILL'));
  const handle = await openDirect(place, () => 10_000);
  await assert.rejects(
    writeAll(handle, Buffer.from(text), () => 20),
    { code: 'EAGAIN', message: 'is a pipe whose reader takes no more' },
  );
  stalled.kill('SIGKILL');
  await once(stalled, 'close');
  await assert.rejects(
    writeAll(handle, Buffer.from(text), () => 10_000),
    code('EPIPE'),
  );
  await handle.close();
  assert.ok(statSync(fifo).isFIFO());
});
