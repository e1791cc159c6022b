/** Options → LoadPlan. */
import { availableParallelism } from 'node:os';
import { UserError } from '../../errors.js';
import type { LoadPlan } from '../../plan/plan.js';
import { parseCount, parseDuration, parsePositiveDuration, parsePositiveNumber } from '../../plan/units.js';
import { type Flags, on, one, refuseTogether } from './flags.js';

const DEFAULT_DURATION_MS = 10_000;
const DEFAULT_TIMEOUT_MS = 10_000;
const DEFAULT_CONNECTIONS = 50;
const MAX_CONNECTIONS = 20_000;
const MAX_THREADS = 64;
const MAX_DEFAULT_THREADS = 8;
const MAX_REQUESTS = 1_000_000_000;
/** Requests per second above which another worker thread is worth its cost. */
const RATE_PER_THREAD = 5000;

/**
 * @throws UserError naming the option
 */
export function loadFromFlags(flags: Flags): LoadPlan {
  refuseTogether(flags, [
    ['no-keepalive', 'requests-per-connection', 'the first means one request per connection'],
    ['connections', 'max-in-flight', 'how many may be in flight says how many connections there are'],
  ]);
  const rateText = one(flags, 'rate');
  const rate = rateText === undefined ? null : parsePositiveNumber(rateText, '--rate', 10_000_000);
  if (rate === null) {
    for (const name of ['arrival', 'max-in-flight', 'seed']) {
      if (flags[name] !== undefined)
        throw new UserError(`--${name} belongs to an open loop: give --rate too.`);
    }
  }
  const count = (name: string, max: number): number | null => {
    const text = one(flags, name);
    return text === undefined ? null : parseCount(text, `--${name}`, { min: 1, max });
  };
  const requests = count('requests', MAX_REQUESTS);
  const durationText = one(flags, 'duration');
  const durationMs = durationText === undefined ? null : parsePositiveDuration(durationText, '--duration');
  const connections = count('connections', MAX_CONNECTIONS) ?? DEFAULT_CONNECTIONS;
  const streams = streamsFrom(flags, count('streams', MAX_CONNECTIONS), connections);
  const maxInFlight = count('max-in-flight', MAX_CONNECTIONS) ?? connections * streams;
  const connected = rate === null ? connections : Math.ceil(maxInFlight / streams);
  const timeoutText = one(flags, 'timeout');
  const rampText = one(flags, 'ramp');
  const arrival = one(flags, 'arrival') ?? 'uniform';
  if (arrival !== 'uniform' && arrival !== 'poisson') {
    throw new UserError(`--arrival: '${arrival}' is neither uniform nor poisson.`);
  }
  const seedText = one(flags, 'seed');
  return {
    mode: rate === null ? 'closed' : 'open',
    connections: connected,
    streams,
    maxInFlight,
    ratePerSecond: rate,
    arrival,
    requests,
    durationMs: durationMs ?? (requests === null ? DEFAULT_DURATION_MS : null),
    rampMs: rampText === undefined ? 0 : parseDuration(rampText, '--ramp'),
    warmup: warmupFrom(one(flags, 'warmup')),
    timeoutMs:
      timeoutText === undefined ? DEFAULT_TIMEOUT_MS : parsePositiveDuration(timeoutText, '--timeout'),
    threads: threadsFrom(count('threads', MAX_THREADS), connected, rate),
    requestsPerConnection: perConnectionFrom(flags, count('requests-per-connection', MAX_REQUESTS), streams),
    seed:
      seedText === undefined
        ? Math.floor(Math.random() * 2 ** 32)
        : parseCount(seedText, '--seed', { min: 0, max: 2 ** 32 - 1 }),
  };
}

/** Requests at once on each connection. */
function streamsFrom(flags: Flags, given: number | null, connections: number): number {
  if (given === null) return 1;
  if (!on(flags, 'http2')) {
    throw new UserError('--streams are requests at once on one HTTP/2 connection: give --http2 too.');
  }
  if (given * connections > MAX_CONNECTIONS) {
    throw new UserError(
      `--streams: ${given} on each of ${connections} connections are more than ${MAX_CONNECTIONS} requests at once.`,
    );
  }
  return given;
}

function perConnectionFrom(flags: Flags, given: number | null, streams: number): number | null {
  const most = on(flags, 'no-keepalive') ? 1 : given;
  if (most !== null && most < streams) {
    const flag = given === null ? '--no-keepalive' : '--requests-per-connection';
    throw new UserError(
      `--streams and ${flag} contradict each other: a connection that is closed after ${most} cannot carry ${streams} at once.`,
    );
  }
  return most;
}

/** `500` and `2k` are requests, `5s` is a time. */
function warmupFrom(text: string | undefined): LoadPlan['warmup'] {
  if (text === undefined) return null;
  if (/^[\d_]+[kKM]?$/.test(text)) {
    const requests = parseCount(text, '--warmup', { min: 0, max: MAX_REQUESTS });
    return requests === 0 ? null : { requests };
  }
  const durationMs = parseDuration(text, '--warmup');
  return durationMs === 0 ? null : { durationMs };
}

function threadsFrom(given: number | null, slots: number, rate: number | null): number {
  if (given !== null) {
    if (given > slots) {
      throw new UserError(
        `--threads: ${given} threads cannot share ${slots} connection${slots === 1 ? '' : 's'}: each needs one.`,
      );
    }
    return given;
  }
  const cores = Math.max(1, availableParallelism() - 1);
  const useful = rate === null ? MAX_DEFAULT_THREADS : Math.ceil(rate / RATE_PER_THREAD);
  return Math.min(cores, MAX_DEFAULT_THREADS, useful, slots);
}
