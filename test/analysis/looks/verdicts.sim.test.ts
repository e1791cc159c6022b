import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../../src/random.js';
import { STEPS } from '../../support/calibrate/index.js';
import { partsOf, type Row, type Tally } from '../../support/calibrate/step.js';

/** A few of the tables of `npm run calibrate`, with few runs: step, row, runs. */
const FEW: readonly [step: string, row: number, runs: number][] = [
  ['costs', 1, 100],
  ['boundaries', 1, 150],
  ['boundaries', 2, 150],
  ['versions', 1, 50],
  ['blocks', 0, 3],
  ['blocks', 4, 2],
  ['compare', 0, 20],
  ['compare', 8, 20],
];

for (const [name, at, runs] of FEW) {
  const step = STEPS.find((one) => one.name === name);
  const row = step?.rows[at] as Row;
  test(`${name}, row ${at + 1}: ${runs} runs miss no goal by more than chance`, () => {
    const tallies: Record<string, Tally> = {};
    for (const [cell, simulate] of Object.entries(row.cells))
      tallies[cell] = simulate(runs, seededRandom(23));
    assert.deepEqual(row.misses(tallies), []);
    assert.equal(row.line(tallies).length, step?.head.length);
  });
}

test('the runs of a cell are shared out whole, each part with its own seed', () => {
  for (const step of STEPS) {
    const parts = partsOf(step, 2500, 1);
    assert.equal(new Set(parts.map(({ seed }) => seed)).size, parts.length);
    const runs = parts.filter(({ row }) => row === 0).reduce((sum, part) => sum + part.runs, 0);
    assert.equal(runs, Math.ceil(2500 / (step.fewer ?? 1)) * Object.keys((step.rows[0] as Row).cells).length);
  }
});
