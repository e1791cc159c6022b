import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ExpectedKnee, type KneeToJudge, kneeChecks } from '../../../src/analysis/limits/checks.js';

const FOUND: KneeToJudge = {
  search: 'connections',
  knee: 301.2,
  bounds: [297, 305.4],
  firstRefusal: 180,
  lastAccepted: 172,
  isLoadSent: true,
  areVersionsKnown: true,
  otherRefusals: {},
};
const NONE: KneeToJudge = { ...FOUND, knee: null, bounds: null, firstRefusal: null, lastAccepted: 2000 };

function judge(found: KneeToJudge, expected: ExpectedKnee | null, predicted: number | null = null) {
  const [check] = kneeChecks(found, predicted, expected, 0.1);
  return `${check?.verdict}: ${check?.text}`;
}

test('a knee that was found', () => {
  const at = 'the knee is at 301 connections (297 to 305)';
  assert.equal(judge(FOUND, null, 300), `pass: ${at}; predicted: 300 ± 10 %`);
  assert.equal(judge(FOUND, null, 400), `fail: ${at}; predicted: 400 ± 10 %`);
  assert.equal(judge(FOUND, null, 276), `inconclusive: ${at}; predicted: 276 ± 10 %`);
  assert.equal(judge(FOUND, { relation: 'about', level: 310 }, 500), `pass: ${at}; asked: 310 ± 10 %`);
  assert.equal(judge(FOUND, { relation: 'atLeast', level: 297 }), `pass: ${at}; asked: at least 297`);
  assert.equal(judge(FOUND, { relation: 'atLeast', level: 300 }), `inconclusive: ${at}; asked: at least 300`);
  assert.equal(judge(FOUND, { relation: 'atLeast', level: 1000 }), `fail: ${at}; asked: at least 1,000`);
  assert.equal(judge(FOUND, { relation: 'atMost', level: 306 }), `pass: ${at}; asked: at most 306`);
});

test('a knee without bounds decides nothing', () => {
  assert.equal(
    judge({ ...FOUND, bounds: null }, null, 300),
    'inconclusive: the knee is at 301 connections (too few steps for bounds); predicted: 300 ± 10 %',
  );
});

test('no knee: it is above what was accepted', () => {
  const none = 'no refusals up to 2,000 connections';
  assert.equal(judge(NONE, { relation: 'atLeast', level: 300 }), `pass: ${none}; asked: at least 300`);
  assert.equal(judge(NONE, { relation: 'atMost', level: 300 }), `fail: ${none}; asked: at most 300`);
  assert.equal(
    judge(NONE, { relation: 'atLeast', level: 3000 }),
    `inconclusive: ${none}; asked: at least 3,000`,
  );
  assert.equal(judge(NONE, null, 300), `fail: ${none}; predicted: 300 ± 10 %`);
  assert.equal(
    judge({ ...NONE, firstRefusal: 1, lastAccepted: 0 }, null, 2),
    'inconclusive: no knee was found: refused from the smallest load on; predicted: 2 ± 10 %',
  );
  assert.equal(
    judge({ ...NONE, lastAccepted: 0 }, null, 2),
    'inconclusive: no knee was found: requests failed from the smallest load on; predicted: 2 ± 10 %',
  );
  assert.equal(
    judge({ ...NONE, lastAccepted: null }, null, 2),
    'inconclusive: no knee was found: no step was finished; predicted: 2 ± 10 %',
  );
});

test('by rate', () => {
  const found: KneeToJudge = { ...FOUND, search: 'rate', knee: 2.52, lastAccepted: 2, bounds: [2.4, 2.6] };
  assert.equal(
    judge(found, null, 2.5),
    'pass: the knee is at 2.52 requests per second (2.4 to 2.6); predicted: 2.5 ± 10 %',
  );
});

test('nothing is asked', () => {
  assert.deepEqual(kneeChecks(FOUND, null, null, 0.1), []);
});

test('nothing is concluded if part of the load was not sent', () => {
  const [check] = kneeChecks({ ...FOUND, isLoadSent: false }, 300, null, 0.1);
  assert.equal(check?.verdict, 'inconclusive');
  assert.match(check?.text ?? '', /part of the load was not sent$/);
});

test('nothing is concluded from a knee below a level that was accepted', () => {
  const [check] = kneeChecks({ ...FOUND, knee: 100, bounds: [90, 110], lastAccepted: 172 }, 300, null, 0.1);
  assert.equal(check?.verdict, 'inconclusive');
  assert.match(check?.text ?? '', /; but 172 was accepted$/);
});

test('a knee of refusals that no limit made decides nothing', () => {
  assert.equal(
    judge({ ...FOUND, otherRefusals: { 'connection-termination': 749 } }, null, 300),
    'inconclusive: the knee is at 301 connections (297 to 305); predicted: 300 ± 10 %; but no limit made many of the refusals ' +
      '(connection-termination × 749)',
  );
});

test('a prediction for versions that are not known is no measure; a knee that is asked for is', () => {
  const found: KneeToJudge = { ...FOUND, areVersionsKnown: false };
  assert.equal(kneeChecks(found, 150, null, 0.1)[0]?.verdict, 'inconclusive');
  const asked = { relation: 'atLeast', level: 1 } as const;
  assert.equal(kneeChecks(found, 150, asked, 0.1)[0]?.verdict, 'pass');
});
