import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { ByteSource } from '../../src/io/byte-source.js';
import { MAX_LINE_BYTES, readLines } from '../../src/io/lines.js';
import { seededRandom } from '../support/blocks.js';
import { folderFor } from '../support/saved.js';

async function read(
  t: TestContext,
  text: string,
): Promise<{ lines: string[]; numbers: number[]; ended: boolean }> {
  const file = join(folderFor(t), 'lines');
  writeFileSync(file, text);
  const source = await ByteSource.open(file);
  const lines: string[] = [];
  const numbers: number[] = [];
  let ended = true;
  try {
    for await (const some of readLines(source)) {
      for (const line of some) {
        assert.ok(ended, 'only the last line may have no end');
        lines.push(line.bytes.toString('latin1'));
        numbers.push(line.number);
        ended = line.ended;
      }
    }
  } finally {
    await source.close();
  }
  return { lines, numbers, ended };
}

test('lines of every length, over the borders of what is read at once', async (t) => {
  const random = seededRandom(9);
  const lengths = [0, 0, 1, 1_048_575, 1_048_576, 1_048_577, 3_000_000, 5, 2_097_150, 0];
  const lines = [...lengths, ...Array.from({ length: 3000 }, () => Math.floor(random() ** 4 * 4000))].map(
    (length, i) => String.fromCharCode(97 + (i % 26)).repeat(length),
  );
  const found = await read(t, lines.map((line) => `${line}\n`).join(''));
  assert.deepEqual(found.lines, lines);
  assert.deepEqual(
    found.numbers,
    lines.map((_, i) => i + 1),
  );
  assert.equal(found.ended, true);
});

test('a last line without an end, and no line at all', async (t) => {
  assert.deepEqual(await read(t, 'a\nb'), { lines: ['a', 'b'], numbers: [1, 2], ended: false });
  assert.deepEqual(await read(t, ''), { lines: [], numbers: [], ended: true });
  assert.deepEqual(await read(t, '\n'), { lines: [''], numbers: [1], ended: true });
});

test('a line without an end does not fill the memory', async (t) => {
  await assert.rejects(
    read(t, `ok\n${'x'.repeat(MAX_LINE_BYTES + 1)}`),
    /lines: line 2 is longer than 16 MiB/,
  );
});
