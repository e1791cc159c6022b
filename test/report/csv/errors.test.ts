import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errorsCsv } from '../../../src/report/csv/errors.js';
import { csvRecords } from '../../support/csv.js';
import { everyday, resultOf } from '../../support/results.js';

const cells = (text: string) =>
  csvRecords(text).map(({ row, version, from, kind, requests }) => [row, version, from, kind, requests]);

test('rows of versions by who made the error, then what counts as an error in the whole run', () => {
  assert.deepEqual(cells(errorsCsv(everyday())), [
    ['version', 'backend-v1', 'failure', 'truncated', '1'],
    ['version', 'backend-v2', 'backend', '500', '1'],
    ['all', '(all)', 'any', '500', '1'],
    ['all', '(all)', 'any', 'overflow', '1'],
    ['all', '(all)', 'any', 'refused', '1'],
    ['all', '(all)', 'any', 'timeout', '1'],
    ['all', '(all)', 'any', 'truncated', '1'],
  ]);
});

test("what the gateway answered in a version's name is not the version's; a 404 is no error of the run", () => {
  const result = resultOf(
    [
      { version: 'v1', status: 503, outcome: 'overflow', origin: 'gateway' },
      { version: 'v1', status: 503 },
      { version: 'v1', status: 404 },
    ],
    { v1: 100 },
  );
  assert.deepEqual(cells(errorsCsv(result)), [
    ['version', 'v1', 'backend', '404', '1'],
    ['version', 'v1', 'backend', '503', '1'],
    ['version', 'v1', 'gateway', 'overflow', '1'],
    ['all', '(all)', 'any', '503', '1'],
    ['all', '(all)', 'any', 'overflow', '1'],
  ]);
});
