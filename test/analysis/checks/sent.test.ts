import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { GatewayLeft } from '../../../src/analysis/gateway-left.js';
import type { RunResult } from '../../../src/analysis/result.js';
import { tableReport } from '../../../src/report/table.js';
import type { Row } from '../../support/blocks.js';
import { answers, resultOf } from '../../support/results.js';

const WEIGHTS = { v1: 90, v2: 10 };
const kept = answers(8000, { v1: 0.9, v2: 0.1 });
const times = (n: number, row: Row): Row[] => Array.from({ length: n }, () => row);
const sent = ({ checks }: RunResult) => checks.find(({ name }) => name === 'sent');
const firstLine = (result: RunResult) => tableReport(result, { columns: 150, color: false }).split('\n')[0];

test('an open loop of which too little was sent is inconclusive, whatever the rest says', () => {
  const notSent: Row = { outcome: 'not-sent', status: 0, origin: 'unknown', sendUs: Number.NaN };
  const few = resultOf([...kept, ...times(60, notSent)], WEIGHTS);
  assert.deepEqual([few.verdict, sent(few)?.verdict], ['pass', 'pass']);
  // 89 % were never sent.
  const many = resultOf([...kept, ...times(64_727, notSent)], WEIGHTS);
  assert.deepEqual([many.verdict, sent(many)?.verdict], ['inconclusive', 'inconclusive']);
  assert.match(
    firstLine(many) as string,
    /^INCONCLUSIVE {2}only 11 % of the requests were sent: this is not the load/,
  );
});

test("what this machine could not connect was not sent either, and is nobody's error", () => {
  const result = resultOf(
    [...kept, ...times(400, { outcome: 'no-local-port', status: 0, origin: 'unknown' })],
    WEIGHTS,
  );
  assert.deepEqual(
    [result.verdict, sent(result)?.verdict, result.errors.errors],
    ['inconclusive', 'inconclusive', 0],
  );
});

test('a fail stays a fail', () => {
  const notSent: Row = { outcome: 'not-sent', status: 0, origin: 'unknown', sendUs: Number.NaN };
  const off = answers(3000, { v1: 0.8, v2: 0.2 });
  assert.equal(resultOf([...off, ...times(9000, notSent)], WEIGHTS).verdict, 'fail');
});

test('a gateway that left in the middle or just before the end', () => {
  const refused = (n: number, fromUs: number) =>
    Array.from(
      { length: n },
      (_, i): Row => ({ outcome: 'refused', status: 0, origin: 'unknown', dueUs: fromUs + i * 50_000 }),
    );
  // 20 refusals are 0.2 % of the requests: no matter for the error check.
  const atTheEnd = resultOf([...kept, ...refused(20, 10.1e6)], WEIGHTS);
  assert.deepEqual([atTheEnd.verdict, sent(atTheEnd)?.verdict], ['inconclusive', 'inconclusive']);
  assert.match(
    firstLine(atTheEnd) as string,
    /^INCONCLUSIVE {2}the gateway took no more connections at the end of the run/,
  );
  const early = resultOf([...kept, ...refused(2000, 10.1e6)], WEIGHTS);
  assert.equal(early.verdict, 'fail');
  assert.equal(resultOf([...kept, ...refused(20, 1e6)], WEIGHTS).verdict, 'pass', 'it answered afterwards');
  assert.equal(resultOf([...kept, ...refused(9, 10.1e6)], WEIGHTS).verdict, 'pass', 'too few to say');
});

test('whether the gateway left does not depend on the order of rows', () => {
  const row = fc.record({ dueUs: fc.nat(200), answered: fc.boolean() });
  fc.assert(
    fc.property(fc.array(row, { maxLength: 40 }), (rows) => {
      const found = new GatewayLeft();
      for (const { dueUs, answered } of rows) answered ? found.answered(dueUs) : found.unconnected(dueUs);
      const last = Math.max(-1, ...rows.flatMap(({ dueUs, answered }) => (answered ? dueUs : [])));
      const after = rows.filter(({ dueUs, answered }) => !answered && dueUs > last).length;
      assert.equal(found.left, after >= 10);
    }),
    { numRuns: 300 },
  );
});

test('judged only beside something else, or alone if asked for', () => {
  assert.equal(sent(resultOf(kept, null)), undefined);
  assert.equal(sent(resultOf([], WEIGHTS)), undefined);
});
