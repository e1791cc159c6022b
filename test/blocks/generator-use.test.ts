import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type GeneratorUse,
  generatorUse,
  mergeGeneratorUse,
  type ThreadUse,
} from '../../src/blocks/generator-use.js';

const thread = (changes: Partial<ThreadUse> = {}): ThreadUse => ({
  lastedUs: 10_000_000,
  busyUs: 2_000_000,
  spunUs: 0,
  nearCeilingUs: 0,
  noCoreUs: 100_000,
  gcUs: 50_000,
  gcMaxUs: 1_000,
  stallMaxUs: 2_000,
  ...changes,
});
const PROCESS = { busyShare: 0.25, cpuMs: 4_000, cores: 4 };

test('of several threads the busiest counts, and the worst of the rest', () => {
  const threads = [
    thread({ gcUs: 400_000, noCoreUs: 3_000_000 }),
    thread({ busyUs: 9_500_000, spunUs: 100_000, nearCeilingUs: 7_500_000, gcMaxUs: 9_000 }),
    thread({ busyUs: 1_000_000, spunUs: 8_000_000, stallMaxUs: 40_000 }),
  ];
  assert.deepEqual(generatorUse(threads, PROCESS), {
    threads: 3,
    durationMs: 10_000,
    busyShare: 0.95,
    spinShare: 0.01,
    nearCeilingMs: 7_500,
    noCoreShare: 0.3,
    gcShare: 0.04,
    gcMaxMs: 9,
    stallMaxMs: 40,
    mainBusyShare: 0.25,
    cpuMs: 4_000,
    cores: 4,
  });
});

test('a thread that spins may lose its core too: what it was without one counts as far as it worked', () => {
  const use = generatorUse([thread({ busyUs: 1_000_000, spunUs: 3_000_000, noCoreUs: 2_000_000 })], PROCESS);
  assert.equal(use?.noCoreShare, 0.05);
  const idle = generatorUse([thread({ busyUs: 0, spunUs: 0, noCoreUs: 50 })], PROCESS);
  assert.equal(idle?.noCoreShare, 0);
});

test('threads that sent nothing do not count; without any, nothing is known', () => {
  assert.equal(generatorUse([], PROCESS), null);
  assert.equal(generatorUse([thread({ lastedUs: 0, busyUs: 0 })], PROCESS), null);
  assert.equal(generatorUse([thread({ lastedUs: 0, busyUs: 0 }), thread()], PROCESS)?.threads, 1);
});

test('time without a core is known only if every thread knows it; shares end at 1', () => {
  assert.equal(generatorUse([thread(), thread({ noCoreUs: null })], PROCESS)?.noCoreShare, null);
  const use = generatorUse([thread({ busyUs: 10_000_100, noCoreUs: 11_000_000 })], PROCESS);
  assert.deepEqual([use?.busyShare, use?.noCoreShare], [1, 1]);
});

test('generators of shards: CPU adds up, the busiest counts, and one that is not known hides all', () => {
  const one = generatorUse([thread()], PROCESS);
  const other = generatorUse([thread({ busyUs: 9_000_000, noCoreUs: 0 }), thread()], {
    busyShare: 0.1,
    cpuMs: 1_000,
    cores: 2,
  });
  const merged = mergeGeneratorUse([one, other]);
  assert.deepEqual(
    [merged?.busyShare, merged?.cpuMs, merged?.threads, merged?.cores, merged?.mainBusyShare],
    [0.9, 5_000, 2, 2, 0.25],
  );
  assert.deepEqual(mergeGeneratorUse([one]), one);
  assert.equal(mergeGeneratorUse([one, null]), null);
  assert.equal(mergeGeneratorUse([]), null);
});

test('the order of several generators makes no difference', () => {
  const [a, b, c] = [0.1, 0.2, 0.3].map((cpuMs, i) =>
    generatorUse([thread({ busyUs: 1_000_000 * (i + 1) })], { ...PROCESS, cpuMs }),
  ) as [GeneratorUse, GeneratorUse, GeneratorUse];
  assert.notEqual(0.1 + 0.2 + 0.3, 0.3 + 0.2 + 0.1, 'the sums would differ');
  assert.equal(mergeGeneratorUse([a, b, c])?.cpuMs, 0.6);
  assert.deepEqual(mergeGeneratorUse([a, b, c]), mergeGeneratorUse([c, b, a]));
});
