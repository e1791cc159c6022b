import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { monotonicUs, runClock } from '../../src/blocks/clock.js';

test('it counts from the start it is given', () => {
  const start = monotonicUs();
  const now = runClock(start);
  const read = now();
  assert.ok(read >= 0 && read < 10_000_000, `${read}`);
  assert.ok(Math.abs(runClock(start - 5_000_000)() - runClock(start)() - 5_000_000) < 2_000_000);
});

test('a worker thread reads the same clock, though its own performance.now() began later', async () => {
  const start = monotonicUs();
  const now = runClock(start);
  const source = `
    import { parentPort, workerData } from 'node:worker_threads';
    const { runClock } = await import(workerData.clock);
    const now = runClock(workerData.start);
    parentPort.once('message', () => parentPort.postMessage(now()));
    parentPort.postMessage('ready');
  `;
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(source)}`), {
    workerData: { start, clock: new URL('../../src/blocks/clock.js', import.meta.url).href },
  });
  await once(worker, 'message');
  const before = now();
  worker.postMessage('read');
  const [read] = await once(worker, 'message');
  const after = now();
  assert.ok(read > before - 200 && read < after + 200, `${before} <= ${read} <= ${after}`);
  await worker.terminate();
});
