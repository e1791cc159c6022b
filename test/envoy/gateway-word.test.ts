/** What a real Envoy says of its ejections, beside what the client saw of them. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { GatewayView, GatewayWindow } from '../../src/analysis/ejections/result.js';
import type { RunResult } from '../../src/analysis/result.js';
import { analyze } from '../../src/analyze.js';
import { monotonicUs } from '../../src/blocks/clock.js';
import { AdminWatch, limitAdmins } from '../../src/gateway/admin-watch.js';
import { startBackends } from '../../src/lab/backends/backends.js';
import { buildBootstrap } from '../../src/lab/envoy/bootstrap.js';
import { startEnvoy } from '../../src/lab/envoy/launch.js';
import type { Lab } from '../../src/lab/lab.js';
import { planTopology } from '../../src/lab/mesh/plan-topology.js';
import { jsonReport } from '../../src/report/json.js';
import { run } from '../../src/run.js';
import { openRun } from '../../src/saved/open.js';
import { arrowSink } from '../../src/saved/sinks/arrow-sink.js';
import { envoyForTests } from '../support/envoy.js';
import { planOf, sample, startEnvoyLab } from '../support/envoy-lab.js';
import { readManifestTexts } from '../support/manifests.js';

const MANIFESTS = ['deployments', 'gateway', 'httproute-50-50'].map(sample);
const RULES = sample('destinationrules')
  .replaceAll('interval: 30s', 'interval: 1s')
  .replaceAll('baseEjectionTime: 30s', 'baseEjectionTime: 1s')
  .replaceAll('maxEjectionPercent: 50', 'maxEjectionPercent: 67')
  .replaceAll('maxRequestsPerConnection: 2', 'maxRequestsPerConnection: 1000');
const FLAGS = { rate: '400', duration: '15s', connections: '16', 'endpoint-from': 'header:x-pod' };
/** What other tests on the same machine may hold things up by, ms. */
const BUSY_MS = 500;

function folderOf(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'weighbridge-word-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function gatewayOf({ ejections }: RunResult): GatewayView {
  assert.ok(ejections?.gateway);
  return ejections.gateway;
}

interface Line {
  readonly action: string;
  readonly enforced: boolean;
  readonly timestamp: string;
}

function linesOf(file: string): Line[] {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line) as Line);
}

/** Each of the log's windows was seen by the client, at the pod that it is. */
function assertMatched(lab: Lab, rows: readonly GatewayWindow[], result: RunResult): void {
  const pods = new Map(
    lab.topology.services.flatMap(({ pods: all }) =>
      all.map((pod) => [`${pod.address}:${pod.port}`, pod.name]),
    ),
  );
  for (const row of rows) {
    const words = JSON.stringify(row);
    assert.ok(row.window !== null && row.explanation !== '', words);
    const window = result.ejections?.windows[row.window];
    assert.equal(window?.endpoint, pods.get(row.address), words);
    if (row.endpoint !== null) assert.equal(row.endpoint, window?.endpoint, words);
    assert.equal(window?.source, 'client+gateway', words);
  }
}

test('event log and admin interface agree with the client, live, saved, and with a clock that is 3.7 s ahead', async (t) => {
  if (envoyForTests(t) === undefined) return;
  const folder = folderOf(t);
  const log = join(folder, 'events.json');
  const lab = await startEnvoyLab(t, [...MANIFESTS, RULES], { tellEndpoint: true, outlierLogPath: log });
  const plan = await planOf(lab.urls.http, [...MANIFESTS, RULES], FLAGS);
  const saved = join(folder, 'run.arrow');
  const live = await run(plan, {
    // Counted from the load's start: on a busy machine the pre-flight may take seconds.
    onStart: () => {
      lab.setFault('v1-1:status=503,after=2s,for=1s');
      lab.setFault('v2-0:status=500,after=5s,for=3s');
    },
    gateway: { admins: [lab.adminUrl as string], eventLog: log },
    sinks: [await arrowSink(saved)],
  });
  const gateway = gatewayOf(live);
  for (const line of [...gateway.windows.map(({ explanation }) => explanation), ...gateway.remarks])
    t.diagnostic(line);

  const ejected = linesOf(log).filter(({ action, enforced }) => action === 'EJECT' && enforced).length;
  const fromLog = gateway.windows.filter(({ from }) => from === 'event-log');
  assert.ok(ejected >= 3, `${ejected} ejections`);
  assert.equal(fromLog.length, ejected);
  assert.equal(gateway.windows.length, ejected, 'what the interface saw is in the log too');
  assertMatched(lab, gateway.windows, live);
  const { estimate, bounds } = gateway.clockOffsetMs ?? assert.fail('clocks were compared');
  assert.ok(bounds[0] <= BUSY_MS && bounds[1] >= -BUSY_MS, `${bounds}`);
  assert.ok(Math.abs(estimate) <= BUSY_MS, `${estimate}`);
  assert.equal(
    gateway.unknownAfterMs,
    null,
    'the interface says how often Envoy writes, and that was waited for',
  );
  const counted = Object.values(gateway.counters ?? {}).map(
    (counters) => counters['outlier_detection.ejections_enforced_total'] ?? 0,
  );
  assert.equal(
    counted.reduce((sum, n) => sum + n, 0),
    ejected,
  );

  assert.equal(jsonReport(await analyze([await openRun(saved)])), jsonReport(live), 'as saved, so read');

  const ahead = join(folder, 'ahead.json');
  const shifted = linesOf(log).map((line) => ({
    ...line,
    timestamp: new Date(Date.parse(line.timestamp) + 3700).toISOString(),
  }));
  writeFileSync(ahead, shifted.map((line) => `${JSON.stringify(line)}\n`).join(''));
  const again = await analyze([await openRun(saved)], { eventLog: ahead });
  const offset = gatewayOf(again).clockOffsetMs ?? assert.fail('clocks were compared');
  t.diagnostic(`offset ${JSON.stringify(gateway.clockOffsetMs)}, shifted ${JSON.stringify(offset)}`);
  assert.ok(Math.abs(offset.estimate - 3700) <= BUSY_MS, `${offset.estimate}`);
  assert.ok(offset.bounds[0] <= 3700 + BUSY_MS && offset.bounds[1] >= 3700 - BUSY_MS, `${offset.bounds}`);
  assertMatched(lab, gatewayOf(again).windows, again);
});

test('an Istio proxy’s own list keeps no counters, and the annotation’s expressions bring them', async (t) => {
  if (envoyForTests(t) === undefined) return;
  const manifests = await readManifestTexts(...MANIFESTS, RULES);
  const backends = await startBackends(planTopology(manifests), {
    tellEndpoint: false,
    treat: () => ({ delayMs: 0, answer: null }),
  });
  t.after(() => backends.close());
  const { bootstrap } = buildBootstrap({
    manifests,
    topology: backends.topology,
    certificate: null,
    defaultRetries: true,
  });
  const watched = async (patterns: readonly unknown[]) => {
    const stats_config = { stats_matcher: { inclusion_list: { patterns } } };
    const envoy = await startEnvoy({
      binary: envoyForTests(t) as string,
      bootstrap: { ...bootstrap, stats_config },
    });
    try {
      const watch = new AdminWatch(envoy.adminUrl, { nowUs: monotonicUs, limit: limitAdmins() });
      await watch.begin();
      return await watch.end(0);
    } finally {
      await envoy.stop();
    }
  };
  const own = ['cluster_manager', 'listener_manager', 'server', 'cluster.xds-grpc'].map((prefix) => ({
    prefix,
  }));
  const bare = await watched(own);
  assert.equal(bare.counters, null);
  const [, config = ''] = /proxy\.istio\.io\/config: '(.*)'$/.exec(bare.remarks[0] as string) ?? [];
  const { proxyStatsMatcher } = JSON.parse(config) as { proxyStatsMatcher: { inclusionRegexps: string[] } };
  const more = proxyStatsMatcher.inclusionRegexps.map((regex) => ({ safe_regex: { regex } }));
  const full = await watched([...own, ...more]);
  assert.deepEqual(full.remarks, []);
  const names = Object.keys(full.counters ?? {});
  assert.ok(
    names.some((name) => name.includes('backend-v2')),
    names.join(),
  );
});
