/** Makes the LoadPlan: checks the options, also against each other, and adds defaults. */
import { availableParallelism } from 'node:os';
import { contradiction, OptionError } from '../errors.js';
import {
  DEFAULT_ARRIVAL,
  DEFAULT_CONNECTIONS,
  DEFAULT_DURATION_MS,
  DEFAULT_MAX_TIME_MS,
  DEFAULT_STREAMS,
  DEFAULT_TIMEOUT_MS,
  MAX_DEFAULT_THREADS,
  RATE_PER_DEFAULT_THREAD,
} from './defaults.js';
import { endsWithVerdict } from './load-end.js';
import type { DriverName, LoadPlan } from './plan.js';
import type { LoadOptions } from './plan-options.js';
import {
  CONNECTIONS,
  checkCount,
  checkDurationMs,
  checkPositive,
  checkPositiveMs,
  MAX_CONNECTIONS,
  MAX_RATE_PER_SECOND,
  type Range,
  REQUESTS,
  SEED,
  THREADS,
  WARMUP_REQUESTS,
} from './ranges.js';

/**
 * @param http2 requests go over HTTP/2
 * @param hasBraces requests may have values, which depend on the seed
 * @throws OptionError naming the option that is wrong, or both that contradict each other
 */
export function makeLoad(options: LoadOptions, http2: boolean, hasBraces = false): LoadPlan {
  checkTogether(options, hasBraces);
  const untilVerdict = endsWithVerdict(options);
  const { arrival = DEFAULT_ARRIVAL, seed } = options;
  if (arrival !== 'uniform' && arrival !== 'poisson') {
    throw new OptionError((name) => `${name('load.arrival')}: '${arrival}' is neither uniform nor poisson.`);
  }
  const rate = given(options.ratePerSecond, 'load.ratePerSecond', (value, option) =>
    checkPositive(value, option, MAX_RATE_PER_SECOND),
  );
  const requests = untilVerdict
    ? givenCount(options.maxRequests, 'load.maxRequests', REQUESTS)
    : givenCount(options.requests, 'load.requests', REQUESTS);
  const connections = givenCount(options.connections, 'load.connections', CONNECTIONS) ?? DEFAULT_CONNECTIONS;
  const streams = streamsOf(options.streams, connections, http2);
  const maxInFlight =
    givenCount(options.maxInFlight, 'load.maxInFlight', CONNECTIONS) ?? connections * streams;
  const connected = rate === null ? connections : Math.ceil(maxInFlight / streams);
  return {
    mode: rate === null ? 'closed' : 'open',
    connections: connected,
    streams,
    maxInFlight,
    ratePerSecond: rate,
    arrival,
    untilVerdict,
    requests,
    durationMs: untilVerdict
      ? checkPositiveMs(options.maxTimeMs ?? DEFAULT_MAX_TIME_MS, 'load.maxTimeMs')
      : (given(options.durationMs, 'load.durationMs', checkPositiveMs) ??
        (requests === null ? DEFAULT_DURATION_MS : null)),
    rampMs: checkDurationMs(options.rampMs ?? 0, 'load.rampMs', 0),
    warmup: warmupOf(options.warmup),
    timeoutMs: checkPositiveMs(options.timeoutMs ?? DEFAULT_TIMEOUT_MS, 'load.timeoutMs'),
    threads: threadsOf(options.threads, connected, rate),
    requestsPerConnection: perConnectionOf(options, streams),
    cookies: cookiesOf(options),
    driver: driverOf(options, http2),
    spin: spinOf(options),
    seed: givenCount(seed, 'load.seed', SEED) ?? Math.floor(Math.random() * 2 ** 32),
  };
}

/** The checked value; null if none is given. */
function given(
  value: number | undefined,
  option: string,
  check: (value: number, option: string) => number,
): number | null {
  return value === undefined ? null : check(value, option);
}

function givenCount(value: number | undefined, option: string, range: Range): number | null {
  return given(value, option, (number) => checkCount(number, option, range));
}

function checkTogether(options: LoadOptions, hasBraces: boolean): void {
  if (options.keepalive === false && options.requestsPerConnection !== undefined) {
    throw contradiction(
      'load.keepalive',
      'load.requestsPerConnection',
      'the first means one request per connection',
    );
  }
  if (options.connections !== undefined && options.maxInFlight !== undefined) {
    throw contradiction(
      'load.connections',
      'load.maxInFlight',
      'the number in flight already sets the number of connections',
    );
  }
  if (options.ratePerSecond !== undefined) return;
  for (const key of ['arrival', 'maxInFlight', 'spin'] as const) {
    if (options[key] === undefined) continue;
    throw new OptionError(
      (name) => `${name(`load.${key}`)} belongs to an open loop: give ${name('load.ratePerSecond')} too.`,
    );
  }
  if (options.seed === undefined || hasBraces) return;
  throw new OptionError(
    (name) =>
      `${name('load.seed')} is for values such as {{uuid}}, and for an open loop: give ${name('load.ratePerSecond')} too.`,
  );
}

function streamsOf(value: number | undefined, connections: number, http2: boolean): number {
  const streams = givenCount(value, 'load.streams', CONNECTIONS);
  if (streams === null) return DEFAULT_STREAMS;
  if (!http2) {
    throw new OptionError(
      (name) =>
        `${name('load.streams')} are requests at once on one HTTP/2 connection: give ${name('http2')} too.`,
    );
  }
  if (streams * connections > MAX_CONNECTIONS) {
    throw new OptionError(
      (name) =>
        `${name('load.streams')}: ${streams} on each of ${connections} connections are more than ${MAX_CONNECTIONS} requests at once.`,
    );
  }
  return streams;
}

function perConnectionOf({ keepalive, requestsPerConnection }: LoadOptions, streams: number): number | null {
  const most =
    keepalive === false ? 1 : givenCount(requestsPerConnection, 'load.requestsPerConnection', REQUESTS);
  if (most !== null && most < streams) {
    throw contradiction(
      'load.streams',
      keepalive === false ? 'load.keepalive' : 'load.requestsPerConnection',
      `a connection that is closed after ${most} cannot carry ${streams} at once`,
    );
  }
  return most;
}

function cookiesOf({ cookies = 'off' }: LoadOptions): LoadPlan['cookies'] {
  if (cookies === 'off' || cookies === 'connection') return cookies;
  throw new OptionError((name) => `${name('load.cookies')}: '${cookies}' is neither off nor connection.`);
}

function spinOf({ spin = 'auto' }: LoadOptions): LoadPlan['spin'] {
  if (spin === 'auto' || spin === 'off') return spin;
  throw new OptionError((name) => `${name('load.spin')}: '${spin}' is neither auto nor off.`);
}

function driverOf({ driver = 'auto' }: LoadOptions, http2: boolean): DriverName {
  if (driver !== 'auto' && driver !== 'wire' && driver !== 'undici') {
    throw new OptionError((name) => `${name('load.driver')}: '${driver}' is none of auto, wire, undici.`);
  }
  if (!http2) return driver === 'auto' ? 'wire' : driver;
  if (driver === 'auto') return 'node-http2';
  throw contradiction('load.driver', 'http2', `${driver} sends HTTP/1.1 only`);
}

/** Null for a warm-up of 0 requests or 0 ms too. */
function warmupOf(warmup: LoadOptions['warmup']): LoadPlan['warmup'] {
  if (warmup === undefined) return null;
  if ('requests' in warmup) {
    const requests = checkCount(warmup.requests, 'load.warmup', WARMUP_REQUESTS);
    return requests === 0 ? null : { requests };
  }
  const durationMs = checkDurationMs(warmup.durationMs, 'load.warmup', 0);
  return durationMs === 0 ? null : { durationMs };
}

function threadsOf(value: number | undefined, connections: number, rate: number | null): number {
  const threads = givenCount(value, 'load.threads', THREADS);
  if (threads !== null && threads > connections) {
    throw new OptionError(
      (name) =>
        `${name('load.threads')}: ${threads} threads cannot share ${connections} connection${connections === 1 ? '' : 's'}: each needs one.`,
    );
  }
  if (threads !== null) return threads;
  const cores = Math.max(1, availableParallelism() - 1);
  const useful = rate === null ? MAX_DEFAULT_THREADS : Math.ceil(rate / RATE_PER_DEFAULT_THREAD);
  return Math.min(cores, MAX_DEFAULT_THREADS, useful, connections);
}
