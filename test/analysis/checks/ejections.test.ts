import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunResult } from '../../../src/analysis/result.js';
import { RunFold } from '../../../src/analysis/run-fold.js';
import { headline } from '../../../src/report/headline.js';
import { BlockMaker, judgePlan, type Row, runInfo } from '../../support/blocks.js';
import { ruleWith } from '../../support/ejection-rule.js';
import { planFor } from '../../support/plan.js';

function judged(rows: readonly Row[], asked: boolean): RunResult {
  const maker = new BlockMaker();
  const { load } = planFor('http://203.0.113.7/');
  const context = maker.context(judgePlan({ v1: 50, v2: 50 }));
  const fold = new RunFold({ ...context, ejections: { rules: [ruleWith({ asked })], load } });
  fold.add(maker.block(rows));
  return fold.result(runInfo(rows.length));
}

const rows = (endpoint: string | null): Row[] =>
  Array.from({ length: 8000 }, (_, i) => ({ version: i % 2 === 0 ? 'v1' : 'v2', endpoint, dueUs: i * 1000 }));

test('a rule that options ask for is not passed over: without endpoints the verdict is inconclusive, and says why', () => {
  const result = judged(rows(null), true);
  assert.equal(result.split?.verdict, 'pass');
  assert.equal(result.verdict, 'inconclusive');
  assert.match(
    headline(result),
    /^no response named its endpoint, so the ejection rule that was asked for is not/,
  );
});

test('with endpoints, without answers, and by a rule of the manifests alone, nothing is missing', () => {
  const names = (result: RunResult) => result.checks.map(({ name }) => name);
  assert.equal(judged(rows('a'), true).verdict, 'pass');
  assert.equal(judged(rows(null), false).verdict, 'pass');
  const silent = judged([{ outcome: 'refused', status: 0, origin: 'unknown' }], true);
  assert.ok(!names(silent).includes('ejections'), names(silent).join());
});
