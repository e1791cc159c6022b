/** Proxies of the environment, and Node's own switch for them, take nothing that this tool sends. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';

const module = (path: string) => JSON.stringify(new URL(path, import.meta.url).href);

const SCRIPT = `
const { run } = await import(${module('../src/run.js')});
const { startLab } = await import(${module('../src/lab/lab.js')});
const { askAdmin } = await import(${module('../src/gateway/admin-client.js')});
const { adminClient } = await import(${module('../src/lab/envoy/admin-client.js')});
const { planFor } = await import(${module('./support/plan.js')});
const { httpServer } = await import(${module('./support/servers.js')});
const { h2Server, respond } = await import(${module('./support/h2-servers.js')});
const { readYaml, tutorialRoute } = await import(${module('./lab/manifests.js')});
const t = { after() {} };
const load = { requests: 6, connections: 2 };

const h1 = await httpServer(t, (request, reply) => {
  reply.setHeader('x-version', 'v1');
  reply.end(JSON.stringify({ state: 'LIVE' }));
});
const h2 = await h2Server(t, ({ stream }) => respond(stream));
const lab = await startLab({ manifests: await readYaml(tutorialRoute()), seed: 1 });
const counts = async (at, flags, options) =>
  (await run(planFor('http://' + at + '/', { load, flags }), options)).requests;
const noPreflight = { preflight: false };
const done = {
  http1: (await counts(h1.at, {})).attributed,
  http2: (await counts(h2.at, { http2: true }, noPreflight)).attributed,
  lab: (await counts(new URL(lab.urls.http).host, { host: 'test.devopscube.com' }, noPreflight)).unattributed,
  admin: await askAdmin('http://' + h1.at, '/', { timeoutMs: 20_000, maxBytes: 1000 }),
  live: await adminClient('http://' + h1.at).isLive(),
};
console.log(JSON.stringify(done));
process.exit();
`;

/** Runs a script with a proxy in every variable. @returns its output, and how many connections the proxy got */
async function withProxy(t: TestContext, script: string): Promise<{ stdout: string; connections: number }> {
  let connections = 0;
  const proxy = createServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  t.after(() => proxy.close());
  const at = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  const names = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'http_proxy', 'https_proxy', 'all_proxy'];
  const env = {
    ...process.env,
    ...Object.fromEntries(names.map((name) => [name, at])),
    NO_PROXY: '',
    no_proxy: '',
    NODE_USE_ENV_PROXY: '1',
  };
  const folder = mkdtempSync(join(tmpdir(), 'weighbridge-proxies-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  // Not --eval: worker threads take over its flags.
  const file = join(folder, 'script.mjs');
  writeFileSync(file, script);
  const { stdout } = await promisify(execFile)(process.execPath, [file], { env, timeout: 120_000 });
  return { stdout, connections };
}

test('load, pre-flight, lab and admin queries go to their addresses, not to a proxy', async (t) => {
  const { stdout, connections } = await withProxy(t, SCRIPT);
  assert.deepEqual(JSON.parse(stdout), { http1: 6, http2: 6, lab: 6, admin: { state: 'LIVE' }, live: true });
  assert.equal(connections, 0);
});

test("Node's switch would take other requests there", async (t) => {
  // Since Node 24; below, the switch means nothing.
  if (Number(process.versions.node.split('.')[0]) < 24) return;
  const request = "await fetch('http://127.0.0.1:18999/').catch(() => {});";
  assert.ok((await withProxy(t, request)).connections > 0);
});
