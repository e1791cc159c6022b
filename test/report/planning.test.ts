import assert from 'node:assert/strict';
import { test } from 'node:test';
import stringWidth from 'string-width';
import { planning } from '../../src/analysis/planning/planning.js';
import type { PlanningResult } from '../../src/analysis/planning/result.js';
import { planWithFacts } from '../../src/plan/plan-facts.js';
import type { PlanOptions } from '../../src/plan/plan-options.js';
import { planningReport } from '../../src/report/planning/index.js';

const SAMPLES = ['httproute-90-10', 'gateway', 'destinationrules', 'deployments'].map(
  (name) => `samples/${name}.yaml`,
);

async function plan(options: PlanOptions): Promise<PlanningResult> {
  const { plan: made, facts } = await planWithFacts(options);
  return planning(made, facts, 0.9);
}

const reportOf = (result: PlanningResult, columns = 100) => planningReport(result, { columns, color: false });

test('the samples: every section with its figures', async () => {
  const report = reportOf(await plan({ manifests: SAMPLES }));
  for (const part of [
    /^backend-v2 +10 +10 +± 2 +8 – 12$/m,
    /^Weights from HTTPRoute istio-test\/backend-route, rule 1 \(samples\/httproute-90-10\.yaml, line 13\)\.$/m,
    /^Can the weights come about\? Yes\./m,
    /^errors +[\d,]+ +299 answers of backend-v2 show less than 1 % errors, if there are none$/m,
    /^10 curls by eye +65\.1 % +77\.9 % +89\.3 % +0 %$/m,
    /^backend-v1 +100 +50 +100 +150 +100$/m,
    /about 161 requests in flight/,
    /^backend-v1 +30 – 60 s +330 s +1 of 3$/m,
    /^- backend-v1: 5 × 5xx in a row, out for 30 s × n, sweeps every 30 s, at most 50 % out/m,
  ]) {
    assert.match(report, part);
  }
});

test('sections without anything to say are left out', async () => {
  const report = reportOf(await plan({ expect: { v1: 1 } }));
  assert.match(report, /^Weights from --expect\.$/m);
  assert.doesNotMatch(report, /How often|Circuit breakers|Ejections|come about|Notes/);
});

test('weights that cannot come about: why, and what it takes', async () => {
  const result = await plan({ manifests: ['samples/deployments.yaml'], expect: { v1: 90, v2: 10 } });
  assert.equal(result.weights.possible, false);
  const report = reportOf(result).replaceAll('\n', ' ');
  assert.match(
    report,
    /Can the weights come about\? No\. .*backend-v1 60 % \(3 pods\).*backend-v2 40 % \(2 pods\)/,
  );
  assert.match(report, /take a route with weights, or 9 and 1 pods\./);
  const coloured = planningReport(result, { columns: 100, color: true });
  assert.ok(coloured.includes('\u001b[1;31mNo.\u001b[22;39m'));
  const other = await plan({ manifests: SAMPLES, expect: { v1: 80, v2: 20 } });
  assert.equal(other.weights.possible, false, 'the route has other weights');
  const unnamed = await plan({ manifests: SAMPLES, expect: { a: 90, b: 10 } });
  assert.equal(unnamed.weights.possible, null);
  assert.match(reportOf(unnamed), /Not known\./);
});

test('no line is wider than the terminal, whatever names there are', async () => {
  const long = `${'canary-of-the-team-'.repeat(8)}v2`;
  const weights = Object.fromEntries([
    [long, 1],
    ['\u001b[31mred', 1],
    ...Array.from({ length: 60 }, (_, i) => [`v${i}`, 2]),
  ]);
  for (const result of [
    await plan({ manifests: SAMPLES }),
    await plan({ expect: weights, only: ['errors'] }),
  ]) {
    for (const columns of [20, 60, 80, 300]) {
      const report = reportOf(result, columns);
      assert.ok(report.endsWith('\n') && !report.includes('\u001b'));
      for (const line of report.split('\n')) assert.ok(stringWidth(line) <= Math.max(60, columns), line);
    }
  }
});
