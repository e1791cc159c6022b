import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Check, Verdict } from '../../../src/analysis/result.js';
import { checkStates } from '../../../src/report/live/words.js';
import { everydayPicture } from '../../support/live-picture.js';

test('a kind of check is as its worst one, and none of the words is a verdict', () => {
  const { soFar } = everydayPicture();
  const states = (...named: readonly (readonly [string, Verdict])[]) => {
    const checks = named.map(([name, verdict]) => ({ name, verdict }) as Check);
    return checkStates({ ...(soFar as NonNullable<typeof soFar>), checks });
  };
  assert.deepEqual(states(), []);
  assert.deepEqual(
    states(
      ['latency/a/b/p99', 'pass'],
      ['split/v1', 'pass'],
      ['split/v2', 'inconclusive'],
      ['errors', 'fail'],
    ),
    [
      { verdict: 'inconclusive', text: 'split not decided' },
      { verdict: 'fail', text: 'errors above limit' },
      { verdict: 'pass', text: 'latency within limits' },
    ],
  );
  for (const kind of ['split', 'errors', 'latency']) {
    for (const verdict of ['pass', 'fail', 'inconclusive'] as const) {
      for (const { text } of states([kind, verdict])) assert.doesNotMatch(text, /pass|fail|inconclusive/i);
    }
  }
});
