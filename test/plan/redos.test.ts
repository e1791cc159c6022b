import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileBodySearch } from '../../src/plan/labels/body-search.js';
import { compileRe2 } from '../../src/plan/re2.js';
import { REDOS } from '../support/redos.js';

/** As long as a body that is kept. */
const LENGTH = 65_536;
/** CPU of a search that is not slow, whatever it was at half the length. Backtracking takes seconds to ages. */
const FAST_MS = 500;
/** Twice the text takes twice the time; quadratic time would be four times. */
const MOST_GROWTH = 3;
/** Other processes make single measurements longer, never shorter: the shortest ones are compared. */
const ROUNDS = 15;

function cpuMs(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

function assertLinear(search: (text: string) => void, text: (length: number) => string): void {
  const [half, whole] = [text(LENGTH / 2), text(LENGTH)];
  let [halfMs, wholeMs] = [Infinity, Infinity];
  for (let round = 0; round < ROUNDS; round += 1) {
    wholeMs = Math.min(
      wholeMs,
      cpuMs(() => search(whole)),
    );
    if (wholeMs < FAST_MS) return;
    halfMs = Math.min(
      halfMs,
      cpuMs(() => search(half)),
    );
    if (wholeMs < MOST_GROWTH * halfMs && round > 0) return;
  }
  assert.fail(`${halfMs} ms for half the text, ${wholeMs} ms for all of it`);
}

test('at least thirty expressions are tried', () => {
  assert.ok(new Set(REDOS.map(({ pattern }) => pattern)).size >= 30);
});

for (const [index, { pattern, text }] of REDOS.entries()) {
  test(`${pattern} takes linear time on text ${index}`, () => {
    const inBody = compileBodySearch(pattern, '').regex;
    const whole = compileRe2(pattern);
    assertLinear((body) => inBody.exec(body), text);
    assertLinear((value) => whole.testExact(value), text);
  });
}
