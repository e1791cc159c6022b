/** The generated configuration in a real Envoy. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, request, type Server } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { UserError } from '../../src/errors.js';
import { buildBootstrap } from '../../src/lab/envoy/bootstrap.js';
import { startEnvoy } from '../../src/lab/envoy/launch.js';
import { type LabEnvoyOptions, startLabEnvoy } from '../../src/lab/envoy/start-lab-envoy.js';
import { makeCertificate } from '../../src/lab/mesh/certificates.js';
import type { LabPod, Topology } from '../../src/lab/mesh/topology.js';
import { readManifests } from '../../src/plan/manifests/index.js';
import type { ManifestSet } from '../../src/plan/manifests/model.js';
import { destinationRule } from '../lab/manifests.js';
import { envoyForTests } from '../support/envoy.js';
import { fixture } from '../support/istio-golden.js';
import { readManifestTexts } from '../support/manifests.js';

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

interface Ask {
  readonly host: string;
  readonly path?: string;
  readonly servername?: string;
}

/** One request over a connection of its own. */
function ask(url: string, { host, path = '/', servername }: Ask): Promise<Answer> {
  const target = new URL(path, url);
  const options = { headers: { host }, agent: false };
  return new Promise((resolve, reject) => {
    const sent =
      target.protocol === 'https:'
        ? httpsRequest(target, { ...options, servername: servername ?? '', rejectUnauthorized: false })
        : request(target, options);
    sent.on('error', reject);
    sent.on('response', (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (text: string) => {
        body += text;
      });
      response.on('error', reject);
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
      );
    });
    sent.end();
  });
}

/** One pod of each version. */
async function startPods(): Promise<{ pods: LabPod[]; stop: () => Promise<void> }> {
  const servers: Server[] = [];
  const pods: LabPod[] = [];
  for (const version of ['v1', 'v2']) {
    const server = createServer((_, response) => response.end(`hello from backend ${version}`));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    servers.push(server);
    pods.push({
      name: `${version}-0`,
      namespace: 'istio-test',
      labels: { app: 'backend', version },
      address: '127.0.0.1',
      port: (server.address() as AddressInfo).port,
      text: `hello from backend ${version}`,
    });
  }
  const stop = async () => {
    for (const server of servers) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  };
  return { pods, stop };
}

/** A port of loopback on which nothing listens. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function options(names: readonly string[], pods: readonly LabPod[]): Promise<LabEnvoyOptions> {
  return optionsFor(await readManifestTexts(...names.map(fixture)), pods);
}

async function optionsFor(manifests: ManifestSet, pods: readonly LabPod[]): Promise<LabEnvoyOptions> {
  const topology: Topology = {
    services: manifests.services.map(({ ref, selector, ports }) => ({
      name: ref.name,
      namespace: ref.namespace,
      host: `${ref.name}.${ref.namespace}.svc.cluster.local`,
      ports,
      pods: pods.filter(({ labels }) =>
        Object.entries(selector).every(([key, value]) => labels[key] === value),
      ),
    })),
  };
  const certificate = await makeCertificate({ names: ['test.devopscube.com', '*.tls.lab'] });
  return { manifests, topology, certificate, defaultRetries: true };
}

test('Envoy accepts the bootstrap of the tutorial, of all variants and of the samples', async (t) => {
  const binary = envoyForTests(t);
  if (binary === undefined) return;
  const folder = mkdtempSync(join(tmpdir(), 'weighbridge-validate-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const pod = { address: '127.0.0.1', port: 5678, namespace: 'istio-test', text: '' };
  const pods = ['v1', 'v2'].map((version) => ({
    ...pod,
    name: version,
    labels: { app: 'backend', version },
  }));
  const samples = readdirSync('samples', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => join('samples', name));
  const validate = async (manifests: ManifestSet): Promise<void> => {
    const built = buildBootstrap(await optionsFor(manifests, pods));
    assert.ok(built.listeners.length > 0);
    const file = join(folder, 'bootstrap.json');
    writeFileSync(file, JSON.stringify(built.bootstrap));
    const { status, stderr } = spawnSync(binary, ['--mode', 'validate', '-c', file], { encoding: 'utf8' });
    assert.equal(status, 0, stderr);
  };
  await validate(await readManifestTexts(...['tutorial.yaml', 'variants.yaml'].map(fixture)));
  await validate(await readManifests(samples, async () => ''));
});

test('a split, its missing share, unknown hosts and TLS server names are answered as at Istio', async (t) => {
  if (envoyForTests(t) === undefined) return;
  const { pods, stop } = await startPods();
  t.after(stop);
  const lab = await startLabEnvoy(await options(['tutorial.yaml', 'variants.yaml'], pods));
  t.after(() => lab.stop());
  const plain = lab.running.find(({ gateway, port }) => gateway.endsWith('istio-gateway') && port === 80);
  const http = plain?.url ?? '';
  assert.equal(http, lab.urls.http);
  assert.match(lab.version, /^\d+\.\d+\.\d+$/);

  const bodies = new Map<string, number>();
  for (let i = 0; i < 60; i++) {
    const answer = await ask(http, { host: 'test.devopscube.com:31080' });
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.server, 'istio-envoy');
    assert.ok(answer.headers['x-envoy-upstream-service-time']);
    bodies.set(answer.body, (bodies.get(answer.body) ?? 0) + 1);
  }
  assert.deepEqual([...bodies.keys()].sort(), ['hello from backend v1', 'hello from backend v2']);
  const stats = await lab.envoy.stats();
  for (const version of ['v1', 'v2']) {
    const cluster = `cluster.outbound|80||backend-${version}.istio-test.svc.cluster.local;`;
    assert.equal(stats[`${cluster}.upstream_rq_total`], bodies.get(`hello from backend ${version}`));
  }
  const clusters = await lab.envoy.clusters();
  for (const { port, labels, text } of pods) {
    const name = `outbound|80||backend-${labels.version}.istio-test.svc.cluster.local`;
    assert.deepEqual(
      clusters.filter(({ cluster }) => cluster === name),
      [
        {
          cluster: name,
          address: `127.0.0.1:${port}`,
          requests: bodies.get(text),
          errors: 0,
          ejected: false,
        },
      ],
    );
  }

  const unknown = await ask(http, { host: 'nobody.lab' });
  assert.deepEqual([unknown.status, unknown.body], [404, '']);
  const missing = await ask(http, { host: 'missing-only.lab' });
  assert.deepEqual([missing.status, missing.body], [500, '']);
  assert.equal(missing.headers['x-envoy-upstream-service-time'], undefined);
  const shares = new Set<string>();
  // Either share is missed with probability 0.8^80.
  for (let i = 0; i < 80; i++) {
    const { status, body } = await ask(http, { host: 'missing.lab' });
    shares.add(`${status} ${body}`);
  }
  assert.deepEqual([...shares].sort(), ['200 hello from backend v1', '500 ']);
  const noPods = await ask(http, { host: 'nopods.lab', path: '/' });
  assert.ok([200, 503].includes(noPods.status));
  const labelled = await ask(http, { host: 'headers-one.lab' });
  assert.equal(labelled.headers['x-version'], 'v1');

  const https = lab.urls.https ?? '';
  const name = 'test.devopscube.com';
  assert.equal((await ask(https, { host: name, servername: name })).status, 200);
  assert.equal((await ask(https, { host: 'a.tls.lab', servername: 'b.tls.lab' })).status, 200);
  assert.equal((await ask(https, { host: 'a.tls.lab', servername: name })).status, 404);
  await assert.rejects(ask(https, { host: name, servername: 'wrong.example' }), { code: 'ECONNRESET' });
  await assert.rejects(ask(https, { host: name }), { code: 'ECONNRESET' });
});

/**
 * In rotation a retry always finds the other pod. By least requests, which draws six times before it gives up,
 * both retries would find the same one again in one request of 8,000.
 */
const ROTATION = destinationRule('port-tcp', '{loadBalancer: {simple: ROUND_ROBIN}}');

test('the default retries hide refused connections, and can be removed', async (t) => {
  if (envoyForTests(t) === undefined) return;
  const { pods, stop } = await startPods();
  t.after(stop);
  const [v1] = pods;
  assert.ok(v1);
  const refusing = { ...v1, name: 'v1-1', port: await closedPort() };
  const answers = async (defaultRetries: boolean, ...running: LabPod[]): Promise<Set<string>> => {
    const manifests = await readManifestTexts(...['tutorial.yaml', 'variants.yaml'].map(fixture), ROTATION);
    const lab = await startLabEnvoy({
      ...(await optionsFor(manifests, running)),
      defaultRetries,
    });
    try {
      const seen = new Set<string>();
      // Without retries every second request of each of Envoy's threads meets the refusing pod.
      for (let i = 0; i < 24; i++) {
        const { status, body } = await ask(lab.urls.http ?? '', { host: 'clusters.lab', path: '/port-tcp' });
        seen.add(`${status} ${body}`);
      }
      assert.equal(
        lab.notes.some((note) => note.includes('hide refused connections')),
        defaultRetries,
      );
      return seen;
    } finally {
      await lab.stop();
    }
  };
  assert.deepEqual([...(await answers(true, v1, refusing))], ['200 hello from backend v1']);
  const [good, bad] = [...(await answers(false, v1, refusing))].sort();
  assert.equal(good, '200 hello from backend v1');
  assert.match(bad ?? '', /^503 .* reset reason: remote connection failure/);
  const [retried, ...others] = await answers(true, refusing);
  assert.match(retried ?? '', /^503 .*retried and the latest reset reason: remote connection failure/);
  assert.deepEqual(others, []);
});

test('what Envoy refuses is said in its own words', async (t) => {
  const binary = envoyForTests(t);
  if (binary === undefined) return;
  await assert.rejects(startEnvoy({ binary, bootstrap: { admin: { colour: 'red' } } }), (error: Error) => {
    assert.ok(error instanceof UserError);
    assert.match(error.message, /refused its configuration/);
    assert.match(error.message, /colour/);
    return true;
  });
  await assert.rejects(startEnvoy({ binary: process.execPath, bootstrap: {} }), UserError);
});
