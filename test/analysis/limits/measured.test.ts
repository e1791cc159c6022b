import assert from 'node:assert/strict';
import { test } from 'node:test';
import { measuredVersions } from '../../../src/analysis/limits/measured.js';
import type { StepVersion } from '../../../src/analysis/limits/result.js';
import { stepOf, timesOf } from '../../support/limits-results.js';

function version(name: string, accepted: number, ms: number): StepVersion {
  const [version = assert.fail()] = stepOf(1, 1, 0).versions;
  return {
    ...version,
    version: name,
    accepted,
    latencyUs: { ...version.latencyUs, accepted: { ...timesOf(accepted, 0), mean: ms * 1000 } },
  };
}

test('shares are of all steps with hardly any refusals, times of those far below the first refusal', () => {
  const measured = measuredVersions([
    stepOf(8, 8, 0, { versions: [version('v1', 60, 100), version('v2', 40, 50)] }),
    // Requests wait here.
    stepOf(180, 180, 0.001, {
      versions: [version('v1', 940, 300), version('v2', 960, 300), version('(none)', 0, 0)],
    }),
    // Versions are full.
    stepOf(400, 300, 0.3, { versions: [version('v1', 5000, 400), version('v2', 1000, 400)] }),
  ]);
  assert.deepEqual(Object.fromEntries(measured), {
    v1: { share: 0.5, serviceTimeMs: 100 },
    v2: { share: 0.5, serviceTimeMs: 50 },
  });
});

test('where each step has refusals, the smallest is what there is', () => {
  const measured = measuredVersions([
    stepOf(400, 300, 0.3, { versions: [version('v1', 30, 400)] }),
    stepOf(200, 200, 0.2, { versions: [version('v1', 20, 200), version('v2', 60, 100)] }),
  ]);
  assert.deepEqual(measured.get('v1'), { share: 0.25, serviceTimeMs: 200 });
});
