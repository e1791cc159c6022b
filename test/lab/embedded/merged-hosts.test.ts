import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { type HostSetChange, MergedHosts } from '../../../src/lab/embedded/merged-hosts.js';

function model() {
  const changes: HostSetChange[] = [];
  const made = new MergedHosts((change) => changes.push(change));
  const told = () => changes.map(({ atMs, host, healthy }) => `${atMs} ${healthy ? '+' : '-'}${host}`);
  return { made, told };
}

test('the first change takes effect at once, and so does one more than a second later', () => {
  const { made, told } = model();
  assert.equal(made.takesRequests('a', 0), true);
  made.change('a', false, 100);
  assert.equal(made.takesRequests('a', 100), false);
  made.change('a', true, 1101);
  assert.deepEqual(told(), ['100 -a', '1101 +a']);
});

test('a change within a second waits for a whole second of its own, as Envoy counts milliseconds', () => {
  const { made, told } = model();
  made.change('a', false, 100);
  made.change('b', false, 1100.9);
  assert.equal(made.takesRequests('b', 2100.8), true);
  assert.equal(made.takesRequests('b', 2100.9), false);
  assert.deepEqual(told(), ['100 -a', '2100.9 -b']);
});

test('put back and ejected again 59 ms later: it goes on serving for a second', () => {
  const { made, told } = model();
  made.change('a', false, 0);
  made.change('a', true, 5000);
  made.change('a', false, 5059);
  assert.equal(made.takesRequests('a', 6058), true);
  assert.equal(made.takesRequests('a', 6059), false);
  assert.deepEqual(told(), ['0 -a', '5000 +a', '6059 -a']);
});

test('what comes while the timer runs goes with it, and the next second counts from there', () => {
  const { made, told } = model();
  made.change('a', false, 0);
  made.change('b', false, 10);
  made.change('c', false, 900);
  made.change('d', false, 1000);
  made.change('e', false, 1011);
  made.advance(3000);
  assert.deepEqual(told(), ['0 -a', '1010 -b', '1010 -c', '1010 -d', '2011 -e']);
});

test('a change more than a second after the last handing over overtakes the timer', () => {
  const { made, told } = model();
  made.change('a', false, 0);
  made.change('b', false, 900);
  made.change('c', false, 1200);
  made.change('d', false, 2000);
  made.advance(9000);
  assert.deepEqual(told(), ['0 -a', '1200 -b', '1200 -c', '3000 -d']);
});

test('two that come back at one sweep: the second a second later', () => {
  const { made, told } = model();
  for (const [index, host] of ['a', 'b'].entries()) made.change(host, false, 2000 * index);
  made.change('a', true, 9000);
  made.change('b', true, 9000);
  made.advance(20_000);
  assert.deepEqual(told(), ['0 -a', '2000 -b', '9000 +a', '10000 +b']);
});

test('ejected and put back while the timer runs: the workers never hear of it', () => {
  const { made, told } = model();
  made.change('a', false, 0);
  made.change('b', false, 500);
  made.change('b', true, 800);
  made.change('c', true, 900);
  made.advance(5000);
  assert.deepEqual(told(), ['0 -a']);
});

const steps = fc.array(fc.tuple(fc.nat(3), fc.boolean(), fc.nat(1500)), { maxLength: 60 });

test('any history: nothing is late by more than a window, times are in order, the end is the last word', () => {
  fc.assert(
    fc.property(steps, (history) => {
      const changes: HostSetChange[] = [];
      const made = new MergedHosts((change) => changes.push(change));
      const last = new Map<string, { healthy: boolean; atMs: number }>();
      let atMs = 0;
      for (const [index, healthy, laterMs] of history) {
        atMs += laterMs;
        const host = `h${index}`;
        made.change(host, healthy, atMs);
        last.set(host, { healthy, atMs });
        for (const [name, word] of last) {
          // Settled for a whole window: the workers know it.
          if (atMs - word.atMs >= 1000) assert.equal(made.takesRequests(name, atMs), word.healthy);
        }
      }
      made.advance(atMs + 1000);
      for (const [host, { healthy }] of last) assert.equal(made.takesRequests(host, atMs + 1000), healthy);
      for (let i = 1; i < changes.length; i++) {
        const gap = (changes[i] as HostSetChange).atMs - (changes[i - 1] as HostSetChange).atMs;
        assert.ok(gap === 0 || gap >= 1000, 'workers are told at most once a second');
      }
    }),
    { seed: 20261201, numRuns: 300 },
  );
});
