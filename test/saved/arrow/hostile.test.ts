/** Files that lie to make the reader work without end: refused, or read in time that grows with their bytes only. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { UserError } from '../../../src/errors.js';
import { META } from '../../../src/saved/format/columns.js';
import { planToJson } from '../../../src/saved/format/plan-json.js';
import {
  dictionaryMessage,
  END_OF_STREAM,
  fieldPart,
  pair,
  rowsMessage,
  schemaMessage,
  text,
  usualDictionaries,
} from '../../support/arrow-stream.js';
import { cpuMs } from '../../support/linear-time.js';
import { planFor } from '../../support/plan.js';
import { folderFor, readBack } from '../../support/saved.js';

const PLAN = planToJson(planFor('http://203.0.113.7:8080/', { expect: { v1: 90, v2: 10 } }));
/** Each of these files took the reader minutes once, and takes it a part of this now. */
const MAX_CPU_MS = 5000;
const MIB = 1 << 20;

const refused = (message: RegExp) => (error: unknown) => {
  assert.ok(error instanceof UserError, (error as Error).stack);
  assert.match(error.message, message);
  return true;
};

test('any number of entries may point at one long text: it is not decoded for each', async (t) => {
  const file = join(folderFor(t), 'shared.arrow');
  const long = text('x'.repeat(4 * MIB));
  const many = <T>(n: number, make: () => T) => Array.from({ length: n }, make);
  const cases: [Buffer, RegExp][] = [
    [schemaMessage(PLAN, { meta: many(25_000, () => pair('k', long)) }), /more than 256 entries of metadata/],
    [
      schemaMessage(PLAN, { meta: many(200, () => pair(long, 'v')) }),
      /text of 4194304 bytes, where at most 256/,
    ],
    [schemaMessage(PLAN, { fields: many(2900, () => fieldPart(long, 'float64')) }), /at most 1024 are read/],
    [
      schemaMessage(PLAN, { meta: many(200, () => pair(META.plan, long)) }),
      /has metadata weighbridge\.plan twice/,
    ],
  ];
  const took = await cpuMs(async () => {
    for (const [bytes, message] of cases) await assert.rejects(readBack(file, bytes), refused(message));
    // Values that are not ours are not read at all.
    const foreign = schemaMessage(PLAN, { meta: many(250, () => pair('k', long)) });
    assert.deepEqual((await readBack(file, foreign)).rows, []);
  });
  assert.ok(took < MAX_CPU_MS, `${took} ms`);
});

test('a dictionary that grows by deltas is read in linear time, and the rows find its entries', async (t) => {
  const file = join(folderFor(t), 'deltas.arrow');
  const pieces = [schemaMessage(PLAN), ...usualDictionaries()];
  for (let i = 1; i <= 2000; i++) {
    pieces.push(
      dictionaryMessage(
        'version',
        Array.from({ length: 50 }, (_, j) => `d${i}-${j}`),
        true,
      ),
    );
    pieces.push(rowsMessage(1, { end_us: 1, version: (i - 1) * 50 + 1 }));
  }
  const bytes = Buffer.concat([...pieces, END_OF_STREAM]);
  const took = await cpuMs(async () => {
    const { rows, labels } = await readBack(file, bytes);
    assert.equal(rows.length, 2000);
    // Entry 0 is of the dictionary before the deltas.
    assert.match(rows[0] as string, / "d1-0" /);
    assert.match(rows[19] as string, / "d20-0" /);
    assert.match(rows[1999] as string, / "\(other\)" /);
    assert.equal(labels.versions.length, 4096);
  });
  assert.ok(took < MAX_CPU_MS, `${took} ms`);
});

test('a dictionary without end is refused, at once or in deltas', async (t) => {
  const file = join(folderFor(t), 'endless.arrow');
  const large = Array.from({ length: 64 }, () => 'x'.repeat(MIB / 8));
  const none = Array.from({ length: MIB / 2 }, () => '');
  const pieces: Buffer[][] = [
    [dictionaryMessage('version', [...large, 'x'])],
    [dictionaryMessage('version', [...none, ...none, ''])],
    [dictionaryMessage('version', large), dictionaryMessage('version', ['x'], true)],
    [...[1, 2, 3].map(() => dictionaryMessage('version', none, true))],
  ];
  for (const messages of pieces) {
    const bytes = Buffer.concat([schemaMessage(PLAN), ...messages, END_OF_STREAM]);
    await assert.rejects(
      readBack(file, bytes),
      refused(/damaged .*: a dictionary of more than 1048576 entries/),
    );
  }
});
