import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ComparableRun } from '../../../src/analysis/compare/inputs.js';
import { designEffect, thinnedBy } from '../../../src/analysis/compare/spells.js';
import { compare } from '../../../src/compare.js';
import { COARSE, LogHistogram, THREE_DIGITS } from '../../../src/log-histogram.js';
import { seededRandom } from '../../support/blocks.js';
import { comparableRun } from '../../support/comparable.js';

const INTERVALS = 100;

/** A run of intervals with so many answers each; their times are those of a draw, times the factor of the interval. */
function runWith(factorOf: (interval: number) => number, each = 40, seed = 1) {
  const random = seededRandom(seed);
  const all = new LogHistogram(THREE_DIGITS);
  const values: number[] = [];
  const timeline = Array.from({ length: INTERVALS }, (_, interval) => {
    const own = new LogHistogram(COARSE);
    for (let i = 0; i < each; i++) {
      const us = Math.round(4000 * (1 + random()) * factorOf(interval));
      own.record(us);
      all.record(us);
      values.push(us);
    }
    return { version: 'v1', requests: each, p50Us: own.percentile(50) };
  });
  const run: ComparableRun = comparableRun(
    { v1: { requests: values.length, times: values } },
    { timeline, startedAt: `2026-12-01T12:00:00.${String(seed).padStart(6, '0')}Z` },
  );
  return { run, all };
}

test('independent answers count as they are, of few and of many to an interval', () => {
  // The largest of several noisy effects, and at least 1.
  for (const each of [10, 40, 400]) {
    const effects = Array.from({ length: 10 }, (_, i) => {
      const { run, all } = runWith(() => 1, each, i + 1);
      return designEffect(run, 'v1', all);
    });
    const mean = effects.reduce((sum, one) => sum + one, 0) / effects.length;
    assert.ok(mean < 2.2, `${each}: ${effects}`);
  }
});

test('spells of slow answers: as few count as there are spells', () => {
  // One second in two is slow: fifty answers above and below the median at once.
  const { run, all } = runWith((interval) => (Math.floor(interval / 10) % 2 === 0 ? 1 : 3));
  const effect = designEffect(run, 'v1', all);
  // Each spell has 400 answers, which are spread less than those of the run, by which they are taken to be spread.
  assert.ok(effect > 40 && effect <= 400, `${effect}`);
  assert.equal(designEffect(run, null, all), effect);
  assert.equal(designEffect(run, 'v2', all), 1, 'nothing is known of it');
  assert.equal(designEffect({ ...run, timeline: run.timeline.slice(0, 3) }, 'v1', all), 1);
});

test('two equal runs with spells of their own: nothing is shown to differ, and it is said why', () => {
  let shown = 0;
  for (let seed = 1; seed <= 20; seed++) {
    const random = seededRandom(1000 + seed);
    const spells = Array.from({ length: 2 * INTERVALS }, () => (random() < 0.5 ? 1 : 1.5));
    const [a, b] = [0, INTERVALS].map((from) =>
      runWith((interval) => spells[from + 5 * Math.floor(interval / 5)] as number, 40, 2 * seed + from),
    );
    const [pair] = compare([a?.run as ComparableRun, b?.run as ComparableRun]).comparisons;
    const latency =
      pair?.differences.filter(({ figure }) => figure === 'latency' || figure === 'slower') ?? [];
    if (latency.some(({ interval }) => interval !== null && (interval[0] > 0 || interval[1] < 0))) shown += 1;
    assert.equal(pair?.warnings.filter(({ code }) => code === 'slow-spells').length, 2);
  }
  // At most 5 % are; of 20 more than 6 have a chance of one in a hundred thousand.
  assert.ok(shown <= 6, `${shown} of 20`);
});

test('fewer answers: a whole number of them, with the same percentiles', () => {
  const { all } = runWith(() => 1);
  const fewer = thinnedBy(all, 7.3);
  assert.equal(fewer.count, Math.floor(4000 / 7.3));
  let sum = 0;
  fewer.forEach((_, n) => {
    sum += n;
  });
  assert.ok(Math.abs(sum - fewer.count) < 1e-6);
  assert.equal(fewer.percentile(90), all.percentile(90));
  assert.deepEqual(fewer.atRank(fewer.count), all.atRank(4000));
  assert.equal(thinnedBy(all, 1), all);
  assert.equal(thinnedBy(all, 1e9).count, 1);
});
