/** How an open loop waits, without a clock. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { spinShare, Waiting } from '../../../src/probes/load/waiting.js';

const chosen = (waiting: Waiting, waitUs: number, isIdle: boolean, nowUs = 0, spunUs = 0) => {
  const how = waiting.choose(waitUs, isIdle, nowUs, spunUs);
  return how === 'timer' ? `${waiting.ms} ms` : how === 'sleep' ? `sleep ${waiting.sleepUs} µs` : how;
};

test('all of the time with a core for each thread, nine tenths without, none if it is off', () => {
  assert.equal(spinShare('auto', 4, 3), 1);
  assert.equal(spinShare('auto', 2, 2), 0.9);
  assert.equal(spinShare('auto', 1, 1), 0.9);
  assert.equal(spinShare('off', 4, 1), 0);
});

test('long before the due time a timer that ends a millisecond early, then spinning', () => {
  const waiting = new Waiting(1);
  assert.equal(chosen(waiting, 10_000, false), '9 ms');
  assert.equal(chosen(waiting, 1_500, false), '0 ms');
  assert.equal(chosen(waiting, 1_499, false), 'spin');
  assert.equal(chosen(waiting, 1, false), 'spin');
});

test('while nothing is in flight it sleeps until shortly before, and spins for the rest', () => {
  const waiting = new Waiting(1);
  assert.equal(chosen(waiting, 10_000, true), '9 ms');
  assert.equal(chosen(waiting, 1_000, true), 'sleep 850 µs');
  assert.equal(chosen(waiting, 200, true), 'sleep 50 µs');
  assert.equal(chosen(waiting, 199, true), 'spin');
});

test('what is due and finds no free lane is looked after by a timer', () => {
  assert.equal(chosen(new Waiting(1), 0, false), '1 ms');
  assert.equal(chosen(new Waiting(0.5), -3_000, false), '1 ms');
  assert.equal(chosen(new Waiting(0), -3_000, false), '1 ms');
});

test('off: timers only, and none before the due time', () => {
  const waiting = new Waiting(0);
  assert.equal(chosen(waiting, 10_000, true), '10 ms');
  assert.equal(chosen(waiting, 1_200, true), '2 ms');
  assert.equal(chosen(waiting, 40, false), '1 ms');
});

test('half of the time: what was spun beyond it is waited for by a timer, and sleeps cost nothing of it', () => {
  const waiting = new Waiting(0.5);
  let nowUs = 0;
  let spunUs = 0;
  let timers = 0;
  for (let round = 0; round < 2_000; round += 1) {
    const how = chosen(waiting, 500, false, nowUs, spunUs);
    nowUs += 500;
    if (how === 'spin') spunUs += 500;
    else timers += 1;
  }
  // And the 10 ms that may be spun at once.
  assert.ok(Math.abs(spunUs - nowUs / 2) <= 10_500, `${spunUs} of ${nowUs} µs`);
  assert.ok(timers > 900);
  assert.equal(chosen(waiting, 500, true, nowUs, spunUs + 20_000), 'sleep 350 µs');
});

test('time that was not spun is kept for 10 ms at most', () => {
  const waiting = new Waiting(0.5);
  assert.equal(chosen(waiting, 500, false, 0, 0), 'spin');
  // A minute later, 10.4 ms were spun at once.
  assert.equal(chosen(waiting, 500, false, 60e6, 0), 'spin');
  assert.equal(chosen(waiting, 500, false, 60e6 + 10_400, 10_400), 'spin');
  assert.equal(chosen(waiting, 500, false, 60e6 + 31_000, 31_000), '1 ms');
});
