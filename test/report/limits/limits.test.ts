import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import stringWidth from 'string-width';
import type { Bottleneck, LimitsResult } from '../../../src/analysis/limits/result.js';
import { OUTCOMES } from '../../../src/blocks/outcome.js';
import { limitsReport } from '../../../src/report/limits/index.js';
import { REFUSAL_WORDS } from '../../../src/report/limits/refusals.js';
import { foundByRate, foundKnee, limitOf, noRefusals, stepOf } from '../../support/limits-results.js';

const reportOf = (result: LimitsResult, columns = 120) => limitsReport(result, { columns, color: false });
/** Without line breaks. */
const flat = (result: LimitsResult) => reportOf(result).replace(/\s+/g, ' ');

function has(result: LimitsResult, parts: readonly (RegExp | string)[]): void {
  const text = flat(result);
  for (const part of parts) {
    assert.ok(
      typeof part === 'string' ? text.includes(part) : part.test(text),
      `${part}\n${reportOf(result)}`,
    );
  }
}

test('the knee is found: the answer in sentences', () => {
  const lines = reportOf(foundKnee()).split('\n');
  assert.deepEqual(lines.slice(0, 6), [
    'PASS  the knee is at 301 (at least 290)',
    '      First refusals at 180 connections (0.25 % of requests, at least 0.125 %); none at 160.',
    '      Full at 301 connections (95 % interval 296 to 306); predicted 300: 100 connections + 50 waiting per version.',
    '      At 450 connections: 33 % refused; goodput 3,000/s, as at 320 (2,990/s); p99 of what got through 200 ms.',
    '      Recovered: the last refusal came 40 ms after the load fell to 150 connections.',
    '      90,000 requests in 1m01s · 6 steps · 72,000 accepted · 17,900 refused · 90 failed · 10 unfinished',
  ]);
});

test('a version that is full long before the others is named', () => {
  const found = foundKnee();
  const { predicted } = found;
  const next = predicted?.next ?? null;
  const later = predicted === null || next === null ? null : { ...predicted, next: { ...next, knee: 1_044 } };
  has({ ...found, predicted: later }, [
    'Full first: 100 connections + 50 waiting for v1, at 300 connections. Next: 100 requests for v2, at 1,044 connections.',
  ]);
});

test('a small knee has decimals', () => {
  has(foundKnee({ kneeConnections: 3.947, kneeBounds: [3.71, 4.634], predictedKnee: 4 }), [
    'Full at 3.95 connections (95 % interval 3.71 to 4.63); predicted 4:',
  ]);
});

test('limits of one are said in the singular', () => {
  const found = foundKnee();
  const versions = ['v1', 'v2'].map((name) => limitOf(name, { maxConnections: 1, maxPendingRequests: 1 }));
  const predicted = found.predicted === null ? null : { ...found.predicted, versions };
  has({ ...found, predicted }, ['predicted 300: 1 connection + 1 waiting per version.']);
});

test('steps are sorted by level, the recovery last', () => {
  const report = reportOf(foundKnee());
  const table = report.slice(report.indexOf('\nConnections ') + 1).split('\n');
  assert.deepEqual(
    table.slice(1, 7).map((line) => line.split(/ {2,}/)[0]),
    ['100', '160', '180', '320', '450', '150 (recovery)'],
  );
  assert.match(report, /^Connections +offered\/s +goodput\/s +refused % +in flight +p50 +p99 +refused p50 /m);
  assert.match(report, /^450 +4,478 +3,000 +33 +300 +100 ms +200 ms +400 µs /m);
  assert.match(report, /^320 +3,147 +2,990 +5 +299 .* 120 +3$/m);
});

test('a bar per step: what was accepted, and the rest', () => {
  const report = reportOf(foundKnee());
  assert.match(report, /^100 +█{20}$/m);
  assert.match(report, /^450 +█{60}░{30}$/m);
  assert.match(report, /^█ accepted in flight, ░ refused, or waiting after it; 5 each\.$/m);
  assert.match(reportOf(foundByRate()), /^4,000 +█{60}░{20}$/m);
});

test('versions, kinds of refusals, prediction, the gateway, caveats', () => {
  has(foundKnee(), [
    'Versions at 320 connections, the first step from the knee on',
    /overflow circuit breaker full 17,900 1,574/,
    /timeout no answer in time \(--timeout\) 90 0/,
    '17,000 overflows came from a full queue (maxPendingRequests) and 900 from the limit of requests (maxRequests).',
    /v1 100 50 100 150 50 100 ms HTTP\/1\.1/,
    'Limits count for each version by itself (Istio counts each version by itself).',
    'Full first: 100 connections + 50 waiting per version, at 300 connections. Next: 100 requests per version, at 320 connections.',
    'To reach the knee that is wanted: - v1: Raise tcp.maxConnections to 200 or more.',
    'Overflows: 17,900 seen by the client, 17,900 counted by the gateway.',
    'Least left of the limits of v1, when they were looked at between steps: 0 connections, 1 waiting, 2 requests.',
    'Each replica of the gateway has the limits for itself. That on connections is soft',
    'After a refusal each connection waited 101 ms, the median time of an accepted request',
  ]);
});

test('what is not known is left out', () => {
  const bare = foundKnee(
    { predictedKnee: null, bindingLimit: null, kneeBounds: null, recoveryMs: null, afterRefusalMs: null },
    { verdict: null, checks: [], predicted: null, gateway: null, notes: [] },
  );
  has(bare, [/^First refusals at 180 connections/, ' Full at 301 connections. At 450']);
  assert.doesNotMatch(
    flat(bare),
    /predicted|Recovered|Limits|Gateway|counters|Notes|After a refusal|null|NaN/,
  );
});

test('no limit is shown by refusals: why the search ended', () => {
  const of = (kind: Bottleneck['kind'], fromLevel: number | null = 400, version: string | null = null) =>
    noRefusals({ bottleneck: { kind, fromLevel, goodputPerSecond: 1998, version } });
  has(of('bound'), [
    'No refusals up to 2,000 connections. The search stopped at the highest load that it may try.',
  ]);
  has(of('time'), ['The time for the search was over.']);
  has(of('client'), ['This machine was the limit, not the gateway, from 400 connections on.']);
  has(of('backends', 400, 'v2'), [
    'The backends are the bottleneck: from 400 connections on, answers stay at 1,998/s and take longer, those of v2 most, and no limit',
  ]);
  has(of('gateway-queue', null), ['Requests wait in the gateway: with more load, answers stay at 1,998/s']);
  assert.doesNotMatch(flat(of('bound')), /Not accepted|refused p50|Full at|Each replica/);
});

test('few refusals that show nothing are not called refusals of the step', () => {
  const few = {
    refused: 2,
    refusedShare: 2 / 16_000,
    refusedBounds: [0.000_02, 0.000_4] as [number, number],
  };
  has(noRefusals({ steps: [stepOf(160, 160, 0, few)], lastAcceptedConnections: 160 }), [
    'No step up to 160 connections is shown to have more than 0.1 % refused.',
  ]);
  has(foundKnee({ steps: [stepOf(160, 160, 0, few), stepOf(180, 180, 0.0025)] }), [
    'More than 0.1 % refused from 180 connections on (0.25 % of requests, at least 0.125 %); at 160, 2 of 16,000 were.',
  ]);
});

test('refused from the smallest load on; a knee that was not reached', () => {
  has(
    foundKnee({ firstRefusalConnections: 100, lastAcceptedConnections: 0, steps: [stepOf(100, 20, 0.8)] }),
    ['Refused at the smallest load that was tried: 100 connections (80 % of requests, at least 40 %).'],
  );
  const bottleneck = { kind: 'bound', fromLevel: 200, goodputPerSecond: null, version: null } as const;
  has(foundKnee({ kneeConnections: null, kneeBounds: null, bottleneck }), [
    'Predicted to be full at 300 connections: 100 connections + 50 waiting per version.',
    'No knee was found. The search stopped at the highest load that it may try.',
    'Versions at 450 connections, the highest step',
  ]);
});

test('loads at which requests failed are not told as loads without refusals', () => {
  const failing = stepOf(2_000, 0, 0, { requests: 100, failed: 100 });
  const steps = [stepOf(1_000, 1_000, 0), failing];
  has(noRefusals({ steps, bottleneck: null, lastAcceptedConnections: 1_000 }), [
    'No refusals up to 1,000 connections.',
  ]);
  has(noRefusals({ steps: [failing], bottleneck: null, lastAcceptedConnections: 0 }), [
    'Requests failed from the smallest load on.',
  ]);
  const above = { firstRefusalConnections: 3_000, lastAcceptedConnections: 0 };
  has(foundKnee({ ...above, steps: [failing, stepOf(3_000, 600, 0.8)] }), [
    'First refusals at 3,000 connections',
  ]);
});

test('a search that ended early says so', () => {
  const early = foundKnee(
    { kneeConnections: null, kneeBounds: null, recoveryMs: null, steps: [stepOf(180, 180, 0.0025)] },
    { ended: 'interrupted', verdict: 'inconclusive', checks: [] },
  );
  has(early, [
    'INCONCLUSIVE',
    'The search was interrupted; the 1 step that had ended is shown.',
    '· interrupted ·',
  ]);
  has(noRefusals({ steps: [], bottleneck: null, lastAcceptedConnections: null }, { ended: 'failed' }), [
    'No step was finished. The search broke off by an error. 300,000 requests',
  ]);
});

test('a search by rate speaks of requests per second', () => {
  has(foundByRate(), [
    'First refusals at 2,000 requests per second',
    'Full at 3,005 requests per second (95 % interval 2,950 to 3,060); predicted 3,000',
    'At 4,000 requests per second: 25 % refused; goodput 3,000/s (1,990/s at 2,000)',
    'the load fell to 1,500 requests per second.',
  ]);
  assert.doesNotMatch(flat(foundByRate()), /After a refusal/);
});

test('streams, replicas, hammering, recovery without refusals, unequal versions', () => {
  const predicted = foundKnee().predicted;
  assert.ok(predicted !== null);
  const versions = [
    limitOf('v1'),
    limitOf('v2', { maxConnections: null, atOnce: null, serviceTimeMs: null }),
  ];
  has(
    foundKnee(
      { streams: 10, afterRefusal: 'hammer', recoveryMs: 0 },
      { predicted: { ...predicted, gatewayReplicas: 3, versions } },
    ),
    [
      'First refusals at 180 connections × 10 streams',
      '100 connections + 50 waiting for v1 at each of 3 replicas',
      'at 300 connections × 10 streams.',
      'The prediction is for 3 replicas of the gateway.',
      'sent its next request at once (--after-refusal hammer)',
      'No refusals after the load fell to 150 connections',
      /v2 no limit 50 100 no limit 50 - HTTP\/1\.1/,
    ],
  );
  const route = { ...predicted, scope: 'route' as const, versions: [limitOf(null)] };
  const binding = { version: null, limits: ['maxRequests'] as ['maxRequests'], source: null };
  has(foundKnee({ bindingLimit: binding }, { predicted: { ...route, binding, next: null } }), [
    'predicted 300: 100 requests for all versions together.',
    /all versions 100 50 100 150/,
  ]);
});

test('refusals that did not end after the load fell', () => {
  const fell = stepOf(150, 140, 0.1, { purpose: 'recovery', windowMs: 10_500 });
  has(foundKnee({ recoveryMs: null, steps: [stepOf(450, 300, 0.33), fell] }), [
    'Not recovered: refusals went on for 10.5 s after the load fell to 150 connections.',
  ]);
});

test('answers of backends that are errors, and failures, have columns', () => {
  const steps = [stepOf(450, 300, 0.33, { errors: 12, failed: 7 })];
  const report = reportOf(foundKnee({ steps }));
  assert.match(report, /^Connections .* failed +5xx$/m);
  assert.match(report, /^450 .* 7 +12$/m);
  assert.match(report, /33 % refused; 7 failed; goodput/);
});

test('every line fits, at every width, with and without colour, whatever versions are called', () => {
  const names = [
    '\u001b[31mred\u001b[0m',
    'v\u202e1',
    'a'.repeat(300),
    '版本'.repeat(60),
    '=1+1',
    'x\ny',
    '',
    '(none)',
  ];
  for (const columns of [60, 61, 79, 100, 132, 200]) {
    for (const result of [foundKnee(), foundByRate(), noRefusals(), ...names.map(named)]) {
      const plain = limitsReport(result, { columns, color: false, explain: true });
      const coloured = limitsReport(result, { columns, color: true, explain: true });
      assert.equal(stripVTControlCharacters(coloured), plain);
      for (const line of plain.split('\n')) {
        assert.ok(stringWidth(line) <= columns, `${columns}: ${line}`);
        assert.doesNotMatch(line, /\p{Cc}|\u202e|undefined|NaN/u);
      }
    }
  }
});

/** All versions, clusters and sources are called so. */
function named(name: string): LimitsResult {
  const made = foundKnee({
    kneeConnections: null,
    bindingLimit: { version: name, limits: ['maxRequests'], source: name },
    bottleneck: { kind: 'backends', fromLevel: 1, goodputPerSecond: 2, version: name },
  });
  const step = stepOf(320, 299, 0.05);
  step.versions = step.versions.map((one) => ({ ...one, version: name, refused: 1 }));
  const { predicted, gateway } = made;
  assert.ok(predicted !== null && gateway !== null);
  return {
    ...made,
    limits: { ...made.limits, steps: [step] },
    predicted: {
      ...predicted,
      versions: [limitOf(name, { source: name }), limitOf('v2', { maxRequests: 1 })],
    },
    gateway: {
      ...gateway,
      clusters: gateway.clusters.map((one) => ({ ...one, cluster: name, version: name })),
    },
    requests: { ...made.requests, byKind: { [name]: 3 } },
  };
}

test('refused shares above the threshold, and the verdict, are coloured', () => {
  const report = limitsReport(foundKnee(), { columns: 100, color: true });
  assert.ok(report.startsWith('\u001b[1;32mPASS\u001b[22;39m  '));
  assert.ok(report.includes('\u001b[1;31m33\u001b[22;39m') || /\u001b\[1;31m +33\u001b/.test(report));
  assert.match(report, /█\u001b\[1;31m░+\u001b\[22;39m/);
});

test('many steps and versions are cut, and it is said how many', () => {
  const many = Array.from({ length: 70 }, (_, i) => stepOf(10 + i, 10, 0));
  const step = stepOf(450, 300, 0.33);
  const versions = step.versions.slice(0, 1).flatMap((one) => Array(50).fill(one));
  const result = foundKnee({ steps: [...many, { ...step, versions }] });
  has(result, ['and 31 more levels with less load: see --json', 'and 10 more versions: see --json']);
  assert.match(reportOf(result), /^450 +4,478/m);
});

test('words are for outcomes that there are', () => {
  const names: readonly string[] = OUTCOMES.map(({ name }) => name);
  assert.deepEqual(
    Object.keys(REFUSAL_WORDS).filter((name) => !names.includes(name)),
    [],
  );
});
