import assert from 'node:assert/strict';
import { test } from 'node:test';
import { csvReport } from '../../../src/report/csv/versions.js';
import { csvRecords } from '../../support/csv.js';
import { answers, everyday, resultOf } from '../../support/results.js';

test('a row per version and one for the whole run, under stable names', () => {
  const text = csvReport(everyday());
  assert.equal(
    text.split('\n')[0],
    'row,version,labels,expected_share,requests,share,deviation_points,share_interval_low,share_interval_high,' +
      'tolerance_points,interval_confidence,method,requests_at_verdict,errors,error_rate,error_rate_interval_low,error_rate_interval_high,errors_verdict,' +
      'verdict,status_2xx,status_3xx,status_4xx,status_5xx,statuses,failed,gateway_replies,unattributed,latency_count,' +
      'latency_min_us,latency_mean_us,latency_p50_us,latency_p90_us,latency_p95_us,latency_p99_us,' +
      'latency_p99_9_us,latency_max_us,service_time_count,service_time_min_us,service_time_mean_us,' +
      'service_time_p50_us,service_time_p90_us,service_time_p95_us,service_time_p99_us,service_time_p99_9_us,' +
      'service_time_max_us,run_started_at,run_url,run_host,run_verdict,run_connections,run_rate_per_second',
  );
  const [v1, v2, all, ...rest] = csvRecords(text);
  assert.deepEqual(rest, []);
  assert.equal(v1?.version, 'backend-v1');
  assert.equal(v1?.requests, '7207');
  assert.deepEqual([v1?.tolerance_points, v1?.interval_confidence, v1?.method], ['2', '0.9', 'fixed']);
  assert.equal(v1?.verdict, 'pass');
  assert.equal(v1?.failed, '1');
  assert.deepEqual([v1?.errors, v2?.errors], ['1', '1'], 'a broken response, a 500');
  assert.equal(v2?.error_rate, (1 / 794).toPrecision(12));
  assert.equal(v2?.errors_verdict, 'pass');
  assert.equal(v2?.statuses, '200=793 500=1');
  assert.equal(v2?.status_5xx, '1');
  assert.deepEqual([all?.row, all?.version], ['all', '(all)']);
  assert.deepEqual(
    [all?.requests, all?.failed, all?.gateway_replies, all?.unattributed],
    ['8002', '3', '1', '1'],
  );
  assert.deepEqual([all?.errors, all?.statuses], ['5', '200=8000 500=1 503=1']);
  for (const row of [v1, v2, all]) {
    assert.deepEqual([row?.run_host, row?.run_connections], ['test.devopscube.com', '50']);
  }
});

test('a negative deviation stays a number', () => {
  const deviation = csvRecords(csvReport(everyday()))[1]?.deviation_points ?? '';
  assert.ok(Number(deviation) < 0, deviation);
});

const formulas: [label: string, cell: string][] = [
  ['=1+1', "'=1+1"],
  ['+1', "'+1"],
  ['-1', "'-1"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['\t=1', "' =1"],
  ['\r=1', "' =1"],
  ['"=1', `'"=1`],
  ["'=1", "''=1"],
  ['＝1', "'＝1"],
  ['v1=1', 'v1=1'],
  ['a,"b"\nc', 'a,"b" c'],
  ['\u001b[31m=1', "'=1"],
];

for (const [label, expected] of formulas) {
  test(`a label ${JSON.stringify(label)} becomes the cell ${expected}`, () => {
    const [row] = csvRecords(csvReport(resultOf(answers(5, { [label]: 1 }), null)));
    assert.equal(row?.version, expected);
  });
}

test('cells of whole numbers are filled in all rows, so that readers of CSV take the columns for whole numbers', () => {
  const rows = csvRecords(csvReport(everyday()));
  const whole =
    /^(requests|errors|status_.xx|failed|gateway_replies|unattributed|.*_count|.*_(min|p50|max)_us)$/;
  for (const row of rows) {
    for (const [name, cell] of Object.entries(row)) if (whole.test(name)) assert.match(cell, /^\d+$/, name);
  }
});

test('a run without versions has the last row alone', () => {
  const rows = csvRecords(csvReport(resultOf([{}, {}], null)));
  assert.deepEqual(
    rows.map(({ row, requests, gateway_replies: own, unattributed }) => [row, requests, own, unattributed]),
    [['all', '2', '0', '2']],
  );
});
