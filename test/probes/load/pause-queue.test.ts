/** Lanes that wait, with a clock of the test's own. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Lane } from '../../../src/probes/lane/lane.js';
import { PauseQueue } from '../../../src/probes/load/pause-queue.js';

/** A clock that is moved by hand; timers come when they are due. */
class Clock {
  readonly maxLanes = 3;
  nowMs = 0;
  timers: { atMs: number; action: () => void }[] = [];
  readonly now = () => this.nowMs * 1000;

  after(ms: number, action: () => void): void {
    this.timers.push({ atMs: this.nowMs + ms, action });
  }

  moveTo(ms: number): void {
    this.nowMs = ms;
    const due = this.timers.filter(({ atMs }) => atMs <= ms);
    this.timers = this.timers.filter(({ atMs }) => atMs > ms);
    for (const { action } of due) action();
  }
}

function queue(waitMs: number) {
  const clock = new Clock();
  const gone: [string, number][] = [];
  const pauses = new PauseQueue(clock, waitMs, (lane) => gone.push([String(lane), clock.nowMs]));
  const add = (name: string) => pauses.add(name as unknown as Lane);
  return { clock, gone, add };
}

test('each lane waits its time, in order, with one timer for all', () => {
  const { clock, gone, add } = queue(100);
  add('a');
  clock.moveTo(30);
  add('b');
  add('c');
  assert.equal(clock.timers.length, 1);
  clock.moveTo(100);
  assert.deepEqual(gone, [['a', 100]]);
  assert.equal(clock.timers.length, 1);
  clock.moveTo(129);
  assert.equal(gone.length, 1);
  clock.moveTo(130);
  assert.deepEqual(gone.slice(1), [
    ['b', 130],
    ['c', 130],
  ]);
  assert.equal(clock.timers.length, 0);
});

test('more lanes in all than places: they are used again', () => {
  const { clock, gone, add } = queue(10);
  for (let round = 0; round < 50; round += 1) {
    clock.moveTo(round * 4);
    add(`lane ${round}`);
    assert.ok(clock.timers.length <= 1);
  }
  clock.moveTo(206);
  assert.deepEqual(
    gone.map(([name]) => name),
    Array.from({ length: 50 }, (_, round) => `lane ${round}`),
  );
});

test('a timer that comes early is set again', () => {
  const { clock, gone, add } = queue(10);
  add('a');
  const [timer] = clock.timers.splice(0);
  clock.nowMs = 9.4;
  timer?.action();
  assert.deepEqual(gone, []);
  clock.moveTo(10.4);
  assert.equal(gone.length, 1);
});

test('a lane that comes back while others go on waits again', () => {
  const clock = new Clock();
  let gone = 0;
  const pauses: PauseQueue = new PauseQueue(clock, 10, (lane) => {
    gone += 1;
    if (gone < 4) pauses.add(lane);
  });
  pauses.add('a' as unknown as Lane);
  pauses.add('b' as unknown as Lane);
  for (const ms of [10, 20, 30]) {
    clock.moveTo(ms);
    assert.ok(clock.timers.length <= 1);
  }
  assert.equal(gone, 5);
});
