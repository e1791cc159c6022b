import assert from 'node:assert/strict';
import { test } from 'node:test';
import { endpointsCsv } from '../../../src/report/csv/endpoints.js';
import { csvRecords } from '../../support/csv.js';
import { resultOf } from '../../support/results.js';

test('a row per version and endpoint; labels are no formulas', () => {
  const rows = csvRecords(
    endpointsCsv(
      resultOf(
        [
          { version: 'v1', endpoint: 'pod-1' },
          { version: 'v1', endpoint: 'pod-1', status: 503 },
          { version: 'v1', endpoint: '=pod' },
          { version: 'v2' },
        ],
        { v1: 50, v2: 50 },
      ),
    ),
  );
  assert.deepEqual(
    rows.map(({ version, endpoint, requests, status_5xx, statuses }) => [
      version,
      endpoint,
      requests,
      status_5xx,
      statuses,
    ]),
    [
      ['v1', 'pod-1', '2', '1', '200=1 503=1'],
      ['v1', "'=pod", '1', '0', '200=1'],
    ],
  );
});
