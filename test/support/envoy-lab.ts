/**
 * Runs against a lab with a real Envoy, held against what Envoy itself counted: its counters are read after
 * the pre-flight and after the run, so that the difference is the run's alone.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { RunResult } from '../../src/analysis/result.js';
import type { Flags } from '../../src/cli/options/flags.js';
import { type AdminClient, adminClient } from '../../src/lab/envoy/admin-client.js';
import { type Lab, type LabOptions, startLab } from '../../src/lab/lab.js';
import type { LabPod } from '../../src/lab/mesh/topology.js';
import type { Plan } from '../../src/plan/plan.js';
import { checkGateway } from '../../src/probes/preflight/check-gateway.js';
import { run } from '../../src/run.js';
import type { RunOptions } from '../../src/run-options.js';
import { drawnAnew } from './draws.js';
import { planFromFlags } from './flags.js';
import { readManifestTexts } from './manifests.js';

/** A file of samples/ as text. */
export function sample(name: string): string {
  return readFileSync(`samples/${name}.yaml`, 'utf8');
}

/** Starts a lab for the manifests, with a real Envoy unless `options` says otherwise, and ends it after the test. */
export async function startEnvoyLab(
  t: TestContext,
  manifests: readonly string[],
  options: Omit<LabOptions, 'manifests'> = {},
): Promise<Lab> {
  const lab = await startLab({
    manifests: await readManifestTexts(...manifests),
    seed: 1,
    envoy: { path: null },
    ...options,
  });
  t.after(() => lab.close());
  return lab;
}

/** The plan that `weighbridge run URL -f -`, without manifests `weighbridge run URL`, makes of flags (long names). */
export function planOf(url: string | null, manifests: readonly string[], flags: Flags): Promise<Plan> {
  assert.ok(url !== null, 'the lab has no such listener');
  const all = manifests.length === 0 ? flags : { manifest: '-', ...flags };
  return planFromFlags(url, all, manifests.join('\n---\n'));
}

/** A file for `--cacert`, removed after the test. */
export function pemFile(t: TestContext, pem: string | null): string {
  assert.ok(pem !== null, 'the lab has no HTTPS listener');
  const folder = mkdtempSync(join(tmpdir(), 'weighbridge-pem-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'ca.pem');
  writeFileSync(file, pem);
  return file;
}

function clusterOf(service: string): string {
  return `outbound|80||${service}.istio-test.svc.cluster.local`;
}

/** Envoy's counters at one time. */
export interface Snapshot {
  readonly stats: Readonly<Record<string, number>>;
  /** `rq_total` of /clusters by cluster and `address:port`: a pod can be in several clusters. */
  readonly endpoints: ReadonlyMap<string, number>;
}

/** Reads the counters once no request is under way. */
export async function snapshot(admin: AdminClient): Promise<Snapshot> {
  for (const deadline = performance.now() + 30_000; ; await delay(10)) {
    const stats = await admin.stats();
    const busy = Object.entries(stats).some(([name, n]) => name.endsWith('.upstream_rq_active') && n > 0);
    if (!busy) {
      const endpoints = await admin.clusters();
      const totals = endpoints.map(
        ({ cluster, address, requests }) => [`${cluster} ${address}`, requests] as const,
      );
      return { stats, endpoints: new Map(totals) };
    }
    assert.ok(performance.now() < deadline, 'Envoy still has requests under way');
  }
}

/** What Envoy counted between two snapshots. */
export class EnvoyCounted {
  constructor(
    readonly before: Snapshot,
    readonly after: Snapshot,
  ) {}

  /** A counter of the cluster of `backend-v1`, `backend-v2`, … on port 80 in istio-test. */
  cluster(service: string, counter: string): number {
    return this.#delta(`cluster.${clusterOf(service)};.${counter}`);
  }

  /** The sum of all counters with this beginning and end; there must be some. */
  sum(beginning: string, end: string): number {
    const names = Object.keys(this.after.stats).filter(
      (name) => name.startsWith(beginning) && name.endsWith(end),
    );
    assert.ok(names.length > 0, `Envoy has no counter ${beginning}…${end}`);
    return names.reduce((total, name) => total + this.#delta(name), 0);
  }

  /** Requests that it sent to a pod of the cluster. */
  endpoint(service: string, { address, port }: LabPod): number {
    const key = `${clusterOf(service)} ${address}:${port}`;
    assert.ok(this.after.endpoints.has(key), `Envoy has no endpoint ${key}`);
    return (this.after.endpoints.get(key) as number) - (this.before.endpoints.get(key) ?? 0);
  }

  #delta(name: string): number {
    const after = this.after.stats[name];
    assert.ok(after !== undefined, `Envoy has no counter ${name}`);
    return after - (this.before.stats[name] ?? 0);
  }
}

export interface Weighed {
  readonly result: RunResult;
  /** What Envoy counted while the load ran; pre-flight requests are not in it. */
  readonly counted: EnvoyCounted;
  /** Requests that arrived at pods meanwhile, by pod. */
  readonly arrivals: Readonly<Record<string, number>>;
}

/** Pre-flight, snapshot, load, snapshot. Versions are drawn for each request. */
export function weigh(lab: Lab, plan: Plan, options: RunOptions = {}): Promise<Weighed> {
  return drawnAnew(
    () => weighOnce(lab, plan, options),
    ({ result }) => result,
  );
}

async function weighOnce(lab: Lab, plan: Plan, options: RunOptions): Promise<Weighed> {
  const admin = adminClient(lab.adminUrl ?? assert.fail('the lab has no Envoy'));
  const checked = await checkGateway(plan);
  const before = await snapshot(admin);
  const podsBefore = lab.counts().pods;
  const result = await run(checked.plan, { ...options, preflight: false });
  const after = await snapshot(admin);
  assertAccounted(result);
  const arrivals = Object.entries(lab.counts().pods).map(([pod, n]) => [pod, n - (podsBefore[pod] ?? 0)]);
  return { result, counted: new EnvoyCounted(before, after), arrivals: Object.fromEntries(arrivals) };
}

/** Each scheduled request ended once, in the sums as in their parts. */
export function assertAccounted({ requests, versions, unattributed, failures }: RunResult): void {
  const { scheduled, attributed, failed, cutOff } = requests;
  assert.equal(attributed + requests.unattributed + failed + cutOff, scheduled);
  assert.equal(
    versions.reduce((sum, version) => sum + version.requests, 0),
    attributed,
  );
  assert.equal(total(unattributed.kinds), requests.unattributed);
  assert.equal(total(unattributed.statuses), requests.unattributed);
  assert.equal(total(failures), failed);
  for (const { statuses, requests: n } of versions) assert.equal(total(statuses), n);
}

export function total(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, n) => sum + n, 0);
}

/** A version of the result. */
export function versionOf(result: RunResult, name: string): RunResult['versions'][number] {
  return (
    result.versions.find(({ version }) => version === name) ?? assert.fail(`there is no version ${name}`)
  );
}

/** Holds a count of draws against its share: wrong by chance once in a hundred million times (six sigma). */
export function assertShare(count: number, n: number, share: number): void {
  const off = Math.abs(count - n * share);
  const allowed = 6 * Math.sqrt(n * share * (1 - share)) + 1;
  assert.ok(off <= allowed, `${count} of ${n} is not a share of ${share} (${allowed.toFixed(1)} allowed)`);
}
