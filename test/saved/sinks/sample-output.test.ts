/** Writing samples in the background: room, failures, replaced files, pipes. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  createReadStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { BLOCK_CAPACITY, SampleBlock } from '../../../src/blocks/sample-block.js';
import { checkWritable } from '../../../src/io/output-place.js';
import { FileTarget, type OutputTarget } from '../../../src/saved/sinks/output-target.js';
import { type SampleEncoder, SampleOutput } from '../../../src/saved/sinks/sample-output.js';
import { withoutPrivileges } from '../../support/other-user.js';
import { endOf, folderFor, MadeUpRun } from '../../support/saved.js';

const { header } = new MadeUpRun();
const END = endOf([]);

/** Pieces of so many bytes: `h`, then a letter per block, then `e`. */
function lettersOf(size: number): SampleEncoder {
  let letter = 'a'.charCodeAt(0) - 1;
  const piece = (code: number) => new Uint8Array(size).fill(code);
  return {
    begin: () => piece('h'.charCodeAt(0)),
    rows: () => piece(++letter),
    end: () => piece('e'.charCodeAt(0)),
  };
}

function blockOf(rows: number): SampleBlock {
  const block = new SampleBlock();
  block.length = rows;
  return block;
}

/** A target that writes when it is told to. */
class SlowTarget implements OutputTarget {
  readonly written: number[] = [];
  closedAt: number | null = null;
  #go: ((error?: Error) => void)[] = [];

  create(): void {}

  write(bytes: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#go.push((error) => {
        if (error !== undefined) reject(error);
        else {
          this.written.push(bytes[0] as number);
          resolve();
        }
      });
    });
  }

  async close(wholeBytes: number): Promise<void> {
    this.closedAt = wholeBytes;
  }

  /** Lets what is under way end, and what follows from that happen. */
  async step(error?: Error): Promise<void> {
    (this.#go.shift() as (error?: Error) => void)(error);
    await new Promise(setImmediate);
  }
}

/** Waits for the first bytes. */
async function existence(file: string): Promise<void> {
  while (!existsSync(file)) await new Promise(setImmediate);
}

const failure = (code: string) => Object.assign(new Error(code), { code });

/** Its time-out is the shortest after which a target is given up. */
const IMPATIENT = { ...header, plan: { ...header.plan, load: { ...header.plan.load, timeoutMs: 1 } } };

test('a target that takes nothing is given up at the end, and what waits for it goes on', async () => {
  const target = new SlowTarget();
  const sink = new SampleOutput(target, lettersOf(10));
  sink.begin(IMPATIENT);
  sink.add(blockOf(3));
  await target.step();
  await target.step();
  await sink.end(END);
  assert.equal(sink.complaint, 'took nothing for 1 s, and was given up after 3 requests');
  assert.equal(sink.hangs, true);
  // The last write returns after all: nothing is written after it.
  await target.step();
  assert.equal(Buffer.from(target.written).toString(), 'hae');
  assert.equal(target.closedAt, 20);
});

test('a target that takes nothing while the run waits for room is given up', async () => {
  const target = new SlowTarget();
  const sink = new SampleOutput(target, lettersOf(9 << 20));
  sink.begin(IMPATIENT);
  await sink.add(blockOf(3));
  assert.match(sink.complaint ?? '', /^took nothing for 1 s, and was given up after 0 requests$/);
  assert.equal(sink.add(blockOf(3)), null);
  await sink.end(END);
});

test('a slow target is not given up while it takes something', async () => {
  const target = new SlowTarget();
  const sink = new SampleOutput(target, lettersOf(10));
  sink.begin(IMPATIENT);
  const ended = sink.end(END);
  // Longer than it may take for one piece.
  for (let piece = 0; piece < 2; piece += 1) {
    await new Promise((resolve) => setTimeout(resolve, 600));
    await target.step();
  }
  await ended;
  assert.equal(sink.complaint, null);
});

test('at the deadline it is given up', async () => {
  const target = new SlowTarget();
  const sink = new SampleOutput(target, lettersOf(10));
  sink.begin(header);
  const deadline = new AbortController();
  const ended = sink.end(END, deadline.signal);
  deadline.abort();
  await ended;
  assert.equal(sink.complaint, 'took no more before the run was stopped, and was given up after 0 requests');
});

test('a sink that is full says so, and says when there is room again', async () => {
  const target = new SlowTarget();
  const output = new SampleOutput(target, lettersOf(1 << 20));
  output.begin(header);
  let full: Promise<void> | null = null;
  let added = 0;
  while (full === null && added < 100) {
    full = output.add(blockOf(10));
    added += 1;
  }
  assert.equal(added, 8, 'eight MiB wait, the header among them');
  let room = false;
  void full?.then(() => {
    room = true;
  });
  for (let steps = 0; steps < 4; steps++) {
    await target.step();
    assert.equal(room, false, `after ${steps + 1} pieces`);
  }
  await target.step();
  assert.equal(room, true);
  assert.equal(output.add(blockOf(10)), null);
  const end = output.end(END);
  while (target.written.length < 11) await target.step();
  await end;
  assert.equal(String.fromCharCode(...target.written), 'habcdefghie');
  assert.equal(target.closedAt, 11 << 20);
  assert.equal(output.complaint, null);
});

test('after a failure the rest is left out, what is whole stays, and nobody waits', async () => {
  const target = new SlowTarget();
  const output = new SampleOutput(target, lettersOf(3 << 20));
  output.begin(header);
  output.add(blockOf(100));
  const waiting = output.add(blockOf(1000));
  assert.ok(waiting !== null);
  await target.step();
  await target.step();
  await target.step(failure('ENOSPC'));
  await waiting;
  assert.equal(output.add(blockOf(5)), null);
  await output.end(END);
  assert.equal(String.fromCharCode(...target.written), 'ha');
  assert.equal(target.closedAt, 6 << 20);
  assert.equal(output.complaint, 'could not be written (ENOSPC) after 100 requests');
});

test('a file that cannot be made is a failure like another', async (t) => {
  const output = new SampleOutput(new FileTarget(join(folderFor(t), 'no/such/run'), 0o600), lettersOf(1));
  output.begin(header);
  assert.equal(output.add(blockOf(BLOCK_CAPACITY)), null);
  await output.end(END);
  assert.equal(output.complaint, 'could not be written (ENOENT) after 0 requests');
});

test('a device that is full', async () => {
  const output = new SampleOutput(new FileTarget('/dev/full', 0o600), lettersOf(10));
  output.begin(header);
  output.add(blockOf(3));
  await output.end(END);
  assert.equal(output.complaint, 'could not be written (ENOSPC) after 0 requests');
  assert.ok(statSync('/dev/full').isCharacterDevice());
});

test('trying a file changes nothing; what is there is replaced when the run begins, behind a link too', async (t) => {
  const folder = folderFor(t);
  const [file, link, fresh] = [join(folder, 'run'), join(folder, 'link'), join(folder, 'fresh')];
  writeFileSync(file, 'of last week');
  symlinkSync(file, link);
  checkWritable(fresh);
  assert.equal(existsSync(fresh), false);
  const target = new FileTarget(link, 0o600);
  checkWritable(link);
  assert.equal(readFileSync(file, 'utf8'), 'of last week');
  const output = new SampleOutput(target, lettersOf(2));
  output.begin(header);
  output.add(blockOf(1));
  await output.end(END);
  assert.equal(output.complaint, null);
  assert.equal(readFileSync(file, 'utf8'), 'hhaaee');
  assert.equal(realpathSync(link), realpathSync(file));
  for (const wrong of [folder, join(folder, 'none/run')]) {
    assert.throws(() => checkWritable(wrong), /ENOENT|a folder/);
  }
});

test('two runs that write one file: never a mixed one, and the run that lost says so', async (t) => {
  const file = join(folderFor(t), 'run');
  const first = new SampleOutput(new FileTarget(file, 0o600), lettersOf(1000));
  first.begin(header);
  first.add(blockOf(1));
  await existence(file);
  const second = new SampleOutput(new FileTarget(file, 0o600), {
    ...lettersOf(500),
    rows: () => new Uint8Array(500).fill('2'.charCodeAt(0)),
  });
  const { ino } = statSync(file);
  second.begin(header);
  second.add(blockOf(1));
  while (statSync(file).ino === ino) await new Promise(setImmediate);
  first.add(blockOf(1));
  await Promise.all([first.end(END), second.end(END)]);
  assert.match(first.complaint ?? '', /^was replaced or removed while it was written/);
  assert.equal(second.complaint, null);
  assert.equal(readFileSync(file, 'latin1'), 'h'.repeat(500) + '2'.repeat(500) + 'e'.repeat(500));
});

test('a file that is gone at the end, or in whose place a folder is, is told', async (t) => {
  const file = join(folderFor(t), 'run');
  const output = new SampleOutput(new FileTarget(file, 0o600), lettersOf(10));
  output.begin(header);
  await existence(file);
  rmSync(file);
  mkdirSync(file);
  await output.end(END);
  assert.match(output.complaint ?? '', /^was replaced or removed/);
});

test('a pipe is written to, and waits for its reader', async (t) => {
  const fifo = join(folderFor(t), 'fifo');
  execFileSync('mkfifo', [fifo]);
  checkWritable(fifo);
  const target = new FileTarget(fifo, 0o600);
  const output = new SampleOutput(target, lettersOf(100_000));
  output.begin(header);
  output.add(blockOf(1));
  const end = output.end(END);
  let read = 0;
  for await (const chunk of createReadStream(fifo)) read += (chunk as Buffer).length;
  await end;
  assert.equal(read, 300_000);
  assert.equal(output.complaint, null);
  assert.ok(statSync(fifo).isFIFO());
});

test('a disk that is full from the start costs no older file; modes', async (t) => {
  const folder = folderFor(t);
  const [file, fresh] = [join(folder, 'run'), join(folder, 'fresh')];
  writeFileSync(file, 'of last week', { mode: 0o644 });
  const failing = new FileTarget(file, 0o600);
  failing.create();
  // A piece that no file system takes stands for the disk: the error comes from writing the new file.
  await assert.rejects(failing.write(null as unknown as Uint8Array));
  await failing.close(0);
  assert.equal(readFileSync(file, 'utf8'), 'of last week');
  assert.deepEqual(readdirSync(folder), ['run']);
  for (const [name, mode] of [
    [file, 0o644],
    [fresh, 0o600],
  ] as const) {
    const output = new SampleOutput(new FileTarget(name, 0o600), lettersOf(2));
    output.begin(header);
    await output.end(END);
    assert.equal(output.complaint, null);
    assert.equal(readFileSync(name, 'utf8'), 'hhee');
    assert.equal(statSync(name).mode & 0o777, mode);
  }
});

test('where files cannot be replaced, an older one is overwritten and cut to the new length', async (t) => {
  const folder = folderFor(t);
  const file = join(folder, 'run');
  writeFileSync(file, 'x'.repeat(100));
  chmodSync(file, 0o666);
  chmodSync(folder, 0o555);
  const output = new SampleOutput(new FileTarget(file, 0o600), lettersOf(3));
  await withoutPrivileges(async () => {
    checkWritable(file);
    output.begin(header);
    output.add(blockOf(1));
    await output.end(END);
  }).finally(() => chmodSync(folder, 0o755));
  assert.equal(output.complaint, null);
  assert.equal(readFileSync(file, 'utf8'), 'hhhaaaeee');
});
