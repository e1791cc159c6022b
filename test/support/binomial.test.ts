import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../src/random.js';
import { binomialChances, binomialDraw } from './binomial.js';

test('binomial draws have their chances', () => {
  const random = seededRandom(23);
  const draws = 20_000;
  for (const [n, p] of [
    [100, 0.01],
    [100, 0.12],
    [100, 0.5],
    [300, 0.98],
    [2000, 0.3],
  ] as const) {
    const seen = new Float64Array(n + 1);
    for (let i = 0; i < draws; i++) (seen[binomialDraw(n, p, random)] as number)++;
    const chances = binomialChances(n, p);
    let below = 0;
    let chance = 0;
    for (let k = 0; k <= n; k++) {
      below += seen[k] as number;
      chance += chances[k] as number;
      const error = Math.sqrt(Math.max(0, chance * (1 - chance)) / draws);
      assert.ok(Math.abs(below / draws - chance) <= 5 * error + 1e-3, `P(X <= ${k}) of ${n} at ${p}`);
    }
  }
  assert.deepEqual(
    [binomialDraw(7, 0, random), binomialDraw(7, 1, random), binomialDraw(0, 0.5, random)],
    [0, 7, 0],
  );
});
