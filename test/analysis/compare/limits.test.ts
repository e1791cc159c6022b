import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LimitsResult } from '../../../src/analysis/limits/result.js';
import { compare } from '../../../src/compare.js';
import { UserError } from '../../../src/errors.js';
import { comparableRun } from '../../support/comparable.js';
import { readComparison } from '../../support/compare-schema.js';
import { foundByRate, foundKnee, noRefusals } from '../../support/limits-results.js';

const compared = (...results: LimitsResult[]) => {
  const result = compare(results);
  readComparison(JSON.stringify(result));
  assert.deepEqual([result.of, result.tests], ['limits', results.length - 1]);
  return result;
};
const kneeAt = (knee: number, width = 3) =>
  foundKnee({ kneeConnections: knee, kneeBounds: [knee - width, knee + width] });
const first = (...results: LimitsResult[]) => compared(...results).comparisons[0]?.differences[0];

test('a lower knee is worse, a higher one better, and one within a tenth the same', () => {
  assert.equal(first(kneeAt(160), kneeAt(120))?.outcome, 'worse');
  assert.equal(first(kneeAt(120), kneeAt(160))?.outcome, 'better');
  assert.equal(first(kneeAt(160), kneeAt(161))?.outcome, 'alike');
  assert.equal(first(kneeAt(160), kneeAt(150))?.outcome, 'slight');
  assert.equal(first(kneeAt(160, 40), kneeAt(120, 40))?.outcome, 'unknown');
});

test('the interval of one pair is that of the knees, and a wider one of several', () => {
  const one = first(kneeAt(160), kneeAt(120));
  assert.ok(Math.abs((one?.interval?.[0] ?? 0) - (-40 - Math.hypot(3, 3))) < 1e-9);
  const several = compared(kneeAt(160), kneeAt(120), kneeAt(120)).comparisons[0]?.differences[0];
  assert.ok((several?.interval?.[0] ?? 0) < (one?.interval?.[0] ?? 0));
});

test('without a knee, or by another search, it cannot be told', () => {
  assert.equal(first(noRefusals(), noRefusals())?.reason, 'neither found a knee');
  assert.equal(first(kneeAt(160), noRefusals())?.reason, 'it found no knee');
  assert.equal(first(noRefusals(), kneeAt(160))?.reason, 'the reference found no knee');
  const result = compared(kneeAt(160), foundByRate());
  assert.match(result.comparisons[0]?.differences[0]?.reason ?? '', /by connections, the other by rate/);
  assert.equal(result.verdict, 'inconclusive');
  assert.ok(result.comparisons[0]?.warnings.some(({ code }) => code === 'other-search'));
});

test('first refusals, goodput and recovery are beside each other; a run is refused', () => {
  const pair = compared(kneeAt(160), kneeAt(161)).comparisons[0];
  assert.deepEqual(
    pair?.figures.map(({ figure }) => figure),
    ['first-refusal', 'last-accepted', 'predicted-knee', 'largest-goodput', 'recovery'],
  );
  assert.throws(
    () => compare([kneeAt(160), comparableRun({})], { names: ['knee.json', 'run.json'] }),
    (error: unknown) =>
      error instanceof UserError &&
      error.message ===
        "knee.json is a result of 'weighbridge limits', and run.json one of a run: give results of one kind.",
  );
});
