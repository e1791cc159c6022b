import assert from 'node:assert/strict';
import { test } from 'node:test';
import { histogramCsv } from '../../../src/report/csv/histogram.js';
import { csvRecords } from '../../support/csv.js';
import { everyday, resultOf } from '../../support/results.js';

test('a row per version, kind of times and bucket', () => {
  const sent = { version: 'v1', dueUs: 0, sendUs: 0 };
  const result = resultOf(
    [
      { ...sent, endUs: 3 },
      { ...sent, endUs: 1000 },
      { ...sent, endUs: 1023 },
    ],
    { v1: 100 },
  );
  const rows = csvRecords(histogramCsv(result));
  assert.deepEqual(
    rows.map(({ version, times, from_us, to_us, count }) => [version, times, from_us, to_us, count]),
    ['latency', 'service_time'].flatMap((times) => [
      ['v1', times, '3', '4', '1'],
      ['v1', times, '992', '1024', '2'],
    ]),
  );
});

test('the buckets of a version hold all of its timed answers', () => {
  const result = everyday();
  const rows = csvRecords(histogramCsv(result));
  for (const { version, latencyUs } of result.versions) {
    const own = rows.filter((row) => row.version === version && row.times === 'latency');
    assert.equal(
      own.reduce((sum, { count }) => sum + Number(count), 0),
      latencyUs.count,
    );
  }
});
