import assert from 'node:assert/strict';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { SpinTime } from '../../../src/probes/load/spin-time.js';
import { ThreadMeter } from '../../../src/probes/load/thread-meter.js';

function work(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

test('work is busy, waiting and sleeping are not, and spinning is told apart', async () => {
  const spin = new SpinTime();
  const meter = new ThreadMeter(spin);
  meter.start();
  // A stall is seen between two timers. These began later than the meter's, so that it has had its first one too.
  const timers = monitorEventLoopDelay({ resolution: 10 });
  timers.enable();
  while (timers.count === 0) await delay(5);
  timers.disable();
  work(60);
  spin.begin(0);
  work(30);
  spin.end(30_000);
  work(25);
  spin.sleptUs += 25_000;
  await delay(20);
  meter.tick();
  meter.stop();
  const { use } = meter;
  assert.ok(use !== null);
  assert.equal(use.spunUs, 30_000);
  assert.ok(use.busyUs >= 59_000, `${use.busyUs} µs busy`);
  assert.ok(use.lastedUs >= use.busyUs + use.spunUs + 25_000, 'sleep is no work');
  assert.ok(use.stallMaxUs >= 50_000, `${use.stallMaxUs} µs without an event`);
  // On a busy machine this may take long enough for a window.
  assert.ok(use.nearCeilingUs === 0 || use.lastedUs >= 500_000, 'the time was too short for a window');
  assert.ok(use.noCoreUs === null || use.noCoreUs >= 0);
});

test('windows that are busy throughout, and nothing before it starts', async () => {
  const meter = new ThreadMeter(new SpinTime());
  meter.stop();
  meter.tick();
  meter.start();
  await delay(1);
  work(700);
  meter.tick();
  meter.stop();
  assert.ok((meter.use?.nearCeilingUs ?? 0) >= 500_000);
});
