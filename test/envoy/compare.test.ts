/** Runs through a real Envoy, compared: two equal ones, and one with a version that is slower and fails. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Difference } from '../../src/analysis/compare/result.js';
import type { RunResult } from '../../src/analysis/result.js';
import { compare } from '../../src/compare.js';
import { runOfDraws } from '../support/draws.js';
import { envoyForTests } from '../support/envoy.js';
import { planOf, sample, startEnvoyLab } from '../support/envoy-lab.js';

/** Shares and errors depend on draws only, and not on how busy this machine is: one false alarm in ten thousand. */
const CONFIDENCE = 0.9999;

function differences(a: RunResult, b: RunResult): readonly Difference[] {
  return compare([a, b], { confidence: CONFIDENCE }).comparisons[0]?.differences ?? [];
}

test('two equal runs do not differ in shares and errors; a version that is slower and fails is found', async (t) => {
  if (envoyForTests(t) === undefined) return;
  const manifests = ['deployments', 'gateway', 'httproute-90-10'].map(sample);
  const lab = await startEnvoyLab(t, manifests);
  const plan = await planOf(lab.urls.http, manifests, { requests: '3000', connections: '16' });
  const [first, second] = [await runOfDraws(plan), await runOfDraws(plan)];
  for (const { figure, version, outcome, difference } of differences(first, second)) {
    t.diagnostic(`${figure} ${version}: ${difference}, ${outcome}`);
    if (figure === 'share' || figure === 'error-rate') {
      assert.ok(outcome === 'alike' || outcome === 'unknown' || outcome === 'slight', `${figure} ${version}`);
    }
  }
  lab.setFault('v2:slow=300ms');
  const slow = await runOfDraws(plan);
  lab.setFault('v2:status=503,rate=0.3');
  const failing = await runOfDraws(plan);
  const found = (result: RunResult, wanted: Difference['figure']) =>
    differences(first, result).find(
      ({ figure, version, percentile }) =>
        figure === wanted && version === 'backend-v2' && (percentile === null || percentile === 50),
    );
  assert.equal(found(failing, 'error-rate')?.outcome, 'worse');
  assert.equal(compare([first, failing], { confidence: CONFIDENCE }).verdict, 'fail');
  const p50 = found(slow, 'latency');
  t.diagnostic(`p50 of backend-v2: ${p50?.reference} and ${p50?.value} µs, ${p50?.outcome}`);
  assert.ok((p50?.value ?? 0) >= 300_000);
  // On a machine that is slow by fits and starts itself, few of its answers count.
  assert.ok(p50?.outcome === 'worse' || p50?.outcome === 'unknown', p50?.outcome ?? '');
});
