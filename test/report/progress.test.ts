import assert from 'node:assert/strict';
import { test } from 'node:test';
import stringWidth from 'string-width';
import type { LiveCounts } from '../../src/analysis/run-fold.js';
import { type ProgressPoint, progressLine } from '../../src/report/progress.js';

function point(
  elapsedMs: number,
  versions: Record<string, number>,
  changes: Partial<LiveCounts> = {},
): ProgressPoint {
  const counts = Object.entries(versions).map(([version, requests]) => ({ version, requests }));
  const attributed = counts.reduce((sum, { requests }) => sum + requests, 0);
  return {
    elapsedMs,
    live: { attributed, unattributed: 0, failed: 0, cutOff: 0, before: 0, versions: counts, ...changes },
  };
}

const byTime = { requests: null, durationMs: 10_000 };

test('says how fast, which versions and how long it still takes', () => {
  const now = point(3200, { 'backend-v1': 5760, 'backend-v2': 634 }, { failed: 2, unattributed: 4 });
  assert.equal(
    progressLine(now, null, byTime, 120),
    '3.2 s · 2,000/s · backend-v1 5,760 · backend-v2 634 · version unknown 4 · 2 failed · 6.8 s left',
  );
});

test('the rate is that since the moment before, so that a stall is seen', () => {
  const before = point(3000, { v1: 6000 });
  assert.match(
    progressLine(point(4000, { v1: 6000 }), before, byTime, 80),
    /^4\.0 s · 0\/s · v1 6,000 · 6\.0 s left$/,
  );
  assert.match(progressLine(point(4000, { v1: 6500 }), before, byTime, 80), / 500\/s /);
});

test('the time left is the shorter of both goals, and is not said when nothing is known', () => {
  const now = point(2000, { v1: 4000 });
  assert.match(progressLine(now, null, { requests: 10_000, durationMs: null }, 80), / 3\.0 s left$/);
  assert.match(progressLine(now, null, { requests: 10_000, durationMs: 2500 }, 80), / 500 ms left$/);
  assert.doesNotMatch(progressLine(point(0, {}), null, { requests: 10, durationMs: null }, 80), /left/);
  assert.match(progressLine(point(11_000, { v1: 1 }), null, byTime, 80), / 0 ms left$/);
});

test('fits the terminal, whatever the labels', () => {
  const versions = Object.fromEntries(
    Array.from({ length: 30 }, (_, i) => [`\u001b[2J版本-backend-${i}`, i]),
  );
  for (const columns of [20, 40, 60, 80, 200]) {
    const line = progressLine(point(1000, versions), null, byTime, columns);
    assert.ok(stringWidth(line) <= columns, line);
    assert.match(line, / 9\.0 s left$/);
    assert.doesNotMatch(line, /\u001b/);
  }
  assert.match(progressLine(point(1000, versions), null, byTime, 200), /26 more versions/);
});
