import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foldFor } from '../../src/analysis/fold-for.js';
import { RunLabels } from '../../src/blocks/run-labels.js';
import { BlockMaker } from '../support/blocks.js';
import { planFor } from '../support/plan.js';

test('of labels that could be several versions sixteen are named', () => {
  const plan = planFor('http://127.0.0.1/', { expect: { v1: 1, v2: 1 } });
  const labels = new RunLabels();
  const { fold, notes } = foldFor(plan, labels);
  const maker = new BlockMaker();
  const rows = Array.from({ length: 3000 }, (_, i) => ({ version: `v1 v2 ${i}` }));
  const block = maker.block(rows);
  const numbers = { versions: [], endpoints: [], addresses: [] };
  labels.learn({ versions: maker.labels.versions, endpoints: [], addresses: [] }, numbers);
  fold.add(block);
  assert.equal(notes.length, 17);
  assert.ok(notes.every(({ code }) => code === 'ambiguous-label'));
  assert.match(notes.at(-1)?.text ?? '', /^Further labels could stand for several versions/);
});
