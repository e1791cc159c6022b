/** The columns with the values that requests had, in Arrow and in CSV. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { tableFromIPC } from 'apache-arrow';
import { uuidOf } from '../../../src/plan/values/fill.js';
import { CsvEncoder } from '../../../src/saved/sinks/csv-encoder.js';
import { valueColumns } from '../../../src/saved/sinks/value-columns.js';
import { planFor } from '../../support/plan.js';
import { encoded, endOf, folderFor, MadeUpRun, readBack, rowsOf } from '../../support/saved.js';

const URL = 'http://203.0.113.7:8080/{{uuid}}?a={{connection}}&b={{rand 1 2}}';
const LOAD = { seed: 11, threads: 3, connections: 8 };

function runWith(headers: readonly string[], url = URL) {
  const run = new MadeUpRun();
  return { run, header: { ...run.header, plan: planFor(url, { flags: { headers }, load: LOAD }) } };
}

test('a saved run has the UUIDs, numbers and connections that were sent, and is read as any other', async (t) => {
  const { run, header } = runWith(['X-Seq: {{seq}}']);
  const blocks = [run.block(100, ['v1']), run.block(70, ['v1', 'v2'])];
  const bytes = Buffer.concat(encoded(header, blocks, endOf(blocks)));
  const table = tableFromIPC(bytes);
  const types = table.schema.fields.slice(15).map(({ name, type }) => `${name} ${type}`);
  assert.deepEqual(types, ['request_uuid Utf8', 'request_seq Uint64', 'request_connection Uint64']);
  const encoder = new CsvEncoder();
  const csv = Buffer.concat([encoder.begin(header), ...blocks.map((block) => encoder.rows(block))])
    .toString()
    .split('\n')
    .map((line) => line.split(',').slice(15));
  assert.deepEqual(csv[0], ['request_uuid', 'request_seq', 'request_connection']);
  let unsent = 0;
  const rows = blocks.flatMap((block) => rowsOf(block, run.labels));
  blocks
    .flatMap((block) => Array.from({ length: block.length }, (_, row) => ({ block, row })))
    .forEach(({ block, row }, i) => {
      const [worker, sequence, connection] = [block.worker, block.sequence, block.connection].map(
        (column) => column[row] as number,
      ) as [number, number, number];
      const sent = !Number.isNaN(block.sendUs[row]);
      if (!sent) unsent += 1;
      const numbers = { seed: LOAD.seed, worker, workers: LOAD.threads };
      const expected = sent
        ? [uuidOf(numbers, sequence), `${sequence * 3 + worker}`, `${(connection - 1) * 3 + worker}`]
        : ['', '', ''];
      const one = table.get(i);
      const names = ['request_uuid', 'request_seq', 'request_connection'] as const;
      assert.deepEqual(
        names.map((name) => String(one?.[name] ?? '')),
        expected,
      );
      assert.deepEqual(csv[i + 1], expected);
    });
  assert.ok(unsent > 0 && unsent < rows.length);
  const read = await readBack(join(folderFor(t), 'run.arrow'), bytes);
  assert.deepEqual(read.rows, rows);
});

test('only the values that requests have are columns, and text in braces is no value', () => {
  const names = (url: string, values = true) =>
    valueColumns(planFor(url, { flags: { values } })).map(({ name }) => name);
  assert.deepEqual(names('http://203.0.113.7/'), []);
  assert.deepEqual(names('http://203.0.113.7/{{rand 1 2}}'), []);
  assert.deepEqual(names('http://203.0.113.7/?{{seq}}'), ['request_seq']);
  assert.deepEqual(names('http://203.0.113.7/?{{seq}}', false), []);
});
