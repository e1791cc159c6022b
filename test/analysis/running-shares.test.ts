import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answers, everyday, resultOf } from '../support/results.js';

const of = (result: ReturnType<typeof everyday>, version: string) =>
  result.runningShares.filter((row) => row.version === version);

test('the last running share is that of the result, and its interval holds it and is wider than the one that is judged', () => {
  const result = everyday();
  for (const { version, share, requests, shareInterval } of result.versions) {
    const rows = of(result, version);
    assert.ok(rows.length > 50, `${rows.length} rows`);
    const last = rows.at(-1);
    assert.equal(last?.share, share);
    assert.equal(last?.requests, requests);
    for (const { share: at, shareInterval: interval } of rows) {
      assert.ok(interval !== null && interval[0] <= at && at <= interval[1], `${at} ${interval}`);
    }
    const [low = 1, high = 0] = last?.shareInterval ?? [];
    assert.ok(low < (shareInterval?.[0] ?? 0) && high > (shareInterval?.[1] ?? 1), `${low} ${high}`);
  }
});

test('rows rise by time, and responses only grow', () => {
  const rows = of(everyday(), 'backend-v2');
  for (const [i, row] of rows.entries()) {
    assert.ok(row.endMs > (rows[i - 1]?.endMs ?? 0));
    assert.ok(row.requests >= (rows[i - 1]?.requests ?? 0));
  }
});

test('requests whose version is not known widen the interval on both sides', () => {
  const known = resultOf(answers(2_000, { v1: 0.5, v2: 0.5 }), { v1: 50, v2: 50 });
  const lost = resultOf(
    [
      ...answers(2_000, { v1: 0.5, v2: 0.5 }),
      ...Array.from({ length: 200 }, () => ({ outcome: 'timeout', status: 0, endUs: 9e6 }) as const),
    ],
    { v1: 50, v2: 50 },
  );
  const [a, b] = [known, lost].map((result) => of(result, 'v1').at(-1)?.shareInterval ?? [1, 0]);
  assert.ok((b?.[0] ?? 1) < (a?.[0] ?? 0) - 0.02 && (b?.[1] ?? 0) > (a?.[1] ?? 1) + 0.02, `${a} ${b}`);
});

test('none where nothing was expected', () => {
  assert.deepEqual(everyday(null).runningShares, []);
});

test('where connections are the draws, shares have no interval', () => {
  const rows = answers(4_000, { v1: 0.5, v2: 0.5 }).map((row, i) => ({
    ...row,
    connection: 1 + (i % 40),
    version: (i % 40) % 2 === 0 ? 'v1' : 'v2',
  }));
  const result = resultOf(rows, { v1: 50, v2: 50 });
  assert.equal(result.split?.unit, 'connection');
  assert.ok(result.runningShares.length > 0);
  assert.ok(result.runningShares.every(({ shareInterval }) => shareInterval === null));
});
