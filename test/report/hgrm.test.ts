import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunResult } from '../../src/analysis/result.js';
import { percentileLog, percentileLogs } from '../../src/report/hgrm.js';
import type { Row } from '../support/blocks.js';
import { everyday, resultOf } from '../support/results.js';

interface Point {
  readonly ms: number;
  readonly percentile: number;
  readonly count: number;
  readonly oneIn: number;
}

/** As HdrHistogram's plotter reads a file: lines of four numbers, without those that begin with #. */
function plotted(text: string): Point[] {
  const lines = text.split('\n').filter((line) => !line.startsWith('#'));
  return lines
    .map((line) => line.trim().split(/ +/))
    .filter((words) => words.length === 4)
    .map((words) => words.map(Number.parseFloat))
    .filter(([ms, , , oneIn]) => !Number.isNaN(ms) && !Number.isNaN(oneIn))
    .map(([ms, percentile, count, oneIn]) => ({ ms, percentile, count, oneIn }) as Point);
}

/** Answers of a version in 10, 20, … µs. */
function rising(version: string, n: number): Row[] {
  return Array.from({ length: n }, (_, i) => ({ version, dueUs: 0, sendUs: 0, endUs: 10 * (i + 1) }));
}

test("the lines of HdrHistogram's format: every count is that of the times up to the value", () => {
  const n = 5000;
  const text = percentileLog(resultOf(rising('v1', n), null));
  const lines = text.split('\n');
  assert.equal(lines[0], '   Value(ms)     Percentile TotalCount 1/(1-Percentile)');
  assert.equal(lines[1], '');
  assert.match(lines[2] ?? '', /^ {7}0\.010 0\.000000000000 {10}1 {11}1\.00$/);
  const points = plotted(text);
  assert.ok(points.length > 50);
  for (const [i, { ms, percentile, count, oneIn }] of points.entries()) {
    // Exact below 2 ms, where a bucket is 1 µs wide; three digits above.
    assert.equal(count, Math.min(n, Math.floor((ms * 1000) / 10 + 1e-6)), `${ms} ms`);
    assert.ok(count / n >= percentile && ms >= (points[i - 1]?.ms ?? 0));
    assert.ok(Math.abs(oneIn - 1 / (1 - percentile)) < 0.006);
  }
  const last = lines.slice(-6);
  assert.match(last[0] ?? '', /^ {6}50\.015 1\.000000000000 {7}5000$/, 'the last has no fourth number');
  assert.deepEqual(last.slice(1), [
    '#[Mean    =       25.006, StdDeviation   =       14.434]',
    // HdrHistogram prints the upper end of the bucket, its port to JavaScript the lower one: here it is the longest time itself.
    '#[Max     =       50.000, Total count    =         5000]',
    '#[Buckets =           22, SubBuckets     =         2048]',
    '# Latency in ms of answers of all backends, in the run of 2026-03-01T12:00:00.000000Z.',
    '',
  ]);
});

test('a text per version, and one of all backends', () => {
  const result = everyday();
  const logs = percentileLogs(result);
  assert.deepEqual(
    logs.map(({ version }) => version),
    ['backend-v1', 'backend-v2'],
  );
  const counts = [percentileLog(result), ...logs.map(({ text }) => text)].map(totalCount);
  const { backends, versions } = result;
  assert.deepEqual(
    counts,
    [backends, ...versions].map(({ latencyUs }) => latencyUs.count),
  );
  assert.match(
    logs[1]?.text ?? '',
    /\n# Latency in ms of answers of version "backend-v2", in the run of .*\.\n$/,
  );
});

test('in an open loop times count from when requests were due', () => {
  const late = (changes: Partial<RunResult['load']>) =>
    resultOf([{ version: 'v1', dueUs: 0, sendUs: 3000, endUs: 4000 }], null, {
      load: { ...everyday().load, ...changes },
    });
  assert.match(percentileLog(late({ mode: 'open', ratePerSecond: 10 })), /#\[Max {5}= {8}4\.000,/);
  assert.match(percentileLog(late({ mode: 'closed' })), /#\[Max {5}= {8}1\.000,/);
});

test('without answers there are no figures, and it is said', () => {
  const result = resultOf(rising('v1', 5), { v1: 90, v2: 10 });
  const text = percentileLogs(result).find(({ version }) => version === 'v2')?.text ?? '';
  assert.deepEqual(text.split('\n').slice(1), [
    '',
    '# No answers.',
    '# Latency in ms of answers of version "v2", in the run of 2026-03-01T12:00:00.000000Z.',
    '',
  ]);
  assert.deepEqual(plotted(text), []);
  assert.match(percentileLog(resultOf([], null)), /\n# No answers\.\n/);
});

test('a name from the network adds no line and speaks to no terminal', () => {
  const name = '\u001b[31mred\n 1.0 0.5 7 2.0\r\n\u202elive';
  const [log] = percentileLogs(resultOf([{ version: name }], null));
  assert.equal(
    plotted(log?.text ?? '').length,
    plotted(percentileLog(resultOf([{ version: 'v1' }], null))).length,
  );
  assert.doesNotMatch(log?.text ?? '', /[\u001b\r\u202e]/);
  assert.match(log?.text ?? '', /version "red {2}1\.0 0\.5 7 2\.0 \ufffdlive"/);
});

function totalCount(text: string): number {
  return Number(/Total count {4}= +(\d+)\]/.exec(text)?.[1]);
}
