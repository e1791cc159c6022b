/** Made-up results of runs to compare, by their counts. */
import type { ComparableRun } from '../../src/analysis/compare/inputs.js';
import { LatencyFold } from '../../src/analysis/latency.js';

export interface MadeVersion {
  readonly requests: number;
  readonly expectedShare?: number | null;
  readonly errors?: number;
  /** One for each answer, µs; default: 1 to 2 ms, evenly. */
  readonly times?: readonly number[];
}

/** Of one that is in order, in closed loop on 50 connections. */
export function comparableRun(
  versions: Readonly<Record<string, MadeVersion>>,
  changes: Partial<ComparableRun> = {},
): ComparableRun {
  const fold = new LatencyFold('closed');
  const all = Object.values(versions);
  all.forEach(({ requests, times = evenly(requests) }, slot) => {
    for (const us of times) fold.add(slot, us, us);
  });
  const total = all.reduce((sum, { requests }) => sum + requests, 0);
  const failed = all.reduce((sum, { errors = 0 }) => sum + errors, 0);
  return {
    tool: { version: '0.1.0' },
    startedAt: '2026-12-01T12:00:00.000000Z',
    durationMs: 10_000,
    ended: 'completed',
    target: {
      url: 'http://203.0.113.7/',
      method: 'GET',
      host: 'a.example',
      protocol: 'http/1.1',
      headers: [],
    },
    load: {
      mode: 'closed',
      connections: 50,
      streams: 1,
      ratePerSecond: null,
      arrival: null,
      maxInFlight: null,
      threads: 1,
      timeoutMs: 10_000,
      requestsPerConnection: null,
      cookies: 'off',
      driver: 'wire',
    },
    identifier: { version: 'header:x-version', endpoint: 'none' },
    requests: { scheduled: total, cutOff: 0 },
    requestsPerSecond: total / 10,
    errors: {
      requests: total,
      errors: failed,
      errorRate: total === 0 ? null : failed / total,
      intervalConfidence: 0.9,
      kinds: failed === 0 ? {} : { 503: failed },
      statuses: ['5xx'],
    },
    failures: {},
    unattributed: { requests: 0 },
    backends: fold.backends(),
    versions: Object.entries(versions).map(
      ([version, { requests, expectedShare = null, errors = 0 }], slot) => ({
        version,
        expectedShare,
        requests,
        share: total === 0 ? null : requests / total,
        tolerancePoints: expectedShare === null ? null : 2,
        errors,
        errorRate: requests === 0 ? null : errors / requests,
        failures: {},
        latencyUs: fold.result(slot).latencyUs,
      }),
    ),
    split: { unit: 'request', draws: total, unknownVersion: 0, tolerancePoints: 2, findings: [] },
    timeline: [],
    connections: { compared: 50, keepVersion: false },
    checks: [],
    verdict: 'pass',
    ejections: null,
    notes: [],
    ...changes,
  };
}

export function evenly(n: number, factor = 1): number[] {
  return Array.from({ length: n }, (_, i) => Math.round((1000 + (1000 * i) / n) * factor));
}
