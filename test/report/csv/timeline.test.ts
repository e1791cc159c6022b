import assert from 'node:assert/strict';
import { test } from 'node:test';
import { timelineCsv } from '../../../src/report/csv/timeline.js';
import { csvRecords } from '../../support/csv.js';
import { resultOf } from '../../support/results.js';

test('a row per interval and version, with shares of what names a version', () => {
  const result = resultOf(
    [
      { version: 'v1', endUs: 10_000 },
      { version: 'v1', endUs: 20_000, status: 500 },
      { version: 'v2', endUs: 30_000 },
      { endUs: 40_000, status: 404 },
      { version: 'v2', endUs: 150_000 },
      { outcome: 'reset', status: 0, endUs: 250_000 },
    ],
    { v1: 50, v2: 50 },
  );
  assert.deepEqual(
    csvRecords(timelineCsv(result)).map((row) =>
      [
        'start_ms',
        'interval_ms',
        'version',
        'requests',
        'share',
        'status_5xx',
        'statuses',
        'errors',
        'run_verdict',
      ].map((name) => row[name]),
    ),
    [
      ['0', '100', 'v1', '2', '0.666666666667', '1', '200=1 500=1', '1', 'fail'],
      ['0', '100', 'v2', '1', '0.333333333333', '0', '200=1', '0', 'fail'],
      ['0', '100', '(none)', '1', '', '0', '404=1', '0', 'fail'],
      ['100', '100', 'v2', '1', '1', '0', '200=1', '0', 'fail'],
      ['200', '100', '(none)', '0', '', '0', '', '1', 'fail'],
    ],
  );
});

test('without responses the head alone', () => {
  assert.equal(timelineCsv(resultOf([], null)).trimEnd().split('\n').length, 1);
});
