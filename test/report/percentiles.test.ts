import assert from 'node:assert/strict';
import { test } from 'node:test';
import { percentilesUs } from '../../src/report/percentiles.js';
import { tableReport } from '../../src/report/table.js';
import { everyday } from '../support/results.js';

test('those of the result as they are; others from the histogram, by the same rule', () => {
  const [version] = everyday().versions;
  assert.ok(version !== undefined);
  const { latencyUs } = version;
  assert.deepEqual(percentilesUs(latencyUs, [50, 99]), [
    latencyUs.percentiles['50'],
    latencyUs.percentiles['99'],
  ]);
  const [p50, p75, p90] = percentilesUs(latencyUs, [50, 75, 90]);
  assert.equal(p50, latencyUs.percentiles['50']);
  assert.equal(p90, latencyUs.percentiles['90']);
  assert.ok((p50 ?? 0) < (p75 ?? 0) && (p75 ?? 0) < (p90 ?? 0));
  assert.deepEqual(percentilesUs(latencyUs, [99.999]), [null], 'never the maximum under another name');
});

test('below a table, how many answers the highest percentiles need', () => {
  const report = tableReport(everyday(), { columns: 80, color: false, percentiles: [99.99, 50, 99.5] });
  assert.match(report, /\n-: too few answers \(needed: p99\.5 598, p99\.99 29,956\)\n/);
});

test('a table has the percentiles that are asked for; many take further rows', () => {
  const head = (percentiles: readonly number[]) =>
    tableReport(everyday(), { columns: 60, color: false, percentiles })
      .split('\n')
      .filter((line) => /^Latency /.test(line))
      .map((line) => line.split(/ +/).slice(1).join(' '));
  assert.deepEqual(head([25, 99.99]), ['p25 p99.99 max']);
  assert.deepEqual(head([1, 5, 10, 25, 50, 75]), ['p1 p5 p10 p25 p50', 'p75 max']);
});
