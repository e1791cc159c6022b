import assert from 'node:assert/strict';
import { test } from 'node:test';
import { histogramSection } from '../../../src/report/table/histogram.js';
import type { Row } from '../../support/blocks.js';
import { everyday, resultOf } from '../../support/results.js';

/** Answers of a version that took so many microseconds. */
const took = (version: string, us: number, times: number): Row[] =>
  Array.from({ length: times }, () => ({ version, dueUs: 0, sendUs: 0, endUs: us }));

test('versions on one axis, each as high as its own most frequent time', () => {
  const result = resultOf([...took('v1', 1000, 900), ...took('v1', 8000, 450), ...took('v2', 8000, 5)], {
    v1: 90,
    v2: 10,
  });
  const [head, v1 = '', v2 = '', ...rest] = histogramSection(result, 80);
  assert.deepEqual(rest, []);
  assert.match(head ?? '', /^Histogram +1\.00 ms ─+ log ─+ 8\.00 ms +min +mean$/);
  assert.match(v1, /^v1 +█+ +▄+ +1\.00 ms +3\.33 ms$/);
  assert.match(v2, /^v2 +█+ +8\.00 ms +8\.00 ms$/);
  assert.equal(v1.lastIndexOf('▄'), v2.lastIndexOf('█'), 'the same time in the same place');
});

test('one answer among many is still seen', () => {
  const [, v1 = ''] = histogramSection(
    resultOf([...took('v1', 1000, 9999), ...took('v1', 90_000, 1)], null),
    80,
  );
  assert.match(v1, /█ +▁+ /);
});

test('one time only, no time at all, no answers', () => {
  assert.match(histogramSection(resultOf(took('v1', 0, 5), null), 80)[1] ?? '', /^v1 +█+ +0 µs +0 µs$/);
  assert.match(histogramSection(resultOf(took('v1', 412, 5), null), 80)[1] ?? '', /^v1 +█+ +412 µs +412 µs$/);
  assert.deepEqual(histogramSection(resultOf([], null), 80), []);
});

test('no line is wider than the terminal', () => {
  for (const columns of [60, 61, 80, 120, 200]) {
    for (const line of histogramSection(everyday(), columns))
      assert.ok(line.length <= columns, `${columns}: ${line}`);
  }
});
