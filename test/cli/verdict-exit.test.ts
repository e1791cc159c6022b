import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exitCode } from '../../src/cli/verdict-exit.js';
import type { Row } from '../support/blocks.js';
import { answers, resultOf } from '../support/results.js';

const kept = { v1: 0.9, v2: 0.1 };
const refusals = (n: number): Row[] => Array(n).fill({ outcome: 'refused', status: 0, origin: 'unknown' });
const pass = resultOf(answers(8000, kept), { v1: 90, v2: 10 });
const fail = resultOf(answers(8000, kept), { v1: 70, v2: 30 });
const inconclusive = resultOf(answers(50, kept), { v1: 90, v2: 10 });
const unjudged = resultOf(answers(50, kept), null);

test('the verdict decides: 0 pass or nothing to judge, 1 fail, 3 inconclusive', () => {
  assert.equal(exitCode(pass, false), 0);
  assert.equal(exitCode(unjudged, false), 0);
  assert.equal(exitCode(fail, false), 1);
  assert.equal(exitCode(inconclusive, false), 3);
});

test('an output that was not written is 5, but a fail stays a fail', () => {
  assert.equal(exitCode(pass, true), 5);
  assert.equal(exitCode(inconclusive, true), 5);
  assert.equal(exitCode(fail, true), 1);
});

test('an interrupted or terminated run says so before anything else', () => {
  const ended = (how: 'interrupted' | 'terminated') =>
    resultOf(answers(8000, kept), { v1: 70, v2: 30 }, { ended: how });
  assert.equal(exitCode(ended('interrupted'), true), 130);
  assert.equal(exitCode(ended('terminated'), true), 143);
});

test('no request got through: 4; one answer among refusals is enough for a report', () => {
  assert.equal(exitCode(resultOf(refusals(5), { v1: 1, v2: 1 }), true), 4);
  assert.notEqual(exitCode(resultOf([...refusals(5), ...answers(1, kept)], null), false), 4);
  const sent: Row[] = Array(5).fill({ outcome: 'timeout', status: 0, origin: 'unknown' });
  assert.notEqual(exitCode(resultOf(sent, null), false), 4);
});
