import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CheckInput } from '../../src/analysis/checks/check-input.js';
import { latencyNotes } from '../../src/analysis/checks/latency.js';
import { comparisons } from '../../src/analysis/comparisons.js';
import { LogHistogram, THREE_DIGITS } from '../../src/log-histogram.js';
import { DEFAULT_JUDGE } from '../../src/plan/judge.js';
import { answers, resultOf } from '../support/results.js';

/** Versions whose answers took 1 to n ms times a factor, and of which the first `errors` are errors. */
function input(
  versions: readonly {
    readonly share: number | null;
    readonly n: number;
    readonly times?: number;
    readonly errors?: number;
  }[],
): CheckInput {
  return {
    judge: DEFAULT_JUDGE,
    versions: versions.map(({ share, n, times = 1, errors = 0 }, i) => {
      const latency = new LogHistogram(THREE_DIGITS);
      for (let value = 1; value <= n; value++) latency.record(Math.round((value * 1000 * times) / n));
      const counts = { requests: n, errors, kinds: {} };
      return { version: `v${i + 1}`, expectedShare: share, requests: n, errors: counts, latency };
    }),
  } as unknown as CheckInput;
}

test('each version is compared with that of most weight, in its latency and errors', () => {
  const [v1, v3, ...none] = comparisons(
    input([
      { share: 0.1, n: 1000, times: 2, errors: 100 },
      { share: 0.9, n: 1000 },
      { share: null, n: 2 },
    ]),
  );
  assert.deepEqual(none, []);
  assert.deepEqual([v1?.version, v1?.baseline, v1?.intervalConfidence], ['v1', 'v2', 0.9]);
  assert.ok(Math.abs((v1?.slower?.value ?? 0) - 0.75) < 0.002, 'x above y, of 0 to 2 and 0 to 1');
  assert.ok(Math.abs((v1?.latencyUs['50']?.value ?? 0) - 500) < 3);
  assert.ok(Math.abs((v1?.latencyUs['99']?.value ?? 0) - 990) < 3);
  assert.equal(v1?.errorPoints?.value, 10);
  const [low = 0, high = 0] = v1?.latencyUs['90']?.interval ?? [];
  assert.ok(low < 900 && 900 < high && low > 850 && high < 950);
  assert.equal(v3?.latencyUs['50'], null, 'two answers');
  assert.notEqual(v3?.slower, null);
});

test('a version without answers has nothing to compare; without any version there is no comparison', () => {
  const [silent] = comparisons(
    input([
      { share: 0.9, n: 10 },
      { share: 0.1, n: 0 },
    ]),
  );
  assert.deepEqual(
    [silent?.slower, silent?.errorPoints, silent?.latencyUs],
    [null, null, { 50: null, 90: null, 99: null }],
  );
  assert.deepEqual(comparisons(input([])), []);
  assert.deepEqual(comparisons(input([{ share: 1, n: 10 }])), []);
  const cut = resultOf(answers(100, { v1: 0.5, v2: 0.5 }), null);
  assert.equal(cut.comparisons.length, 1);
});

test('a note on latency names the percentiles that are compared', () => {
  const slow = input([
    { share: 0.9, n: 1000 },
    { share: 0.1, n: 1000, times: 3 },
  ]);
  const [note] = latencyNotes(slow);
  assert.match(note?.text ?? '', /^Latency of v2 against v1: p50 is 3 × \(1\.50 ms, not 5\d\d µs\)/);
  assert.ok((comparisons(slow)[0]?.latencyUs['50']?.interval[0] ?? 0) > 0);
});
