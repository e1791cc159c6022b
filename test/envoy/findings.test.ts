/** Why shares are off, against real Envoys: turns, connections that keep to versions, a change of the weights, and replicas that disagree. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Finding } from '../../src/analysis/findings/finding.js';
import type { Flags } from '../../src/cli/options/flags.js';
import { run } from '../../src/run.js';
import type { RunOptions } from '../../src/run-options.js';
import { envoyForTests } from '../support/envoy.js';
import { planOf } from '../support/envoy-lab.js';
import { backends, findingsEnvoy, tcpBalancer } from '../support/findings-envoy.js';

const CONNECTIONS = 20;

/** The findings of a run of 4,000 requests that expects 90/10. */
async function findings(
  t: TestContext,
  port: number,
  onAttributed: (attributed: number) => void = () => {},
  flags: Flags = {},
): Promise<readonly Finding[]> {
  const plan = await planOf(`http://127.0.0.1:${port}/`, [], {
    expect: 'v1=90,v2=10',
    'version-from': 'header:x-version',
    requests: '4000',
    connections: String(CONNECTIONS),
    threads: '2',
    ...flags,
  });
  const options: RunOptions = { onProgress: (live) => onAttributed(live().attributed) };
  const { split, requests } = await run(plan, options);
  assert.equal(requests.attributed, 4000);
  for (const { text } of split?.findings ?? []) t.diagnostic(text);
  return split?.findings ?? [];
}

const kinds = (found: readonly Finding[]) => found.map(({ kind }) => kind);

test('versions in turn, and a version for each connection', async (t) => {
  const binary = envoyForTests(t);
  if (binary === undefined) return;
  // Of 20 connections that draw, all have the same version once in 500,000 runs.
  const { inTurn, sticky } = await findingsEnvoy(t, binary, await backends(t), [50, 50]);
  assert.deepEqual(kinds(await findings(t, inTurn)), ['rotation']);
  const [found, ...more] = await findings(t, sticky);
  assert.deepEqual(more, []);
  assert.ok(found?.kind === 'stickiness');
  assert.deepEqual([found.connections, found.oneVersion], [CONNECTIONS, CONNECTIONS]);
});

test('a change of the weights during the run', async (t) => {
  const binary = envoyForTests(t);
  if (binary === undefined) return;
  const envoy = await findingsEnvoy(t, binary, await backends(t), [90, 10]);
  let changed = false;
  const change = (attributed: number) => {
    if (changed || attributed < 1000) return;
    changed = true;
    void envoy.setWeights(40, 60);
  };
  const found = await findings(t, envoy.drawing, change, { rate: '2000' });
  // One run in a thousand is said to have connections that differ: then nothing else is asked.
  const [first] = found;
  if (first?.kind === 'stickiness' && first.p > 1e-6) return;
  assert.deepEqual(kinds(found), ['drift']);
  assert.ok(first?.kind === 'drift');
  assert.ok(Math.abs((first.before.shares.v2 ?? 0) - 0.1) < 0.06, JSON.stringify(first.before));
  assert.ok(Math.abs((first.after.shares.v2 ?? 0) - 0.6) < 0.09, JSON.stringify(first.after));
});

test('replicas behind one address, one of them with old weights', async (t) => {
  const binary = envoyForTests(t);
  if (binary === undefined) return;
  const servers = await backends(t);
  const current = await findingsEnvoy(t, binary, servers, [90, 10]);
  const old = await findingsEnvoy(t, binary, servers, [40, 60]);
  const port = await tcpBalancer(t, [current.drawing, old.drawing]);
  const [found, ...more] = await findings(t, port);
  assert.deepEqual(more, []);
  assert.ok(found?.kind === 'replicas');
  const groups = found.groups.map(({ connections, shares }) => [connections, shares.v2 ?? 0] as const);
  groups.sort(([, a], [, b]) => a - b);
  assert.equal(groups.length, 2);
  groups.forEach(([connections, share], i) => {
    assert.ok(Math.abs(connections - CONNECTIONS / 2) <= 1, JSON.stringify(groups));
    assert.ok(Math.abs(share - (i === 0 ? 0.1 : 0.6)) < 0.06, JSON.stringify(groups));
  });
});
