import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Check, Verdict } from '../../../src/analysis/result.js';
import { checkStates } from '../../../src/report/live/words.js';
import { everydayPicture } from '../../support/live-picture.js';

test('of what is not decided: which version needs how many requests', () => {
  const { soFar } = everydayPicture();
  const open = (name: string, requestsNeeded: number | null) =>
    ({ name, verdict: 'inconclusive', requestsNeeded }) as Check;
  const text = (...checks: Check[]) =>
    checkStates({ ...(soFar as NonNullable<typeof soFar>), checks }, (version) => `<${version}>`)[0]?.text;
  assert.equal(
    text(open('errors/a/b', 640), open('errors', 299)),
    'errors not decided (<a/b> needs about 640 requests)',
  );
  assert.equal(text(open('errors', 1299)), 'errors not decided (the run needs about 1,299 requests)');
  assert.equal(text(open('latency/v2/p99.9', 2995)), 'latency not decided (<v2> needs about 2,995 requests)');
  assert.equal(text(open('split/v1', null)), 'split not decided');
});

test('a kind of check is as its worst one, and none of the words is a verdict', () => {
  const { soFar } = everydayPicture();
  const states = (...named: readonly (readonly [string, Verdict])[]) => {
    const checks = named.map(([name, verdict]) => ({ name, verdict }) as Check);
    return checkStates({ ...(soFar as NonNullable<typeof soFar>), checks }, null);
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
