import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileRe2 } from '../../src/plan/re2.js';
import { REDOS } from '../support/redos.js';

/** As long as a body that is kept. */
const LENGTH = 65_536;
/** A search that takes less is not slow, whatever its time at half the length was. */
const FAST_MS = 200;
/** Twice the text takes twice the time; quadratic time would be four times. */
const MOST_GROWTH = 3;

/** The shortest of three times: other processes only make it longer. */
function timeMs(work: () => void): number {
  const times = [1, 2, 3].map(() => {
    const start = performance.now();
    work();
    return performance.now() - start;
  });
  return Math.min(...times);
}

test('at least thirty expressions are tried', () => {
  assert.ok(new Set(REDOS.map(({ pattern }) => pattern)).size >= 30);
});

for (const [index, { pattern, text }] of REDOS.entries()) {
  test(`${pattern} takes linear time on text ${index}`, () => {
    const compiled = compileRe2(pattern);
    for (const match of [
      (length: number) => compiled.exec(text(length)),
      (length: number) => compiled.testExact(text(length)),
    ]) {
      const whole = timeMs(() => match(LENGTH));
      if (whole < FAST_MS) continue;
      const half = timeMs(() => match(LENGTH / 2));
      assert.ok(whole < MOST_GROWTH * half, `${half} ms for half the text, ${whole} ms for all of it`);
    }
  });
}
