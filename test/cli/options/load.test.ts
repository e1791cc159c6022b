import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Flags } from '../../../src/cli/options/flags.js';
import { parseLoad } from '../../../src/cli/options/load.js';
import { makeLoad } from '../../../src/plan/load.js';
import { endedByVerdict } from '../../../src/plan/load-end.js';

const loadFromFlags = (flags: Flags, judged = false) => {
  const options = parseLoad(flags);
  return endedByVerdict(makeLoad(options, flags['http2'] === true), options, judged);
};

test('-n ends the run, -z too, without either it is 10 s', () => {
  const ends = (flags: Record<string, string>) => {
    const { requests, durationMs } = loadFromFlags(flags);
    return { requests, durationMs };
  };
  assert.deepEqual(ends({}), { requests: null, durationMs: 10_000 });
  assert.deepEqual(ends({ requests: '20k' }), { requests: 20_000, durationMs: null });
  assert.deepEqual(ends({ duration: '1h30m' }), { requests: null, durationMs: 5_400_000 });
  assert.deepEqual(ends({ requests: '5', duration: '1.5s' }), { requests: 5, durationMs: 1500 });
});

test('a rate makes an open loop, with -c or --max-in-flight for what may be unanswered', () => {
  const open = loadFromFlags({ rate: '1000', connections: '7' });
  assert.equal(open.mode, 'open');
  assert.equal(open.ratePerSecond, 1000);
  assert.equal(open.arrival, 'uniform');
  assert.equal(open.maxInFlight, 7);
  const poisson = loadFromFlags({ rate: '0.5', arrival: 'poisson', 'max-in-flight': '9', seed: '4' });
  assert.equal(poisson.arrival, 'poisson');
  assert.equal(poisson.maxInFlight, 9);
  assert.equal(poisson.seed, 4);
});

test('--warmup takes requests or a time', () => {
  assert.deepEqual(loadFromFlags({ warmup: '500' }).warmup, { requests: 500 });
  assert.deepEqual(loadFromFlags({ warmup: '2k' }).warmup, { requests: 2000 });
  assert.deepEqual(loadFromFlags({ warmup: '5s' }).warmup, { durationMs: 5000 });
  assert.equal(loadFromFlags({ warmup: '0' }).warmup, null);
  assert.equal(loadFromFlags({}).warmup, null);
});

test('--no-keepalive is one request per connection', () => {
  assert.equal(loadFromFlags({ 'no-keepalive': true }).requestsPerConnection, 1);
  assert.equal(loadFromFlags({ 'requests-per-connection': '3' }).requestsPerConnection, 3);
  assert.equal(loadFromFlags({}).requestsPerConnection, null);
});

test('-p streams on each of -c connections; in an open loop as few connections as carry what may be in flight', () => {
  const sizes = (flags: Record<string, string | boolean>) => {
    const { connections, streams, maxInFlight } = loadFromFlags({ http2: true, ...flags });
    return [connections, streams, maxInFlight];
  };
  assert.deepEqual(sizes({}), [50, 1, 50]);
  assert.deepEqual(sizes({ connections: '10', streams: '4' }), [10, 4, 40]);
  assert.deepEqual(sizes({ rate: '5', connections: '10', streams: '4' }), [10, 4, 40]);
  assert.deepEqual(sizes({ rate: '5', streams: '4', 'max-in-flight': '9' }), [3, 4, 9]);
  assert.deepEqual(sizes({ rate: '5', streams: '4', 'max-in-flight': '2' }), [1, 4, 2]);
  assert.equal(loadFromFlags({ http2: true, connections: '2', streams: '50', threads: '2' }).threads, 2);
});

test('threads: never more than connections, as many as said', () => {
  assert.equal(loadFromFlags({ connections: '1' }).threads, 1);
  assert.equal(loadFromFlags({ connections: '8', threads: '5' }).threads, 5);
  assert.equal(loadFromFlags({ rate: '10' }).threads, 1);
});

test('where there is a verdict to wait for, it ends the run, unless -n or -z do', () => {
  const ends = (flags: Flags, judged = true) => {
    const { untilVerdict, requests, durationMs } = loadFromFlags(flags, judged);
    return [untilVerdict, requests, durationMs];
  };
  assert.deepEqual(ends({}), [true, null, 300_000]);
  assert.deepEqual(ends({ 'until-verdict': true, 'max-requests': '5k' }), [true, 5000, 300_000]);
  assert.deepEqual(ends({ 'max-time': '20s' }), [true, null, 20_000]);
  assert.deepEqual(ends({ requests: '100' }), [false, 100, null]);
  assert.deepEqual(ends({ duration: '3s' }), [false, null, 3000]);
  assert.throws(
    () => ends({ requests: '100', 'until-verdict': true }),
    /untilVerdict.*requests|requests.*untilVerdict/,
  );
  assert.throws(() => ends({ duration: '3s', 'max-requests': '100' }), /maxRequests/);
  assert.throws(() => ends({ 'until-verdict': true }, false), /there is no verdict to wait for/);
});
