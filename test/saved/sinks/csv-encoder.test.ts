/** `--samples`: a row per request, fit for spreadsheets. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ORIGIN, PHASE, SampleBlock } from '../../../src/blocks/sample-block.js';
import { CsvEncoder } from '../../../src/saved/sinks/csv-encoder.js';
import { COLUMN_NAMES, MadeUpRun } from '../../support/saved.js';

function linesOf(...pieces: Uint8Array[]): string[] {
  const text = Buffer.concat(pieces).toString();
  assert.ok(text.endsWith('\n'));
  return text.slice(0, -1).split('\n');
}

test('a line per row, in the columns of a saved run; empty where there was nothing', () => {
  const run = new MadeUpRun();
  run.labels.endpoints.push('pod-a');
  run.labels.addresses.push('203.0.113.7:80');
  const block = new SampleBlock();
  block.length = 2;
  block.dueUs.set([1000.1239999, 2000]);
  block.sendUs.set([1001, Number.NaN]);
  block.firstByteUs.set([1500.5, Number.NaN]);
  block.endUs.set([123456789012.25, 3000]);
  block.status.set([200, 0]);
  block.version.set([1, 0xffff]);
  block.endpoint.set([0, 0xffff]);
  block.address.set([0, 0xffff]);
  block.outcome.set([0, 15]);
  block.origin.set([ORIGIN.backend, ORIGIN.unknown]);
  block.phase.set([PHASE.measured, PHASE.warmup]);
  block.connection.set([7, 8]);
  block.worker.set([1, 0]);
  block.sequence.set([41, 42]);
  block.bytes.set([4_000_000_000, 0]);
  const encoder = new CsvEncoder();
  const lines = linesOf(encoder.begin(run.header), encoder.rows(block), encoder.end());
  assert.deepEqual(lines, [
    COLUMN_NAMES.join(','),
    '1000.124,1001,1500.5,123456789012.25,200,v2,pod-a,ok,backend,203.0.113.7:80,measured,7,1,41,4000000000',
    '2000,,,3000,0,,,refused,,,warmup,8,0,42,0',
  ]);
});

test('of pre-flight and --settle only the number is known: no times, no outcome', () => {
  const run = new MadeUpRun();
  const block = run.block(2, []);
  block.phase.set([PHASE.preflight, PHASE.settle]);
  const encoder = new CsvEncoder();
  assert.deepEqual(linesOf(encoder.begin(run.header), encoder.rows(block)).slice(1), [
    ',,,,0,,,,,,preflight,0,0,0,0',
    ',,,,0,,,,,,settle,0,0,0,0',
  ]);
});

test('hostile labels neither break lines nor begin formulas', () => {
  const run = new MadeUpRun();
  const hostile = ['=cmd()', 'a,"b"', 'line\nbreak', '\u001b[31mred', '-1+2', "'quoted", '<script>'];
  const block = run.block(400, hostile);
  const encoder = new CsvEncoder();
  const lines = linesOf(encoder.begin(run.header), encoder.rows(block));
  assert.equal(lines.length, 401);
  const cells = new Set(
    lines.slice(1).map((line) => /^(?:[^,]*,){5}("(?:[^"]|"")*"|[^,]*),/.exec(line)?.[1] ?? ''),
  );
  assert.deepEqual(
    cells,
    new Set(['', "'=cmd()", '"a,""b"""', 'line break', 'red', "'-1+2", "'quoted", '<script>']),
  );
});

test('labels that come later are found', () => {
  const run = new MadeUpRun(3, {});
  const encoder = new CsvEncoder();
  encoder.begin(run.header);
  assert.doesNotMatch(Buffer.from(encoder.rows(run.block(50, ['first']))).toString(), /late/);
  assert.match(Buffer.from(encoder.rows(run.block(50, ['first', 'late']))).toString(), /,late,/);
});
