import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { LiveCounts } from '../../src/analysis/live-counts.js';
import { ProgressLine } from '../../src/cli/progress-line.js';

const live = (): LiveCounts => ({
  attributed: 1000,
  unattributed: 0,
  failed: 0,
  cutOff: 0,
  before: 0,
  versions: [
    {
      version: 'a-version-with-a-long-name',
      requests: 1000,
      expectedShare: null,
      errorRate: 0,
      p99Us: 12_000,
    },
  ],
});

/** A progress line on a stream that keeps what is written, with a clock of its own. */
function drawnOn(t: TestContext, isTTY: boolean, columns?: number, plain = false) {
  let nowMs = 0;
  t.mock.method(performance, 'now', () => nowMs);
  const written: string[] = [];
  const stream = { isTTY, columns, write: (text: string) => written.push(text) };
  const progress = new ProgressLine(stream as unknown as NodeJS.WriteStream, plain);
  progress.begin({ requests: null, durationMs: 10_000 });
  return {
    written,
    progress,
    updateAt: (ms: number) => {
      nowMs = ms;
      progress.update(live);
    },
  };
}

test('on a terminal one line is drawn over, at most four times a second, and taken off at the end', (t) => {
  const { written, progress, updateAt } = drawnOn(t, true, 40);
  updateAt(100);
  assert.equal(written.length, 0);
  updateAt(300);
  updateAt(400);
  updateAt(600);
  assert.equal(written.length, 2);
  for (const text of written) {
    assert.match(text, /^\r[^\r\n]+\u001b\[K$/);
    // A full line would wrap, and could not be drawn over.
    assert.ok(text.length - '\r\u001b[K'.length < 40, text);
  }
  progress.end();
  assert.equal(written.at(-1), '\r\u001b[K');
  progress.end();
  assert.equal(written.length, 3);
});

test('a terminal that does not know its width gets a whole line too', (t) => {
  const { written, updateAt } = drawnOn(t, true, 0);
  updateAt(300);
  assert.match(written[0] ?? '', /a-long-name 100\.0 % err 0 % p99 12\.0 ms · .* left/);
});

for (const [where, isTTY] of [
  ['in a pipe', false],
  ['on a terminal where no control characters are wanted', true],
] as const) {
  test(`${where} there is a plain line now and then`, (t) => {
    const { written, progress, updateAt } = drawnOn(t, isTTY, 80, true);
    updateAt(4000);
    updateAt(5100);
    updateAt(6000);
    progress.end();
    assert.equal(written.length, 1);
    assert.match(written[0] ?? '', /^[^\r\u001b]+ left\n$/);
  });
}
