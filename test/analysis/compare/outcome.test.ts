import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  higherIsWorse,
  type Judged,
  lowerIsWorse,
  moreTimes,
  outcomeOf,
  verdictOf,
} from '../../../src/analysis/compare/outcome.js';

const judged = (
  difference: number,
  width: number,
  direction: (difference: number) => Judged['direction'] = higherIsWorse,
): Judged => ({
  difference,
  interval: [difference - width, difference + width],
  ownInterval: [difference - width / 2, difference + width / 2],
  tolerance: 10,
  direction: direction(difference),
});
const neither = () => ({ up: true, down: true, isWorse: null });

test('shown and at least what counts is worse or better, whichever way is worse', () => {
  assert.equal(outcomeOf(judged(12, 11)), 'worse');
  assert.equal(outcomeOf(judged(-12, 11)), 'better');
  assert.equal(outcomeOf(judged(12, 11, lowerIsWorse)), 'better');
  assert.equal(outcomeOf(judged(-12, 11, lowerIsWorse)), 'worse');
  assert.equal(outcomeOf(judged(-12, 11, neither)), 'differs');
  assert.equal(outcomeOf(judged(10, 9)), 'worse', 'exactly what counts counts');
});

test('shown, but less than what counts is slight; where it may be as much, it is unknown', () => {
  assert.equal(outcomeOf(judged(5, 4)), 'slight');
  assert.equal(outcomeOf(judged(9, 8)), 'unknown');
  assert.equal(outcomeOf(judged(-9, 8)), 'slight', 'for the better it may be as much');
});

test('not shown: alike within the tolerance, not worse if it can only be better by it, else unknown', () => {
  assert.equal(outcomeOf(judged(1, 8)), 'alike');
  assert.equal(outcomeOf(judged(-5, 12)), 'not-worse');
  assert.equal(outcomeOf(judged(5, 12)), 'unknown');
  assert.equal(outcomeOf(judged(-5, 12, neither)), 'unknown');
  assert.equal(outcomeOf(judged(12, 13)), 'unknown', 'measured as more, and not shown');
});

test('verdicts: what has no better or worse has none', () => {
  assert.equal(verdictOf('worse', higherIsWorse(1)), 'fail');
  assert.equal(verdictOf('unknown', higherIsWorse(1)), 'inconclusive');
  for (const outcome of ['better', 'slight', 'alike', 'not-worse'] as const) {
    assert.equal(verdictOf(outcome, higherIsWorse(1)), 'pass');
  }
  assert.equal(verdictOf('differs', neither()), null);
});

test('how many times as many requests would tell: by the square of what the interval is too wide', () => {
  assert.equal(moreTimes(judged(0, 40)), 4);
  assert.equal(moreTimes(judged(5, 20)), 4);
  assert.equal(moreTimes(judged(-5, 60)), 4);
  assert.equal(moreTimes(judged(5, 20, neither)), 4);
  assert.equal(moreTimes(judged(11, 40)), null, 'no number would tell that it is small');
  assert.equal(moreTimes(judged(9.99, 40)), null, 'too many');
});
