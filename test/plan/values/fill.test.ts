import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { connectionOf, fill, seqOf, uuidOf } from '../../../src/plan/values/fill.js';
import { TemplateReader } from '../../../src/plan/values/template.js';

const read = (text: string) => new TemplateReader().read(text, { name: () => '', mayShow: true });
const VERSION_4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

test('a UUID has the form of version 4, and is the same on every machine', () => {
  assert.equal(uuidOf({ seed: 7, worker: 0, workers: 2 }, 0), '83f3c241-9eec-48f5-be8a-84265d53766b');
  assert.equal(uuidOf({ seed: 7, worker: 1, workers: 2 }, 0), uuidOf({ seed: 7, worker: 1, workers: 9 }, 0));
  fc.assert(
    fc.property(fc.nat(2 ** 32 - 1), fc.nat(63), fc.nat(2 ** 32 - 1), (seed, worker, sequence) => {
      assert.match(uuidOf({ seed, worker, workers: 64 }, sequence), VERSION_4);
    }),
    { numRuns: 200 },
  );
});

test('no two requests of a run have a UUID or number in common, nor two connections', () => {
  for (const seed of [0, 1, 2 ** 32 - 1]) {
    const uuids = new Set<string>();
    const numbers = new Set<number>();
    const connections = new Set<number>();
    for (let worker = 0; worker < 8; worker += 1) {
      const run = { seed, worker, workers: 8 };
      for (let sequence = 0; sequence < 1000; sequence += 1) {
        uuids.add(uuidOf(run, sequence));
        numbers.add(seqOf(run, sequence));
        connections.add(connectionOf(run, sequence + 1));
      }
    }
    for (const set of [uuids, numbers, connections]) assert.equal(set.size, 8000);
    assert.deepEqual([Math.min(...numbers), Math.max(...numbers)], [0, 7999]);
    assert.deepEqual([Math.min(...connections), Math.max(...connections)], [0, 7999]);
  }
});

test('each bit of a UUID that is not fixed is set in half of them', () => {
  const counts = new Map<number, number>();
  const n = 4000;
  for (let sequence = 0; sequence < n; sequence += 1) {
    const digits = uuidOf({ seed: 3, worker: 1, workers: 2 }, sequence).replaceAll('-', '');
    for (let digit = 0; digit < 32; digit += 1) {
      const value = Number.parseInt(digits.charAt(digit), 16);
      for (let bit = 0; bit < 4; bit += 1) {
        counts.set(digit * 4 + bit, (counts.get(digit * 4 + bit) ?? 0) + ((value >> bit) & 1));
      }
    }
  }
  const fixed = [48, 49, 50, 51, 66, 67];
  for (const [bit, count] of counts) {
    // Five standard errors.
    if (!fixed.includes(bit))
      assert.ok(Math.abs(count - n / 2) <= 5 * Math.sqrt(n / 4), `bit ${bit}: ${count}`);
  }
});

test('rand: each number of the range equally often, another draw at each place', () => {
  const template = read('{{rand 1 10}} {{rand 1 10}}');
  const counts = new Map<string, number>();
  const n = 20_000;
  for (let sequence = 0; sequence < n; sequence += 1) {
    const pair = fill(template, { seed: 5, worker: 0, workers: 1 }, sequence, 1);
    counts.set(pair, (counts.get(pair) ?? 0) + 1);
  }
  assert.equal(counts.size, 100);
  const expected = n / 100;
  const chiSquare = [...counts.values()].reduce((sum, k) => sum + (k - expected) ** 2 / expected, 0);
  // 99 degrees of freedom: five standard deviations, sqrt(2 × 99), above the mean.
  assert.ok(chiSquare < 99 + 5 * Math.sqrt(198), String(chiSquare));
});

test('property: rand stays in its range', () => {
  const whole = fc.integer({ min: -(2 ** 52), max: 2 ** 52 - 2 });
  fc.assert(
    fc.property(whole, whole, fc.nat(), fc.nat(2 ** 32 - 1), (a, b, sequence, seed) => {
      const [low, high] = a < b ? [a, b] : [b, a];
      const drawn = Number(
        fill(read(`{{rand ${low} ${high}}}`), { seed, worker: 0, workers: 1 }, sequence, 1),
      );
      assert.ok(Number.isSafeInteger(drawn) && drawn >= low && drawn <= high, `${low} ${drawn} ${high}`);
    }),
    { numRuns: 300 },
  );
});

test('one request has one UUID, wherever it stands', () => {
  const run = { seed: 1, worker: 2, workers: 3 };
  const id = uuidOf(run, 4);
  assert.equal(fill(read('{{uuid}}/{{uuid}} {{seq}} {{connection}}'), run, 4, 2), `${id}/${id} 14 5`);
});
