/** Files that were cut, damaged, or never were a saved run: whole batches, or an error for people. */
import assert from 'node:assert/strict';
import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  Field,
  Float64,
  makeData,
  RecordBatch,
  RecordBatchStreamWriter,
  Schema,
  Struct,
  tableFromArrays,
  tableFromIPC,
  tableToIPC,
  Utf8,
} from 'apache-arrow';
import fc from 'fast-check';
import { foldFor } from '../../../src/analysis/fold-for.js';
import { UserError } from '../../../src/errors.js';
import { openSavedRun } from '../../../src/saved/arrow/reader.js';
import { encoded, endOf, folderFor, MadeUpRun, readBack, rowsOf } from '../../support/saved.js';

/** Two batches of a few rows, with dictionaries that grow, and the end. */
function smallFile(): { pieces: Buffer[]; rows: string[][] } {
  const run = new MadeUpRun(7);
  const blocks = [run.block(5, ['v1', 'v2'], ['pod-a', 'pod-b']), run.block(7, ['v2', 'v3'], ['pod-c'])];
  return {
    pieces: encoded(run.header, blocks, endOf(blocks)),
    rows: blocks.map((block) => rowsOf(block, run.labels)),
  };
}

const refused = (message: RegExp) => (error: unknown) => {
  assert.ok(error instanceof UserError, (error as Error).stack);
  assert.match(error.message, message);
  assert.equal(error.exitCode, 2);
  return true;
};

/** As far as the whole pieces of a file go. */
function expectedRows(pieces: readonly Buffer[], rows: readonly string[][], length: number): string[] {
  const whole: string[] = [];
  let reach = (pieces[0] as Buffer).length;
  rows.forEach((batch, i) => {
    reach += (pieces[i + 1] as Buffer).length;
    if (reach <= length) whole.push(...batch);
  });
  return whole;
}

test('cut at any byte, a file gives its whole batches', async (t) => {
  const file = join(folderFor(t), 'cut.arrow');
  const { pieces, rows } = smallFile();
  const bytes = Buffer.concat(pieces);
  const schemaBytes = (pieces[0] as Buffer).length;
  // The end of the run is known as soon as its batch is whole; eight bytes end the stream after it.
  const endBytes = bytes.length - 8;
  writeFileSync(file, bytes);
  // In the schema, where nothing is read, not at every byte.
  for (let length = bytes.length; length >= 0; length -= length > schemaBytes ? 1 : 7) {
    truncateSync(file, length);
    if (length < schemaBytes) {
      await assert.rejects(readBack(file), refused(/cut\.arrow ends before its first samples/));
      continue;
    }
    const read = await readBack(file);
    assert.deepEqual(read.rows, expectedRows(pieces, rows, length), `cut at ${length}`);
    assert.equal(read.end !== null, length >= endBytes, `cut at ${length}`);
  }
});

test('a longer file, cut at bytes chosen at random', async (t) => {
  const file = join(folderFor(t), 'cut.arrow');
  const run = new MadeUpRun(8);
  const blocks = [2048, 2048, 1, 900].map((rows, i) => run.block(rows, ['v1', `late-${i}`], [`pod-${i}`]));
  const pieces = encoded(run.header, blocks, endOf(blocks));
  const rows = blocks.map((block) => rowsOf(block, run.labels));
  const bytes = Buffer.concat(pieces);
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: (pieces[0] as Buffer).length, max: bytes.length }), async (length) => {
      const read = await readBack(file, bytes.subarray(0, length));
      assert.equal(read.rows.length, expectedRows(pieces, rows, length).length);
    }),
    { numRuns: 40, seed: 1 },
  );
});

test('bytes changed at random: figures or an error for people, and no more memory than the file has', async (t) => {
  const file = join(folderFor(t), 'damaged.arrow');
  const { pieces } = smallFile();
  const bytes = Buffer.concat(pieces);
  const before = process.memoryUsage().arrayBuffers;
  let errors = 0;
  const change = fc.record({
    at: fc.nat(bytes.length - 1),
    to: fc.oneof(fc.constantFrom(0, 1, 0x7f, 0x80, 0xff), fc.nat(255)),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
      const damaged = Buffer.from(bytes);
      for (const { at, to } of changes) damaged[at] = to;
      writeFileSync(file, damaged);
      try {
        const run = await openSavedRun(file);
        const { fold } = foldFor(run.plan, run.labels);
        for await (const block of run.blocks()) fold.add(block);
        fold.live();
      } catch (error) {
        assert.ok(error instanceof UserError, (error as Error).stack);
        assert.ok(error.message.startsWith(file), error.message);
        errors += 1;
      }
    }),
    { numRuns: 300, seed: 2 },
  );
  assert.ok(errors > 20, String(errors));
  const grown = process.memoryUsage().arrayBuffers - before;
  assert.ok(grown < 100 << 20, `${grown} bytes`);
});

test('a message that says it is enormous is not believed', async (t) => {
  const file = join(folderFor(t), 'huge.arrow');
  const { pieces } = smallFile();
  const [schema] = pieces as [Buffer];
  for (const length of [0x7fffffff, 0x40000000, -2]) {
    const prefix = Buffer.alloc(8, 0xff);
    prefix.writeInt32LE(length, 4);
    const read = readBack(file, Buffer.concat([schema, prefix, Buffer.alloc(64)]));
    if (length < 0) await assert.rejects(read, refused(/damaged before byte \d+/));
    // More than the file has: cut, as far as anybody can tell.
    else assert.deepEqual((await read).rows, []);
  }
});

test('what is no saved run is called by its name', async (t) => {
  const folder = folderFor(t);
  const file = join(folder, 'other');
  const cases: [Uint8Array, RegExp][] = [
    [Buffer.from('{"schemaVersion": 1}'), /other is not an Arrow stream\. A run as .*--save/],
    [Buffer.from('ARROW1\0\0 and so on'), /Feather.*ipc\.new_stream/],
    [Buffer.from('PAR1 and so on'), /Parquet/],
    [Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0]), /unpack it first/],
    [tableToIPC(tableFromArrays({ x: Float64Array.of(1) })), /has no metadata weighbridge\.schemaVersion/],
  ];
  for (const [bytes, message] of cases) await assert.rejects(readBack(file, bytes), refused(message));
  await assert.rejects(
    openSavedRun(join(folder, 'none.arrow')),
    refused(/none\.arrow cannot be read \(ENOENT\)/),
  );
  await assert.rejects(openSavedRun(folder), refused(/cannot be read \(EISDIR\)/));
});

test('two runs in one file are refused, and so are rows that were taken out', async (t) => {
  const file = join(folderFor(t), 'twice.arrow');
  const { pieces } = smallFile();
  await assert.rejects(
    readBack(file, Buffer.concat([...pieces, ...pieces])),
    refused(/goes on after the end of its run/),
  );
  const without = Buffer.concat(pieces.filter((_, i) => i !== 2));
  await assert.rejects(readBack(file, without), refused(/measured requests, but its end says \d+/));
});

/** A saved run whose schema another tool changed. */
function rewritten(
  bytes: Uint8Array,
  fields: (fields: Field[]) => Field[],
  meta?: Map<string, string>,
): Buffer {
  const table = tableFromIPC(bytes);
  const kept = fields(table.schema.fields);
  const schema = new Schema(kept, meta ?? table.schema.metadata);
  const batches = table.batches.map((batch) => {
    const { numRows: length } = batch;
    const children = kept.map(
      ({ name, type }) =>
        batch.getChild(name)?.data[0] ??
        (type instanceof Utf8
          ? makeData({
              type,
              length,
              nullCount: 0,
              valueOffsets: new Int32Array(length + 1),
              data: new Uint8Array(0),
            })
          : makeData({ type: new Float64(), length, nullCount: 0, data: new Float64Array(length) })),
    );
    return new RecordBatch(
      schema,
      makeData({ type: new Struct(kept), length, nullCount: 0, children: children as never }),
    );
  });
  return Buffer.from(RecordBatchStreamWriter.writeAll(batches).toUint8Array(true));
}

test('columns are found by name, whatever stands between them', async (t) => {
  const folder = folderFor(t);
  const file = join(folder, 'rewritten.arrow');
  const { pieces, rows } = smallFile();
  const bytes = Buffer.concat(pieces);
  const more = rewritten(bytes, (fields) => [
    new Field('remark', new Utf8()),
    ...[...fields].reverse(),
    new Field('x', new Float64()),
  ]);
  assert.deepEqual((await readBack(file, more)).rows, rows.flat());
  const renamed = (name: string, to: Field) => (fields: Field[]) =>
    fields.map((field) => (field.name === name ? to : field));
  await assert.rejects(
    readBack(
      file,
      rewritten(bytes, (fields) => fields.filter(({ name }) => name !== 'end_us')),
    ),
    refused(/rewritten\.arrow has no column end_us \(float64\)/),
  );
  await assert.rejects(
    readBack(file, rewritten(bytes, renamed('status', new Field('status', new Float64())))),
    refused(/has a column status that is not uint16/),
  );
  await assert.rejects(
    readBack(file, rewritten(bytes, renamed('version', new Field('version', new Utf8())))),
    refused(/has a column version that is not a dictionary of utf8/),
  );
});

test('metadata that is not as it was written is refused, naming what is wrong with it', async (t) => {
  const file = join(folderFor(t), 'meta.arrow');
  const bytes = Buffer.concat(smallFile().pieces);
  const { metadata } = tableFromIPC(bytes).schema;
  const plan = JSON.parse(metadata.get('weighbridge.plan') as string);
  const withMeta = (key: string, value: string) =>
    readBack(
      file,
      rewritten(bytes, (fields) => fields, new Map([...metadata, [key, value]])),
    );
  const withPlan = (changes: object) => withMeta('weighbridge.plan', JSON.stringify({ ...plan, ...changes }));
  assert.equal((await withPlan({})).rows.length, 12);
  await assert.rejects(withMeta('weighbridge.plan', '{'), refused(/weighbridge\.plan .*it is not JSON/));
  await assert.rejects(
    withPlan({ load: { ...plan.load, mode: 'fast' } }),
    refused(/plan\.load\.mode is not one of/),
  );
  await assert.rejects(
    withPlan({ judge: { ...plan.judge, confidence: 7 } }),
    refused(/plan\.judge\.confidence is not a number from/),
  );
  await assert.rejects(withPlan({ notes: 'none' }), refused(/plan\.notes is not a list/));
  await assert.rejects(withPlan({ target: null }), refused(/plan\.target is not an object/));
  await assert.rejects(
    withPlan({ target: { ...plan.target, headers: [['a', 1]] } }),
    refused(/plan\.target\.headers\[0\]\[1\] is not a string/),
  );
  await assert.rejects(
    withMeta('weighbridge.schemaVersion', '2'),
    refused(
      / was saved by a newer version of weighbridge, in format 2: this one reads format 1\. Analyze it with/,
    ),
  );
  await assert.rejects(
    withMeta('weighbridge.schemaVersion', '\u001b[2Jx'),
    refused(/schemaVersion '\\u\{1b\}\[2Jx', which no version of weighbridge writes\.$/),
  );
  await assert.rejects(
    withMeta('weighbridge.startedAt', 'yesterday'),
    refused(/startedAt that is not a time/),
  );
});

test('a name that a later version may have is named, once a row has it', async (t) => {
  const file = join(folderFor(t), 'later.arrow');
  const bytes = Buffer.concat(smallFile().pieces);
  // Of the same length, so that the file stays whole.
  const rename = (from: string, to: string) => {
    assert.ok(bytes.includes(from));
    return Buffer.from(bytes.toString('latin1').replaceAll(from, to), 'latin1');
  };
  await assert.rejects(
    readBack(file, rename('warmupmeasured', 'warmupreheated')),
    refused(/has a row with the phase 'reheated', which this version of weighbridge does not know/),
  );
  assert.equal((await readBack(file, rename('preflight', 'takingoff'))).rows.length, 12);
});
