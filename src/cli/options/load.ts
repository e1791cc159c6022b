/** The options for the number and the pace of requests. */
import { UserError } from '../../errors.js';
import {
  DEFAULT_ARRIVAL,
  DEFAULT_CONNECTIONS,
  DEFAULT_DURATION_MS,
  DEFAULT_MAX_TIME_MS,
  DEFAULT_STREAMS,
  DEFAULT_TIMEOUT_MS,
  MAX_REQUESTS_FACTOR,
} from '../../plan/defaults.js';
import type { LoadPlan } from '../../plan/plan.js';
import type { LoadOptions } from '../../plan/plan-options.js';
import {
  CONNECTIONS,
  MAX_RATE_PER_SECOND,
  type Range,
  REQUESTS,
  SEED,
  THREADS,
  WARMUP_REQUESTS,
} from '../../plan/ranges.js';
import { parseCount, parseDuration, parsePositiveDuration, parsePositiveNumber } from '../../plan/units.js';
import { type Flags, on, read, toggle, value } from './flags.js';

/** `10s` */
export const seconds = (ms: number) => `${ms / 1000}s`;

export const LOAD_FLAGS = {
  requests: value('requests to send (default: until the verdict is known, or as many as fit in -z)', {
    alias: 'n',
    sets: 'load.requests',
    common: true,
  }),
  duration: value(
    `how long to send, e.g. 30s, 5m (default: until the verdict is known or -n is reached; ${seconds(DEFAULT_DURATION_MS)} if nothing is expected)`,
    { alias: 'z', sets: 'load.durationMs', common: true },
  ),
  'until-verdict': toggle(
    'send until the verdict is known; the default if weights are expected and neither -n nor -z is given',
    {
      sets: 'load.untilVerdict',
    },
  ),
  'max-requests': value('until the verdict: at most so many requests', {
    defaultDescription: `${MAX_REQUESTS_FACTOR} times what a run of a fixed size needs`,
    sets: 'load.maxRequests',
  }),
  'max-time': value('until the verdict: at most so long', {
    defaultDescription: seconds(DEFAULT_MAX_TIME_MS),
    sets: 'load.maxTimeMs',
  }),
  connections: value('connections; each carries one request at a time (--streams: several)', {
    alias: 'c',
    defaultDescription: String(DEFAULT_CONNECTIONS),
    sets: 'load.connections',
    common: true,
  }),
  streams: value('with --http2: requests at once on each connection', {
    alias: 'p',
    defaultDescription: String(DEFAULT_STREAMS),
    sets: 'load.streams',
  }),
  rate: value(
    'requests per second (open loop: due at fixed times, whether or not earlier ones were answered)',
    {
      alias: 'q',
      sets: 'load.ratePerSecond',
      common: true,
    },
  ),
  arrival: value('open loop: uniform or poisson', {
    defaultDescription: DEFAULT_ARRIVAL,
    sets: 'load.arrival',
  }),
  'max-in-flight': value('open loop: how many requests may be unanswered at once (default: -c × -p)', {
    sets: 'load.maxInFlight',
  }),
  ramp: value('time over which connections, or the rate, grow to the full number', { sets: 'load.rampMs' }),
  settle: value(
    'after a change of the route: wait until every version with weight has answered, at most this long, then send the load',
    { sets: 'settleMs' },
  ),
  warmup: value('requests (500) or time (5s) to send first and leave out of the figures', {
    sets: 'load.warmup',
  }),
  timeout: value('give up on a request after this time', {
    alias: 't',
    defaultDescription: seconds(DEFAULT_TIMEOUT_MS),
    sets: 'load.timeoutMs',
  }),
  threads: value('worker threads (default: by cores)', { sets: 'load.threads' }),
  'no-keepalive': toggle('a new connection for every request', { sets: 'load.keepalive' }),
  'requests-per-connection': value('close each connection after this many requests', {
    sets: 'load.requestsPerConnection',
  }),
  cookies: value(
    'connection: each connection sends back the cookies that it got, until it is closed; off: none',
    {
      defaultDescription: 'off',
      sets: 'load.cookies',
    },
  ),
  driver: value('what sends HTTP/1.1: auto (wire), wire (bare sockets and llhttp) or undici', {
    defaultDescription: 'auto',
    sets: 'load.driver',
  }),
  spin: value(
    'open loop: auto spins until a request is due, within limits; off: timers only, about 1 ms late',
    {
      defaultDescription: 'auto',
      sets: 'load.spin',
    },
  ),
  seed: value('seed of the Poisson arrivals and of values such as {{uuid}}', { sets: 'load.seed' }),
};

/** @throws UserError naming the flag */
export function parseLoad(flags: Flags): LoadOptions {
  return {
    requests: read(flags, 'requests', within(REQUESTS)),
    durationMs: read(flags, 'duration', parsePositiveDuration),
    untilVerdict: on(flags, 'until-verdict') ? true : undefined,
    maxRequests: read(flags, 'max-requests', within(REQUESTS)),
    maxTimeMs: read(flags, 'max-time', parsePositiveDuration),
    connections: read(flags, 'connections', within(CONNECTIONS)),
    streams: read(flags, 'streams', within(CONNECTIONS)),
    ratePerSecond: read(flags, 'rate', (text, flag) => parsePositiveNumber(text, flag, MAX_RATE_PER_SECOND)),
    arrival: read(flags, 'arrival', parseArrival),
    maxInFlight: read(flags, 'max-in-flight', within(CONNECTIONS)),
    rampMs: read(flags, 'ramp', parseDuration),
    warmup: read(flags, 'warmup', parseWarmup),
    timeoutMs: read(flags, 'timeout', parsePositiveDuration),
    threads: read(flags, 'threads', within(THREADS)),
    keepalive: !on(flags, 'no-keepalive'),
    requestsPerConnection: read(flags, 'requests-per-connection', within(REQUESTS)),
    cookies: read(flags, 'cookies', parseCookies),
    driver: read(flags, 'driver', parseDriver),
    spin: read(flags, 'spin', parseSpin),
    seed: read(flags, 'seed', within(SEED)),
  };
}

/** Milliseconds of `--settle`. */
export function parseSettle(flags: Flags): number | undefined {
  return read(flags, 'settle', parsePositiveDuration);
}

/** Reads a whole number in the range. */
export function within(range: Range): (text: string, flag: string) => number {
  return (text, flag) => parseCount(text, flag, range);
}

function parseArrival(text: string, flag: string): LoadPlan['arrival'] {
  if (text === 'uniform' || text === 'poisson') return text;
  throw new UserError(`${flag}: '${text}' is neither uniform nor poisson.`);
}

function parseCookies(text: string, flag: string): LoadPlan['cookies'] {
  if (text === 'off' || text === 'connection') return text;
  throw new UserError(`${flag}: '${text}' is neither off nor connection.`);
}

function parseSpin(text: string, flag: string): LoadPlan['spin'] {
  if (text === 'auto' || text === 'off') return text;
  throw new UserError(`${flag}: '${text}' is neither auto nor off.`);
}

function parseDriver(text: string, flag: string): LoadOptions['driver'] {
  if (text === 'auto' || text === 'wire' || text === 'undici') return text;
  throw new UserError(`${flag}: '${text}' is none of auto, wire, undici.`);
}

/** `500` and `2k` are requests, `5s` is a time. */
function parseWarmup(text: string, flag: string): NonNullable<LoadOptions['warmup']> {
  if (/^[\d_]+[kKM]?$/.test(text)) return { requests: parseCount(text, flag, WARMUP_REQUESTS) };
  return { durationMs: parseDuration(text, flag) };
}
