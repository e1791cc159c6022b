import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { monotonicUs } from '../../src/blocks/clock.js';
import { startBackends } from '../../src/lab/backends/backends.js';
import { startLab } from '../../src/lab/lab.js';
import { ask } from './client.js';
import { readYaml, tutorialRoute } from './manifests.js';

const run = promisify(execFile);
const MAIN = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url));
const module = (path: string) => JSON.stringify(new URL(path, import.meta.url).href);

test('a lab that was started, used and closed leaves nothing that keeps a process alive', async () => {
  const script = `
    const { startLab } = await import(${module('../../src/lab/lab.js')});
    const { readYaml, tutorialRoute } = await import(${module('./manifests.js')});
    const manifests = await readYaml(tutorialRoute());
    const before = process.cpuUsage();
    const lab = await startLab({ manifests, faults: ['v2-0:refuse,after=1h', 'v1-0:slow=1h'] });
    const { user, system } = process.cpuUsage(before);
    fetch(lab.urls.control + '/state').catch(() => {});
    for (let i = 0; i < 20; i++) fetch(lab.urls.http).catch(() => {});
    await lab.close();
    await lab.close();
    console.log(JSON.stringify({ cpuMs: (user + system) / 1000 }));`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script], { timeout: 60_000 });
  const { cpuMs } = JSON.parse(stdout) as { cpuMs: number };
  assert.ok(cpuMs < 1000, `${cpuMs} ms of CPU to start`);
});

test('the same seed draws the same versions', async () => {
  const draws = async () => {
    const lab = await startLab({ manifests: await readYaml(tutorialRoute({ weights: [1, 1] })), seed: 42 });
    try {
      const bodies: string[] = [];
      for (let i = 0; i < 30; i++) bodies.push((await ask(lab.urls.http ?? '')).body);
      return bodies.join('');
    } finally {
      await lab.close();
    }
  };
  assert.equal(await draws(), await draws());
});

test('each arrival at a pod is told, with the monotonic clock', async () => {
  const arrivals: [string, number][] = [];
  const before = monotonicUs();
  const lab = await startLab({
    manifests: await readYaml(tutorialRoute()),
    onArrival: (pod, atUs) => arrivals.push([pod, atUs]),
  });
  try {
    for (let i = 0; i < 20; i++) await ask(lab.urls.http ?? '');
    const told = Object.fromEntries(Object.keys(lab.counts().pods).map((pod) => [pod, 0]));
    let lastUs = before;
    for (const [pod, atUs] of arrivals) {
      told[pod] = (told[pod] ?? 0) + 1;
      assert.ok(atUs >= lastUs, 'in order');
      lastUs = atUs;
    }
    assert.ok(lastUs <= monotonicUs());
    assert.deepEqual(told, lab.counts().pods);
    assert.equal(lab.outlierLog, null);
  } finally {
    await lab.close();
  }
});

test('the embedded gateway has no event log', async () => {
  const manifests = await readYaml(tutorialRoute());
  await assert.rejects(startLab({ manifests, outlierLogPath: 'events.json' }), {
    name: 'OptionError',
    message: /^outlierLogPath: only a real Envoy writes an outlier event log/,
  });
});

test('a port in use and a bad fault are said, and nothing stays open', async () => {
  const taken = createServer();
  taken.listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as { port: number };
  const manifests = await readYaml(tutorialRoute());
  try {
    await assert.rejects(startLab({ manifests, port }), {
      name: 'UserError',
      message: `Port ${port} of 127.0.0.1 is in use: give another one with --port (0 for any free one).`,
    });
    await assert.rejects(startLab({ manifests, controlPort: port }), { message: /--control-port/ });
    await assert.rejects(startLab({ manifests, faults: ['v7:close'] }), {
      message: /^--fault: there is no pod/,
    });
  } finally {
    taken.close();
  }
});

test('where a pod cannot have an address of its own it shares 127.0.0.1', async () => {
  const pod = { name: 'p-0', namespace: 'n', labels: {}, address: '192.0.2.1', text: 'hello' };
  const service = { name: 'p', namespace: 'n', host: 'p.n.svc.cluster.local', ports: [], pods: [pod] };
  const backends = await startBackends(
    { services: [service], defaults: [] },
    { tellEndpoint: true, treat: () => ({ delayMs: 0, answer: null }) },
  );
  try {
    const [started] = backends.topology.services[0]?.pods ?? [];
    assert.equal(started?.address, '127.0.0.1');
    const answer = await ask(`http://127.0.0.1:${started?.port}`);
    assert.equal(answer.body, 'hello\n');
    assert.equal(answer.headers['x-pod'], 'p-0');
  } finally {
    await backends.close();
  }
});

async function inFolder(work: (route: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'weighbridge-test-'));
  try {
    const route = join(folder, 'route.yaml');
    await writeFile(route, tutorialRoute());
    await work(route);
  } finally {
    await rm(folder, { recursive: true });
  }
}

test('weighbridge lab tells where it listens, serves, and ends with 0 on Ctrl-C', async () => {
  await inFolder(async (route) => {
    const flags = [
      '-f',
      route,
      '--port',
      '0',
      '--control-port',
      '0',
      '--seed',
      '7',
      '--fault',
      'v2:slow=1ms',
    ];
    const child = spawn(process.execPath, [MAIN, 'lab', ...flags], { stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.setEncoding('utf8');
    for await (const part of child.stdout) {
      text += part;
      if (text.includes('Seed: 7\n')) break;
    }
    const [url = ''] = /http:\/\/127\.0\.0\.1:\d+/.exec(text) ?? [];
    assert.match((await ask(url)).body, /^hello from backend v[12]\n$/);
    assert.match(text, /curl -H 'Host: test\.devopscube\.com' http/);
    assert.match(text, /weighbridge run http\S+ --host test\.devopscube\.com -f \S*route\.yaml/);
    assert.match(text, /retries of routes without a retry policy: 2 \(Istio's default\)/);
    child.kill('SIGINT');
    assert.deepEqual(await once(child, 'exit'), [0, null]);
  });
});

test('wrong options of weighbridge lab are one line and exit 2', async () => {
  await inFolder(async (route) => {
    for (const [flags, message] of [
      [['--port', 'abc'], /--port: 'abc' is not a whole number/],
      [['--port', '70000'], /--port: 70000 is out of range/],
      [['--seed', '-1'], /--seed/],
      [['--fault', 'v2'], /--fault: 'v2': there is no TARGET/],
      [['--envoy-path', '/x'], /--envoy-path belongs to a real Envoy/],
      [['--port', '0', '--port', '1'], /--port was given 2 times/],
    ] as const) {
      const args = [MAIN, 'lab', '-f', route, '--control-port', '0', ...flags];
      const failed = await run(process.execPath, args, { timeout: 60_000 }).catch((error: unknown) => error);
      const { code, stderr } = failed as { code: number; stderr: string };
      assert.equal(code, 2, flags.join(' '));
      assert.match(stderr, message);
      assert.doesNotMatch(stderr, /\n\s+at /);
    }
  });
});

test('--print-envoy prints the configuration and ends', async () => {
  await inFolder(async (route) => {
    const args = [MAIN, 'lab', '-f', route, '--print-envoy', '--port', '18080'];
    const { stdout, stderr } = await run(process.execPath, args, { timeout: 60_000 });
    const { static_resources: resources } = JSON.parse(stdout);
    assert.equal(resources.listeners[0].address.socket_address.port_value, 18_080);
    const [endpoint] = resources.clusters[0].load_assignment.endpoints[0].lb_endpoints;
    assert.deepEqual(endpoint.endpoint.address.socket_address, { address: '127.0.11.1', port_value: 5678 });
    assert.match(stderr, /default retries hide refused connections/);
  });
});
