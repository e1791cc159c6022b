/** What is written is what is read: rows, labels and their order, plan, end. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { MessageReader, tableFromIPC } from 'apache-arrow';
import { analyze } from '../../src/analyze.js';
import { BLOCK_CAPACITY } from '../../src/blocks/sample-block.js';
import type { NoteCode } from '../../src/plan/note-code.js';
import type { LabelSource } from '../../src/plan/plan.js';
import { openSavedRun } from '../../src/saved/arrow/reader.js';
import { ArrowEncoder } from '../../src/saved/sinks/arrow-encoder.js';
import { encoded, endOf, folderFor, MadeUpRun, readBack, rowsOf } from '../support/saved.js';

const TYPES = {
  due_us: 'Float64',
  send_us: 'Float64',
  first_byte_us: 'Float64',
  end_us: 'Float64',
  status: 'Uint16',
  version: 'Dictionary<Int16, Utf8>',
  endpoint: 'Dictionary<Int16, Utf8>',
  outcome: 'Dictionary<Int8, Utf8>',
  origin: 'Dictionary<Int8, Utf8>',
  address: 'Dictionary<Int16, Utf8>',
  phase: 'Dictionary<Int8, Utf8>',
  connection: 'Uint32',
  worker: 'Uint16',
  sequence: 'Uint32',
  bytes: 'Uint32',
};

/** Kind and dictionary number of each message. */
function messagesOf(bytes: Uint8Array): string[] {
  const reader = new MessageReader(bytes);
  const kinds: string[] = [];
  for (const message of reader) {
    reader.readMessageBody(message.bodyLength);
    if (message.isDictionaryBatch()) {
      const { id, isDelta } = message.header() as unknown as { id: number; isDelta: boolean };
      kinds.push(`dictionary ${id}${isDelta ? ' delta' : ''}`);
    } else kinds.push(message.isSchema() ? 'schema' : 'batch');
  }
  return kinds;
}

test('every value of every column comes back, and labels keep their numbers', async (t) => {
  const run = new MadeUpRun(1);
  const blocks = [
    run.block(BLOCK_CAPACITY, ['v2', 'v1'], ['pod-b', 'pod-a']),
    run.block(1, []),
    run.block(700, ['v1', 'v9 (späť) 🙂', '=cmd()', 'a\nb', ''], ['pod-a', 'pod-c']),
    run.block(3, ['v2'], ['pod-d']),
  ];
  const end = endOf(blocks);
  const read = await readBack(
    join(folderFor(t), 'run.arrow'),
    Buffer.concat(encoded(run.header, blocks, end)),
  );
  assert.deepEqual(
    read.rows,
    blocks.flatMap((block) => rowsOf(block, run.labels)),
  );
  assert.deepEqual(
    { ...read.labels, versions: [...read.labels.versions] },
    { ...read.labels, ...run.labels },
  );
  assert.deepEqual(read.end, end);
});

test('a plan of an earlier version, with an expression that RE2 does not have, is read: nothing is matched', async (t) => {
  const run = new MadeUpRun(4);
  const version: LabelSource = { from: 'body', pattern: '(?<=v)([--x])\\1', flags: 'v' };
  const plan = { ...run.header.plan, identify: { ...run.header.plan.identify, version } };
  const blocks = [run.block(500, ['v1', 'v2'])];
  const file = join(folderFor(t), 'run.arrow');
  writeFileSync(file, Buffer.concat(encoded({ ...run.header, plan }, blocks, endOf(blocks))));
  const result = await analyze([await openSavedRun(file)]);
  assert.equal(result.identifier.version, 'body:/(?<=v)([--x])\\1/v');
  assert.equal(result.requests.scheduled, endOf(blocks).scheduled);
});

test('a file by the library itself: names, types, metadata, NaN and null', () => {
  const run = new MadeUpRun(2);
  const block = run.block(500, ['v1'], ['pod']);
  const table = tableFromIPC(Buffer.concat(encoded(run.header, [block], endOf([block]))));
  assert.deepEqual(
    Object.fromEntries(table.schema.fields.map(({ name, type }) => [name, String(type)])),
    TYPES,
  );
  assert.deepEqual(
    [...table.schema.metadata.keys()],
    ['weighbridge.plan', 'weighbridge.startedAt', 'weighbridge.schemaVersion'],
  );
  assert.equal(table.schema.metadata.get('weighbridge.startedAt'), '2026-03-01T12:00:00.123456Z');
  assert.equal(table.schema.metadata.get('weighbridge.schemaVersion'), '1');
  assert.equal(table.numRows, 500);
  const column = (name: string) => [...(table.getChild(name) ?? [])];
  assert.deepEqual(new Set(column('version')), new Set(['v1', null]));
  assert.deepEqual(new Set(column('origin')), new Set(['backend', 'gateway', null]));
  assert.deepEqual(new Set(column('phase')), new Set(['measured', 'warmup']));
  assert.deepEqual(
    column('first_byte_us').map((us) => Number.isNaN(us)),
    column('status').map((status) => status === 0),
  );
});

test('a label that first appears in a late batch: its dictionary is written again, whole, and only then', async (t) => {
  const run = new MadeUpRun(3);
  const blocks = [
    run.block(300, ['v1'], ['pod']),
    run.block(300, ['v1'], ['pod']),
    run.block(300, ['v1', 'late'], ['pod']),
    run.block(300, ['v1', 'late'], ['pod']),
  ];
  const bytes = Buffer.concat(encoded(run.header, blocks, endOf(blocks)));
  const version = 'dictionary 5';
  const rest = ['dictionary 6', 'dictionary 7', 'dictionary 8', 'dictionary 9', 'dictionary 10'];
  // The table had v1 and late when the pieces were made at once: so the file is made as a run makes it.
  const live = new MadeUpRun(3);
  const pieces: Buffer[] = [];
  const encoder = new ArrowEncoder();
  pieces.push(Buffer.from(encoder.begin(live.header)));
  for (const versions of [['v1'], ['v1'], ['v1', 'late'], ['v1', 'late']]) {
    pieces.push(Buffer.from(encoder.rows(live.block(300, versions, ['pod']))));
  }
  pieces.push(Buffer.from(encoder.end(endOf(blocks))));
  const file = Buffer.concat(pieces);
  assert.deepEqual(messagesOf(file), [
    'schema',
    version,
    ...rest,
    'batch',
    'batch',
    version,
    'batch',
    'batch',
    'batch',
  ]);
  const read = await readBack(join(folderFor(t), 'run.arrow'), file);
  const whole = await readBack(join(folderFor(t), 'whole.arrow'), bytes);
  assert.deepEqual(read.rows, whole.rows);
  assert.ok(read.rows.some((row) => row.includes('"late"')));
  assert.deepEqual([...read.labels.versions], ['v1', 'v2', 'late']);
});

test('a server that invents labels: order and rows are kept, and the file stays in proportion', async (t) => {
  const run = new MadeUpRun(4, { v1: 1 });
  const encoder = new ArrowEncoder();
  const pieces = [Buffer.from(encoder.begin(run.header))];
  const blocks = Array.from({ length: 30 }, (_, i) => {
    const fresh = Array.from({ length: 100 }, (_, k) => `v${i}-${k}-${'x'.repeat(80)}`);
    const block = run.block(200, i % 3 === 2 ? run.labels.versions.slice(-50) : fresh, ['pod']);
    pieces.push(Buffer.from(encoder.rows(block)));
    return block;
  });
  pieces.push(Buffer.from(encoder.end(endOf(blocks))));
  const read = await readBack(join(folderFor(t), 'run.arrow'), Buffer.concat(pieces));
  assert.deepEqual(
    read.rows,
    blocks.flatMap((block) => rowsOf(block, run.labels)),
  );
  assert.ok(run.labels.versions.length > 1000, String(run.labels.versions.length));
  assert.deepEqual([...read.labels.versions], run.labels.versions);
  // 200 rows and at most 100 labels of 90 bytes: a batch stays under 40 kB however many labels the run has.
  for (const piece of pieces.slice(1, -1)) assert.ok(piece.length < 40_000, String(piece.length));
});

test('the plan comes back without its secrets', async (t) => {
  const run = new MadeUpRun(5);
  const secret = 'tok-9f8e7d';
  const plan = {
    ...run.header.plan,
    target: {
      ...run.header.plan.target,
      url: `http://127.0.0.1:8080/p?access_token=${secret}&page=2`,
      path: `/p?access_token=${secret}&page=2`,
      headers: [
        ['Authorization', `Bearer ${secret}`],
        ['aPIkEY', secret],
        ['x-env', 'canary'],
      ] as const,
      body: Buffer.from(`{"key": "${secret}"}`),
      tls: { verify: false, ca: `CA ${secret}`, cert: `CERT ${secret}`, key: `KEY ${secret}` },
    },
    // Another version may know other codes.
    notes: [{ code: 'of-another-version' as NoteCode, text: 'said before' }],
  };
  const file = join(folderFor(t), 'run.arrow');
  const bytes = Buffer.concat(encoded({ ...run.header, plan }, [], endOf([])));
  assert.ok(!bytes.includes(secret));
  assert.ok(!bytes.includes(Buffer.from(secret).toString('base64')));
  assert.match(bytes.toString('latin1'), /"bodyBytes":21,"bodySha256":"[0-9a-f]{64}"/);
  await readBack(file, bytes);
  const saved = await openSavedRun(file);
  assert.equal(saved.startedAtUs, run.header.startedAtUs);
  assert.deepEqual(saved.plan, {
    ...plan,
    target: {
      ...plan.target,
      url: 'http://127.0.0.1:8080/p?access_token=(secret)&page=2',
      path: '/p?access_token=(secret)&page=2',
      headers: [
        ['Authorization', '(secret)'],
        ['aPIkEY', '(secret)'],
        ['x-env', 'canary'],
      ],
      body: null,
      tls: { verify: false, ca: null, cert: null, key: null },
    },
  });
  for await (const _ of saved.blocks()) assert.fail('no samples were written');
});
