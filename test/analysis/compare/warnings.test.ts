import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ComparableRun } from '../../../src/analysis/compare/inputs.js';
import { warningsOn } from '../../../src/analysis/compare/warnings.js';
import { comparableRun } from '../../support/comparable.js';

const base = comparableRun({
  v1: { requests: 90, expectedShare: 0.9 },
  v2: { requests: 10, expectedShare: 0.1 },
});
const other = (changes: Partial<ComparableRun>): ComparableRun => ({
  ...base,
  startedAt: '2026-12-02T12:00:00.000000Z',
  ...changes,
});
const codes = (changes: Partial<ComparableRun>) =>
  warningsOn({ name: 'a', result: base }, { name: 'b', result: other(changes) }).map(({ code }) => code);

test('runs of the same kind: no warning, whatever their seed, length and number of requests', () => {
  assert.deepEqual(codes({ durationMs: 99_000, requests: { scheduled: 5, cutOff: 0 } }), []);
});

test('each difference of target, load and judgement is a warning of its own', () => {
  const { target, load, errors } = base;
  const cases: readonly (readonly [changes: Partial<ComparableRun>, code: string])[] = [
    [{ target: { ...target, url: 'http://203.0.113.8/' } }, 'other-url'],
    [{ target: { ...target, host: 'b.example' } }, 'other-host'],
    [{ target: { ...target, method: 'POST' } }, 'other-method'],
    [{ target: { ...target, protocol: 'h2' } }, 'other-protocol'],
    [{ target: { ...target, headers: [['x', '1']] } }, 'other-headers'],
    [{ load: { ...load, mode: 'unknown' } }, 'other-loop'],
    [{ load: { ...load, connections: 20 } }, 'other-connections'],
    [{ load: { ...load, streams: 2 } }, 'other-connections'],
    [{ load: { ...load, threads: 2 } }, 'other-threads'],
    [{ load: { ...load, driver: 'undici' } }, 'other-driver'],
    [{ load: { ...load, timeoutMs: 1 } }, 'other-timeout'],
    [{ load: { ...load, requestsPerConnection: 1 } }, 'other-keepalive'],
    [{ load: { ...load, cookies: 'connection' } }, 'other-cookies'],
    [{ identifier: { version: 'podinfo', endpoint: 'none' } }, 'other-identifier'],
    [{ errors: { ...errors, intervalConfidence: 0.98 } }, 'other-confidence'],
    [{ errors: { ...errors, statuses: ['4xx'] } }, 'other-errors'],
    [{ versions: base.versions.map((one) => ({ ...one, expectedShare: 0.5 })) }, 'other-expectation'],
    [{ versions: base.versions.map((one) => ({ ...one, tolerancePoints: 1 })) }, 'other-tolerance'],
    [{ ended: 'interrupted' }, 'ended-early'],
    [{ ended: 'truncated' }, 'ended-early'],
    [{ notes: [{ code: 'generator-busy' }] }, 'generator-busy'],
    [{ notes: [{ code: 'generator-late' }] }, 'generator-late'],
    [{ notes: [{ code: 'cut' }, { code: 'cut' }] }, 'cut'],
    [
      { split: { unit: 'connection', draws: 50, unknownVersion: 0, tolerancePoints: 2, findings: [] } },
      'other-unit',
    ],
  ];
  for (const [changes, code] of cases) assert.deepEqual(codes(changes), [code], code);
});

test('rates are compared between open loops; an open and a closed loop are said as such', () => {
  const open = (ratePerSecond: number) => ({
    ...base.load,
    mode: 'open' as const,
    ratePerSecond,
    arrival: 'uniform' as const,
    maxInFlight: 50,
  });
  assert.deepEqual(codes({ load: open(100) }), ['other-loop']);
  const [warning] = warningsOn(
    { name: 'a', result: { ...base, load: open(100) } },
    { name: 'b', result: other({ load: open(200) }) },
  );
  assert.deepEqual(warning, {
    code: 'other-rate',
    text: 'Not the same rate: 100/s uniform (a), 200/s uniform (b).',
  });
});

test('a copy of a run is recognized, and names cannot write to the terminal', () => {
  const [warning] = warningsOn({ name: 'a\u001b[2J', result: base }, { name: 'b', result: base });
  assert.equal(warning?.code, 'same-run');
  assert.match(warning?.text ?? '', /^a and b are the same run: both began at 2026-12-01T12:00:00/);
});

test('where a version answers more errors, its latency is that of other answers', () => {
  const errorRates = (...rates: readonly number[]) => ({
    versions: base.versions.map((one, i) => ({ ...one, errorRate: rates[i] ?? 0 })),
  });
  assert.deepEqual(codes(errorRates(0, 0.005)), []);
  assert.deepEqual(codes(errorRates(0, 0.3)), ['errors-in-latency']);
  const text = (changes: Partial<ComparableRun>) =>
    warningsOn({ name: 'a', result: base }, { name: 'b', result: other(changes) })[0]?.text ?? '';
  assert.match(text(errorRates(0, 0.3)), /^v2: not the same part of its answers are errors\. /);
  assert.match(text(errorRates(0.2, 0.3)), /^v1 and 1 other version: not the same part of their answers/);
});
