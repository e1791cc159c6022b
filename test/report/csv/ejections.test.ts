import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ejectionsCsv } from '../../../src/report/csv/ejections.js';
import { triggerOf, windowOf, withEjections } from '../../support/ejections.js';
import { everyday } from '../../support/results.js';

const HEAD =
  'version,endpoint,kind,start_ms,start_low_ms,start_high_ms,end_ms,end_low_ms,end_high_ms,duration_ms,' +
  'trigger_consecutive,trigger_first_error_ms,trigger_last_error_ms,trigger_statuses,trigger_in_flight,' +
  'trigger_endpoint_known,leaked,leaked_for_ms,sequence,sequence_low,sequence_high,endpoints_out,endpoints,' +
  'fraction,expected_low_ms,expected_high_ms,verdict,source,errors_before,gateway_type,gateway_duration_low_ms,' +
  'gateway_duration_high_ms,gateway_settles,run_started_at,run_url,run_host,run_verdict,run_connections,run_rate_per_second\n';

/** Of the run that results are made of. */
const RUN = '2026-03-01T12:00:00.000000Z,http://203.0.113.7/,test.devopscube.com,inconclusive,50,';

test('a row per window under stable names', () => {
  const trigger = triggerOf({ statuses: { 500: 117, 503: 1 }, inFlight: 2 });
  const partial = windowOf({
    trigger,
    leaked: 113,
    leakedForMs: 1011.5,
    fraction: 0.5,
    sequenceBounds: [1, 2],
  });
  const silent = windowOf({
    endpoint: 'pod-2aa',
    kind: 'silent',
    startMs: null,
    startBoundsMs: [null, 31.250_000_6],
    endMs: null,
    endBoundsMs: [180_000, null],
    durationMs: null,
    trigger: null,
    leaked: null,
    leakedForMs: null,
    expectedDurationMs: null,
    verdict: null,
    source: 'client+gateway',
    errorsBefore: { 503: 5 },
    reported: {
      from: 'event-log',
      type: 'CONSECUTIVE_5XX',
      durationMs: [37_999.5, 38_000],
      settles: ['kind', 'verdict'],
    },
  });
  assert.equal(
    ejectionsCsv(withEjections({ windows: [partial, silent] })),
    `${HEAD}backend-v2,pod-7c9,ejected,12433,12433,12451,46212,46095,46212,33779,5,12412,12433,500=117 503=1,2,` +
      `true,113,1011.5,1,1,2,1,2,0.5,30000,60000,pass,client,,,,,,${RUN}\n` +
      'backend-v2,pod-2aa,silent,,,31.25,,180000,,,,,,,,,,,1,1,1,1,2,1,,,,client+gateway,503=5,CONSECUTIVE_5XX,37999.5,' +
      `38000,kind verdict,${RUN}\n`,
  );
});

test('without windows, and when none were looked for, the head alone', () => {
  assert.equal(ejectionsCsv(withEjections({})), HEAD);
  assert.equal(ejectionsCsv(everyday()), HEAD);
});

test('labels are no formulas', () => {
  const windows = [windowOf({ version: '=1+1', endpoint: '\u001b[31m@x\n"' })];
  const line = ejectionsCsv(withEjections({ windows })).split('\n')[1] as string;
  assert.match(line, /^'=1\+1,"'@x """,ejected,/);
});
