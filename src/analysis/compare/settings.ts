/** What should be the same in two results, so that a difference is one of the gateway or its versions. */
import { counted, plain, rate } from '../../text/numbers.js';
import { drawsAreConnections } from './draws.js';
import type { Comparable, ComparableLimits, ComparableRun } from './inputs.js';

/** A setting that should be the same in both; null: not known, and not compared. */
export interface Setting<Result> {
  readonly code: string;
  readonly what: string;
  of(result: Result): string | null;
}

export const COMMON: readonly Setting<Comparable>[] = [
  { code: 'other-url', what: 'URL', of: ({ target }) => target.url },
  { code: 'other-host', what: 'Host', of: ({ target }) => target.host },
  { code: 'other-method', what: 'method', of: ({ target }) => target.method },
  { code: 'other-protocol', what: 'protocol', of: ({ target }) => target.protocol },
  {
    code: 'other-headers',
    what: 'request headers',
    of: ({ target }) => target.headers.map(([name, value]) => `${name}: ${value}`).join(', ') || 'none',
  },
];

export const OF_RUNS: readonly Setting<ComparableRun>[] = [
  {
    code: 'other-loop',
    what: 'kind of load',
    of: ({ load }) =>
      load.mode === 'unknown' ? 'not known' : load.mode === 'open' ? 'open loop' : 'closed loop',
  },
  {
    code: 'other-rate',
    what: 'rate',
    of: ({ load }) =>
      load.mode === 'open' ? `${rate(load.ratePerSecond ?? 0)} ${load.arrival ?? ''}`.trim() : null,
  },
  {
    code: 'other-connections',
    what: 'number of connections',
    of: ({ load }) =>
      load.mode === 'unknown'
        ? null
        : `${counted(load.connections, 'connection')}${load.streams === 1 ? '' : ` of ${counted(load.streams, 'stream')}`}`,
  },
  {
    code: 'other-in-flight',
    what: 'number of requests in flight at most',
    of: ({ load }) => (load.maxInFlight === null ? null : String(load.maxInFlight)),
  },
  {
    code: 'other-threads',
    what: 'number of threads',
    of: ({ load }) => (load.mode === 'unknown' ? null : counted(load.threads, 'thread')),
  },
  { code: 'other-driver', what: 'driver', of: ({ load }) => load.driver },
  {
    code: 'other-timeout',
    what: 'time-out',
    of: ({ load }) => (load.mode === 'unknown' ? null : `${plain(load.timeoutMs / 1000)} s`),
  },
  {
    code: 'other-keepalive',
    what: 'number of requests per connection',
    of: ({ load }) => (load.requestsPerConnection === null ? 'any' : String(load.requestsPerConnection)),
  },
  { code: 'other-cookies', what: 'use of cookies', of: ({ load }) => load.cookies },
  {
    code: 'other-identifier',
    what: 'place to read the version from',
    of: ({ identifier }) => identifier.version,
  },
  {
    code: 'other-expectation',
    what: 'expected shares',
    of: ({ versions }) =>
      versions
        .filter(({ expectedShare }) => expectedShare !== null)
        .map(({ version, expectedShare }) => `${version} ${plain((expectedShare ?? 0) * 100)} %`)
        .join(', ') || 'none',
  },
  {
    code: 'other-tolerance',
    what: 'tolerance of shares',
    of: ({ versions }) =>
      versions
        .filter(({ tolerancePoints }) => tolerancePoints !== null)
        .map(({ version, tolerancePoints }) => `${version} ± ${plain(tolerancePoints ?? 0)}`)
        .join(', ') || null,
  },
  {
    code: 'other-confidence',
    what: 'level of its own intervals',
    of: ({ errors }) => `${plain(errors.intervalConfidence * 100)} %`,
  },
  {
    code: 'other-errors',
    what: 'statuses that are errors',
    of: ({ errors }) => errors.statuses.join(', ') || 'none',
  },
  {
    code: 'other-unit',
    what: 'draw of a version',
    of: (run) => (drawsAreConnections(run) ? 'one for each connection' : 'one for each request'),
  },
];

export const OF_LIMITS: readonly Setting<ComparableLimits>[] = [
  { code: 'other-search', what: 'search', of: ({ limits }) => `by ${limits.search}` },
  {
    code: 'other-connections',
    what: 'number of streams on a connection',
    of: ({ limits }) => String(limits.streams),
  },
  { code: 'other-waits', what: 'way to go on after a refusal', of: ({ limits }) => limits.afterRefusal },
  {
    code: 'other-threshold',
    what: 'threshold of refusals',
    of: ({ limits }) => `${plain(limits.refusalThreshold * 100)} %`,
  },
];
