import assert from 'node:assert/strict';
import { test } from 'node:test';
import { doctorChecks, triedRate } from '../../../src/analysis/doctor/checks.js';
import { CLOSED, MACHINE, OPEN } from '../../support/doctor-results.js';
import { GENERATOR } from '../../support/saved.js';

const rate = (ratePerSecond: number, closed = CLOSED, open: typeof OPEN | null = OPEN) => {
  const [check, ...more] = doctorChecks({ ratePerSecond }, MACHINE, closed, open);
  assert.deepEqual(more, []);
  return `${check?.verdict}: ${check?.text}`;
};

test('a rate: up to half of what was measured, up to that, and above', () => {
  assert.equal(
    rate(20_000),
    'pass: 20,000/s: at most half of what this machine can send (40,000/s with 1 thread)',
  );
  assert.match(rate(20_001), /^inconclusive: 20,001\/s: more than half .* requests are late/);
  assert.match(rate(40_000), /^inconclusive/);
  assert.equal(rate(40_001), 'fail: 40,001/s: the most that this machine sent is 40,000/s with 1 thread');
});

test('where the client was not the limit, what was measured is a lower bound', () => {
  const other = { ...CLOSED, clientLimited: false, threads: 2 };
  assert.match(
    rate(50_000, other),
    /^inconclusive: .* it sent at least 40,000\/s with 2 threads, limited by something else/,
  );
  assert.match(rate(10_000, other), /^pass/);
});

test('on a loaded machine only what no core could have made possible fails', () => {
  const loaded = { ...CLOSED, generator: { ...GENERATOR, busyShare: 0.98, noCoreShare: 0.6 } };
  assert.equal(
    rate(99_999, loaded),
    'inconclusive: 99,999/s: it sent 40,000/s with 1 thread, while other programs had the cores for 60 % of the time',
  );
  assert.match(rate(100_001, loaded), /^fail/);
  assert.match(rate(20_000, loaded), /^pass/);
});

test('requests without an answer at the rate that is asked for', () => {
  const open = { ...OPEN, ratePerSecond: 2_000, requests: 1_990, failed: 10 };
  assert.match(rate(2_000, CLOSED, open), /^inconclusive: 2,000\/s: 10 requests of 2,000 got no answer/);
  assert.match(rate(3_000, CLOSED, open), /^pass/, 'another rate was tried');
  assert.match(rate(2_000, CLOSED, null), /^pass/);
});

test('connections: by what the machine allows; no known limit allows all; nothing asked is no check', () => {
  const verdicts = [988, 989].map(
    (connections) => doctorChecks({ connections }, MACHINE, CLOSED, OPEN)[0]?.verdict,
  );
  assert.deepEqual(verdicts, ['pass', 'fail']);
  const [unknown] = doctorChecks({ connections: 9_000 }, { ...MACHINE, mostConnections: null }, CLOSED, OPEN);
  assert.deepEqual(
    [unknown?.verdict, unknown?.most, unknown?.text],
    ['pass', null, '9,000 connections: no limit is known'],
  );
  assert.deepEqual(doctorChecks({}, MACHINE, CLOSED, OPEN), []);
  assert.equal(doctorChecks({ ratePerSecond: 1, connections: 1 }, MACHINE, CLOSED, OPEN).length, 2);
});

test('lateness is measured at a rate that the machine can send', () => {
  assert.equal(triedRate(20_000, 40_000), 20_000);
  assert.equal(triedRate(50_000, 40_000), 1_000);
  assert.equal(triedRate(undefined, 40_000), 1_000);
  assert.equal(triedRate(undefined, 853.6), 426);
  assert.equal(triedRate(5_000, 0), 1, 'nothing was sent');
});
