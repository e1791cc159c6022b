/** What a result says of a run besides its samples. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runInfo } from '../../src/analysis/run-info.js';
import { planFor } from '../support/plan.js';
import { endOf, STARTED_AT_US } from '../support/saved.js';

test('a percentile of lateness is shown of as many requests as one of latency: never the longest under another name', () => {
  const plan = planFor('http://127.0.0.1:1', { load: { mode: 'open', ratePerSecond: 10 } });
  const header = { plan, startedAtUs: STARTED_AT_US, labels: { versions: [], endpoints: [], addresses: [] } };
  const percentiles = (late: number) => {
    const { counters } = endOf([]);
    const generatorBuckets = [
      { us: 2, requests: 297 },
      { us: 90, requests: late },
    ];
    const end = endOf([], { counters: { ...counters, generatorBuckets } });
    return runInfo(header, end, [], '0.0.0').load.lateness?.percentilesUs;
  };
  assert.deepEqual(percentiles(1), { '50': 2, '90': 2, '95': 2, '99': null, '99.9': null });
  assert.deepEqual(percentiles(5), { '50': 2, '90': 2, '95': 2, '99': 90, '99.9': null });
});
