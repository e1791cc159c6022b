/** Plans for tests: a URL and what differs from an everyday plan. */
import { DEFAULT_JUDGE } from '../../src/plan/judge.js';
import { candidateWords } from '../../src/plan/labels/labels.js';
import {
  type ExpectedVersion,
  type IdentifyPlan,
  type LoadPlan,
  NOTHING_TO_DETECT,
  type Plan,
} from '../../src/plan/plan.js';
import type { TargetOptions, TlsOptions } from '../../src/plan/plan-options.js';
import { makeTarget, parseUrl } from '../../src/plan/target/target.js';

/** What sends HTTP/1.1 where a test says nothing of it: wire, or what this variable of the environment names. */
const HTTP1_DRIVER = process.env['WEIGHBRIDGE_TEST_DRIVER'] === 'undici' ? 'undici' : 'wire';

/** Both label sources are to be found out. */
export const DETECT: Plan['detect'] = { version: true, endpoint: true };

export interface PlanChanges {
  flags?: Partial<TargetOptions>;
  tls?: TlsOptions;
  load?: Partial<LoadPlan>;
  identify?: Partial<IdentifyPlan>;
  detect?: Plan['detect'];
  /** `{v1: 90, v2: 10}` */
  expect?: Record<string, number>;
}

/** Four connections, 100 requests, version in the header `x-version`, 20 s of time-out, one thread. */
export function planFor(url: string, changes: PlanChanges = {}): Plan {
  const expected = changes.expect === undefined ? null : expectedVersions(changes.expect);
  return {
    target: makeTarget(parseUrl(url, [], true), { tls: changes.tls, ...changes.flags }, { headers: [] }),
    load: {
      mode: 'closed',
      connections: 4,
      streams: 1,
      maxInFlight: 4,
      ratePerSecond: null,
      arrival: 'uniform',
      untilVerdict: false,
      requests: 100,
      durationMs: null,
      rampMs: 0,
      warmup: null,
      // For what hangs, and not for a machine that is busy with other tests.
      timeoutMs: 20_000,
      threads: 1,
      requestsPerConnection: null,
      cookies: 'off',
      driver: changes.flags?.http2 === true ? 'node-http2' : HTTP1_DRIVER,
      spin: 'auto',
      seed: 1,
      ...changes.load,
    },
    identify: {
      version: { from: 'header', name: 'x-version' },
      endpoint: { from: 'none' },
      bodyLimitBytes: 65_536,
      candidates: candidateWords(expected ?? []),
      upstreamTimeStamped: false,
      ...changes.identify,
    },
    detect: changes.detect ?? NOTHING_TO_DETECT,
    judge: { ...DEFAULT_JUDGE, expected },
    policies: [],
    ejection: [],
    notes: [],
    secretHeaders: ['authorization'],
  };
}

function expectedVersions(weights: Record<string, number>): ExpectedVersion[] {
  const sum = Object.values(weights).reduce((total, weight) => total + weight, 0);
  return Object.entries(weights).map(([name, weight]) => ({ name, weight, share: weight / sum, mapped: [] }));
}
