import assert from 'node:assert/strict';
import { test } from 'node:test';
import { csvReport } from '../../src/report/csv.js';
import { csvRecords } from '../support/csv.js';
import { answers, everyday, resultOf } from '../support/results.js';

test('a row per version and one for responses without a version, under stable names', () => {
  const text = csvReport(everyday());
  assert.equal(
    text.split('\n')[0],
    'row,version,labels,expected_share,requests,share,deviation_points,share_interval_low,share_interval_high,' +
      'tolerance_points,interval_confidence,method,requests_at_verdict,errors,error_rate,error_rate_interval_low,error_rate_interval_high,errors_verdict,' +
      'verdict,status_2xx,status_3xx,status_4xx,status_5xx,statuses,failed,gateway_replies,latency_count,' +
      'latency_min_us,latency_mean_us,latency_p50_us,latency_p90_us,latency_p95_us,latency_p99_us,' +
      'latency_p99_9_us,latency_max_us,service_time_count,service_time_min_us,service_time_mean_us,' +
      'service_time_p50_us,service_time_p90_us,service_time_p95_us,service_time_p99_us,service_time_p99_9_us,' +
      'service_time_max_us',
  );
  const [v1, v2, none, ...rest] = csvRecords(text);
  assert.deepEqual(rest, []);
  assert.equal(v1?.version, 'backend-v1');
  assert.equal(v1?.requests, '7207');
  assert.deepEqual([v1?.tolerance_points, v1?.interval_confidence, v1?.method], ['2', '0.9', 'fixed']);
  assert.equal(v1?.verdict, 'pass');
  assert.equal(v1?.failed, '1');
  assert.deepEqual([v1?.errors, v2?.errors], ['1', '1'], 'a broken response, a 500');
  assert.equal(v2?.error_rate, String(1 / 794));
  assert.equal(v2?.errors_verdict, 'pass');
  assert.equal(v2?.statuses, '200=793 500=1');
  assert.equal(v2?.status_5xx, '1');
  assert.equal(none?.row, 'unattributed');
  assert.equal(none?.requests, '1');
  assert.equal(none?.gateway_replies, '1');
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

test('a run without versions has the last row alone', () => {
  const rows = csvRecords(csvReport(resultOf([{}, {}], null)));
  assert.deepEqual(
    rows.map(({ row, requests, gateway_replies: own }) => [row, requests, own]),
    [['unattributed', '2', '0']],
  );
});
