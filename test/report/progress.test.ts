import assert from 'node:assert/strict';
import { test } from 'node:test';
import stringWidth from 'string-width';
import type { LiveCounts, LiveVersion } from '../../src/analysis/live-counts.js';
import { type ProgressPoint, progressLine } from '../../src/report/progress.js';

function point(
  elapsedMs: number,
  versions: Record<string, number>,
  changes: Partial<LiveCounts> = {},
  figures: Partial<LiveVersion> = {},
): ProgressPoint {
  const counts = Object.entries(versions).map(([version, requests]) => ({
    version,
    requests,
    expectedShare: null,
    errorRate: 0,
    p99Us: null,
    ...figures,
  }));
  const attributed = counts.reduce((sum, { requests }) => sum + requests, 0);
  return {
    elapsedMs,
    live: { attributed, unattributed: 0, failed: 0, cutOff: 0, before: 0, versions: counts, ...changes },
  };
}

const byTime = { requests: null, durationMs: 10_000 };

/** Three seconds of a canary. */
function canary(changes: Partial<LiveVersion> = {}): ProgressPoint {
  const now = point(3000, { 'backend-v1': 3244, 'backend-v2': 368 }, {}, { errorRate: 0, p99Us: 11_980 });
  const [v1, v2] = now.live.versions as [LiveVersion, LiveVersion];
  v1.expectedShare = 0.9;
  Object.assign(v2, { expectedShare: 0.1, ...changes });
  return now;
}

test('each version with its share, the expected one, error rate and p99; what matters least goes first', () => {
  const at = (columns: number, now = canary()) => progressLine(now, null, byTime, columns);
  assert.equal(
    at(120),
    '3 s · 1,204/s · v1 89.8 % (90) err 0 % p99 12.0 ms · v2 10.2 % (10) err 0 % p99 12.0 ms · 7 s left',
  );
  assert.equal(at(79), '3 s · 1,204/s · v1 89.8 % (90) · v2 10.2 % (10) err 0 % p99 12.0 ms · 7 s left');
  assert.equal(at(59), 'v1 89.8% (90) · v2 10.2% (10) err 0% p99 12.0ms · 7 s left');
  assert.equal(at(45), 'v1 89.8% (90) · v2 10.2% (10) · 7 s left');
  assert.equal(at(35), 'v1 89.8% · v2 10.2% · 7 s left');
});

test('errors stay when there is little room', () => {
  const failing = canary({ errorRate: 0.025 });
  assert.equal(progressLine(failing, null, byTime, 54), 'v1 89.8% (90) · v2 10.2% (10) err 2.5% · 7 s left');
});

test('says how fast, which versions and how long it still takes', () => {
  const now = point(3200, { 'backend-v1': 5760, 'backend-v2': 634 }, { failed: 2, unattributed: 4 });
  assert.equal(
    progressLine(now, null, byTime, 120),
    '3 s · 2,000/s · v1 90.1 % err 0 % · v2 9.9 % err 0 % · version unknown 4 · 2 failed · 7 s left',
  );
  const nothing = point(0, { v1: 0 }, {}, { errorRate: null, expectedShare: 1 });
  assert.equal(progressLine(nothing, null, byTime, 80), '0 s · 0/s · v1 - % (100) · 10 s left');
});

test('the rate is that since the moment before, so that a stall is seen', () => {
  const before = point(3000, { v1: 6000 });
  assert.match(
    progressLine(point(4000, { v1: 6000 }), before, byTime, 80),
    /^4 s · 0\/s · v1 100\.0 % err 0 % · 6 s left$/,
  );
  assert.match(progressLine(point(4000, { v1: 6500 }), before, byTime, 80), / 500\/s /);
});

test('the time left is the shorter of both goals, and is not said when nothing is known', () => {
  const now = point(2000, { v1: 4000 });
  assert.match(progressLine(now, null, { requests: 10_000, durationMs: null }, 80), / 3 s left$/);
  assert.match(progressLine(now, null, { requests: 10_000, durationMs: 3100 }, 80), / 1 s left$/);
  assert.match(progressLine(now, null, { requests: null, durationMs: 127_000 }, 80), / 2m05s left$/);
  assert.doesNotMatch(progressLine(point(0, {}), null, { requests: 10, durationMs: null }, 80), /left/);
  assert.match(progressLine(point(11_000, { v1: 1 }), null, byTime, 80), / 0 s left$/);
});

test('fits the terminal, whatever the labels', () => {
  const versions = Object.fromEntries(
    Array.from({ length: 30 }, (_, i) => [`\u001b[2J版本-backend-${i}`, i]),
  );
  for (const columns of [20, 40, 60, 80, 200]) {
    const line = progressLine(point(1000, versions), null, byTime, columns);
    assert.ok(stringWidth(line) <= columns, line);
    assert.match(line, / 9 s left$/);
    assert.doesNotMatch(line, /\u001b/);
  }
  assert.match(progressLine(point(1000, versions), null, byTime, 200), /26 more versions/);
});
