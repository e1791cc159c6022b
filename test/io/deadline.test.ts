import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { Deadline } from '../../src/io/deadline.js';

test('the deadline is some time after the signal', async () => {
  const stop = new AbortController();
  const deadline = new Deadline({ signal: stop.signal, graceMs: 20 });
  assert.equal(deadline.signal.aborted, false);
  stop.abort();
  assert.equal(deadline.signal.aborted, false);
  await once(deadline.signal, 'abort');
});

test('the second signal brings it forward', async () => {
  const [stop, force] = [new AbortController(), new AbortController()];
  const deadline = new Deadline({ signal: stop.signal, graceMs: 3_600_000, forceSignal: force.signal });
  stop.abort();
  force.abort();
  await once(deadline.signal, 'abort');
  deadline.clear();
});

test('a signal that came before counts from now', async () => {
  const deadline = new Deadline({ signal: AbortSignal.abort(), graceMs: 5 });
  assert.equal(deadline.signal.aborted, false);
  await once(deadline.signal, 'abort');
});

test('a deadline that was cleared never comes', async () => {
  const stop = new AbortController();
  const running = new Deadline({ signal: stop.signal, graceMs: 1 });
  const waiting = new Deadline({ signal: stop.signal, graceMs: 1 });
  waiting.clear();
  stop.abort();
  running.clear();
  await once(new Deadline({ signal: stop.signal, graceMs: 30 }).signal, 'abort');
  assert.equal(running.signal.aborted || waiting.signal.aborted, false);
});
