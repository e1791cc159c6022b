import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StepResult } from '../../../src/analysis/limits/result.js';
import { nextStep } from '../../../src/analysis/limits/search.js';
import { seededRandom } from '../../../src/random.js';
import { stepResult } from '../../support/limits/step-results.js';

/** More than any search needs: up to 20,000 in 15 steps, 10 between, 16 levels above and 12 windows there. */
const STEPS = 80;

test('whatever a gateway does, a search ends, and its levels are whole and in range', () => {
  const random = seededRandom(7);
  for (let run = 0; run < 150; run++) {
    const kind = random() < 0.5 ? 'connections' : 'rate';
    const maxLevel = Math.ceil(random() ** 4 * 20_000);
    const options = {
      kind,
      maxLevel,
      refusalThreshold: 0.001,
      timeoutMs: 10_000,
      given: null,
      predicted: 10 ** (random() * 5),
    } as const;
    const often = random() ** 2;
    const steps: StepResult[] = [];
    for (let next = nextStep(steps, options); next !== null; next = nextStep(steps, options)) {
      const { level, purpose, settleMs, minMs, maxMs } = next;
      assert.ok(Number.isInteger(level) && level >= 1 && level <= maxLevel, `${level} of ${maxLevel}`);
      assert.ok(settleMs > 0 && minMs > 0 && minMs <= maxMs);
      // Refusals and times follow from nothing at all.
      const refused = random() < often ? random() : 0;
      const ended = Array.from({ length: Math.floor(random() * 200) }, () => ({
        version: Math.floor(random() * 2),
        refused: random() < refused,
        ms: random() * 100,
      }));
      steps.push(stepResult({ purpose, kind, level, startMs: 0, windowMs: minMs }, ended, 2));
      assert.ok(
        steps.length <= STEPS,
        `run ${run}: ${steps.map((step) => step.connections ?? step.ratePerSecond)}`,
      );
    }
  }
});

test('nothing comes back: it goes on to the largest level', () => {
  const options = {
    kind: 'connections',
    maxLevel: 8,
    refusalThreshold: 0.001,
    timeoutMs: 10_000,
    given: null,
    predicted: null,
  } as const;
  const steps: StepResult[] = [];
  for (let next = nextStep(steps, options); next !== null; next = nextStep(steps, options)) {
    const { purpose, level, minMs: windowMs } = next;
    steps.push(stepResult({ purpose, kind: 'connections', level, startMs: 0, windowMs }, [], 1));
  }
  assert.deepEqual(
    steps.map(({ connections }) => connections),
    [1, 2, 4, 8],
  );
});
