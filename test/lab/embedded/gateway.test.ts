import assert from 'node:assert/strict';
import { connect } from 'node:net';
import test from 'node:test';
import { type Lab, type LabOptions, startLab } from '../../../src/lab/lab.js';
import { ask, askMany, until } from '../client.js';
import { app, destinationRule, readYaml, tutorialRoute } from '../manifests.js';

const APPS = app('backend-v1', 'v1', 3) + app('backend-v2', 'v2', 2);

async function withLab(
  yaml: string,
  work: (url: string, lab: Lab) => Promise<void>,
  options: Omit<LabOptions, 'manifests'> = {},
): Promise<void> {
  const lab = await startLab({ manifests: await readYaml(yaml), seed: 1, ...options });
  try {
    await work(lab.urls.http ?? '', lab);
  } finally {
    await lab.close();
  }
}

const route = (host: string, rules: string) => `---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: ${host.replaceAll('.', '-')}, namespace: istio-test}
spec:
  parentRefs: [{name: istio-gateway}]
  hostnames: [${host}]
  rules:
${rules}`;

const TERMINATION =
  'upstream connect error or disconnect/reset before headers. reset reason: connection termination';

test("a backend's answer is passed on, stamped by the gateway", async () => {
  await withLab(tutorialRoute() + APPS, async (url) => {
    const { status, headers, body } = await ask(url);
    assert.equal(status, 200);
    assert.match(body, /^hello from backend v[12]\n$/);
    assert.equal(headers['x-app-version'], '1.0.0');
    assert.equal(headers.server, 'istio-envoy');
    assert.match(headers['x-envoy-upstream-service-time'] as string, /^\d+$/);
    assert.equal(headers['x-pod'], undefined);
    assert.equal(headers['x-envoy-attempt-count'], undefined);
  });
});

test('counts at the backends are what the client saw, and follow the weights within chance of 1e-8', async () => {
  await withLab(
    tutorialRoute() + APPS + destinationRule('backend-v1', '{loadBalancer: {simple: ROUND_ROBIN}}'),
    async (url, lab) => {
      const n = 3000;
      const answers = await askMany(url, n, 20);
      const seen = answers.filter(({ body }) => body === 'hello from backend v2\n').length;
      const { versions, pods } = lab.counts();
      assert.deepEqual(versions, { 'backend-v1': n - seen, 'backend-v2': seen });
      assert.ok(Math.abs(seen - n * 0.1) <= 6 * Math.sqrt(n * 0.09), `${seen} of ${n}`);
      const ofV1 = ['v1-0', 'v1-1', 'v1-2'].map((pod) => pods[pod] ?? 0);
      assert.ok(Math.max(...ofV1) - Math.min(...ofV1) <= 1, `round robin: ${ofV1}`);
    },
  );
});

test("the gateway's own replies: unknown host, no match, no backend, missing Service, no pods", async () => {
  const nopods = `---
apiVersion: v1
kind: Service
metadata: {name: nopods, namespace: istio-test}
spec: {selector: {app: nothing}, ports: [{port: 80}]}
`;
  const version =
    'filters: [{type: ResponseHeaderModifier, responseHeaderModifier: {set: [{name: x-version, value: missing}]}}]';
  const rules = `  - {matches: [{path: {value: /missing}}], backendRefs: [{name: missing, port: 80, ${version}}]}
  - {matches: [{path: {value: /port}}], backendRefs: [{name: backend-v1, port: 81}]}
  - {matches: [{path: {value: /nopods}}], backendRefs: [{name: nopods, port: 80}]}
  - {matches: [{path: {value: /zero}}], backendRefs: [{name: backend-v1, port: 80, weight: 0}]}
  - {matches: [{path: {value: /kind}}], backendRefs: [{name: x, port: 80, group: example.com, kind: Thing}]}
`;
  await withLab(tutorialRoute() + APPS + nopods + route('own.lab', rules), async (url) => {
    for (const [path, host, status, body] of [
      ['/', 'unknown.lab', 404, ''],
      ['/', 'own.lab', 404, ''],
      ['/missing', 'own.lab', 500, ''],
      ['/port', 'own.lab', 500, ''],
      ['/kind', 'own.lab', 500, ''],
      ['/zero', 'own.lab', 500, ''],
      ['/nopods', 'own.lab', 503, 'no healthy upstream'],
    ] as const) {
      const answer = await ask(url, { path, host });
      assert.deepEqual([answer.status, answer.body], [status, body], path);
      assert.equal(answer.headers['x-envoy-upstream-service-time'], undefined, path);
    }
    const missing = await ask(url, { path: '/missing', host: 'own.lab' });
    assert.equal(missing.headers['x-version'], 'missing', 'on own replies as well');
  });
});

test('a missing Service answers 500 for its share', async () => {
  await withLab(tutorialRoute({ weights: [80, 20] }) + app('backend-v1', 'v1', 1), async (url) => {
    const n = 1000;
    const missing = (await askMany(url, n, 10)).filter(({ status, body }) => status === 500 && body === '');
    assert.ok(Math.abs(missing.length - 200) <= 6 * Math.sqrt(n * 0.16), `${missing.length}`);
  });
});

test('default retries hide a refusing pod; without them, and when all refuse, it shows', async () => {
  // With LEAST_REQUEST the refusing pod would be preferred, having the least to do.
  const roundRobin = destinationRule('backend-v2', '{loadBalancer: {simple: ROUND_ROBIN}}');
  const yaml = tutorialRoute({ weights: [0, 1] }) + APPS + roundRobin;
  await withLab(yaml, async (url, lab) => {
    lab.setFault('v2-0:refuse');
    const answers = await askMany(url, 60, 5);
    assert.ok(answers.every(({ status }) => status === 200));
    assert.equal(lab.counts().pods['v2-0'], 0);
    lab.setFault('v2-1:refuse');
    await until(async () => (await ask(url)).status === 503, 'all refuse');
    assert.deepEqual(
      (await ask(url)).body,
      'upstream connect error or disconnect/reset before headers. retried and the latest reset reason: remote connection failure',
    );
    lab.clearFaults();
    await until(async () => (await ask(url)).status === 200, 'back again');
  });
  await withLab(
    yaml,
    async (url, lab) => {
      lab.setFault('v2:refuse');
      await until(async () => (await ask(url)).status === 503, 'all refuse');
      assert.match((await ask(url)).body, / headers\. reset reason: remote connection failure$/);
    },
    { defaultRetries: false },
  );
});

test('faults of backends as the client sees them', async () => {
  await withLab(tutorialRoute() + APPS, async (url, lab) => {
    const during = async (fault: string) => {
      lab.setFault(fault);
      const answer = await ask(url);
      lab.clearFaults();
      return answer;
    };
    const failing = await during('*:status=503');
    assert.equal(failing.status, 503);
    assert.match(failing.body, /^hello from backend/, "a backend's own 503 tells its version");
    assert.notEqual(failing.headers['x-envoy-upstream-service-time'], undefined);
    const closed = await during('*:close');
    assert.deepEqual([closed.status, closed.body], [503, TERMINATION]);
    const garbage = await during('*:garbage');
    assert.deepEqual(
      [garbage.status, garbage.body],
      [502, TERMINATION.replace('connection termination', 'protocol error')],
    );
    const slow = await during('*:slow=80ms');
    assert.ok(Number(slow.headers['x-envoy-upstream-service-time']) >= 79);
    const before = performance.now();
    assert.equal((await during('*:stall=80ms')).status, 200);
    assert.ok(performance.now() - before >= 79);
  });
});

test('five 500s from one of two pods reach the client, then it is out until a sweep after its time', async () => {
  const rule =
    '{outlierDetection: {consecutive5xxErrors: 5, interval: 500ms, baseEjectionTime: 1s, maxEjectionPercent: 50}}';
  await withLab(
    tutorialRoute({ weights: [0, 1] }) + APPS + destinationRule('backend-v2', rule),
    async (url, lab) => {
      lab.setFault('v2-0:status=500');
      let failures = 0;
      while (Object.keys(lab.ejected()).length === 0) if ((await ask(url)).status === 500) failures += 1;
      lab.clearFaults();
      assert.equal(failures, 5);
      assert.deepEqual(lab.ejected(), { 'outbound|80||backend-v2.istio-test.svc.cluster.local': ['v2-0'] });
      await until(() => Object.keys(lab.ejected()).length === 0, 'un-ejected');
      const [out, back] = lab.counts().ejections;
      assert.deepEqual([out?.action, back?.action, out?.host], ['ejected', 'returned', 'v2-0']);
      const windowMs = (back?.atMs ?? 0) - (out?.atMs ?? 0);
      assert.ok(windowMs >= 1000 && windowMs < 1500, `${windowMs}`);
      assert.ok((await askMany(url, 20, 1)).every(({ status }) => status === 200));
    },
  );
});

test('all pods out is no healthy upstream', async () => {
  const rule = '{outlierDetection: {consecutive5xxErrors: 5, interval: 60s, maxEjectionPercent: 100}}';
  await withLab(
    tutorialRoute({ weights: [0, 1] }) + APPS + destinationRule('backend-v2', rule),
    async (url, lab) => {
      lab.setFault('v2:status=500');
      // The second ejection takes effect a second after the first (merged-hosts.ts).
      await until(async () => (await ask(url)).body === 'no healthy upstream', 'both are out');
      assert.deepEqual(Object.values(lab.ejected()), [['v2-0', 'v2-1']]);
    },
  );
});

test('beyond the circuit breaker a version refuses with overflow, and the rest is served', async () => {
  const pool =
    '{connectionPool: {tcp: {maxConnections: 4}, http: {http1MaxPendingRequests: 1, http2MaxRequests: 10}}}';
  await withLab(
    tutorialRoute({ weights: [1, 0] }) + APPS + destinationRule('backend-v1', pool),
    async (url, lab) => {
      lab.setFault('v1:slow=1s');
      const answers = await Promise.all(Array.from({ length: 12 }, () => ask(url)));
      const refused = answers.filter(({ status }) => status === 503);
      assert.equal(refused.length, 7);
      for (const { headers, body } of refused) {
        assert.equal(headers['x-envoy-overloaded'], 'true');
        assert.equal(body, TERMINATION.replace('connection termination', 'overflow'));
      }
      assert.equal(lab.counts().versions['backend-v1'], 5);
    },
  );
});

test('timeouts, retries on 5xx and injected faults of routes', async () => {
  const timeouts = '  - {timeouts: {request: 80ms}, backendRefs: [{name: backend-v1, port: 80}]}\n';
  const virtualService = `---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: classic, namespace: istio-test}
spec:
  servers: [{port: {number: 8080, name: http, protocol: HTTP}, hosts: ['*']}]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: vs, namespace: istio-test}
spec:
  hosts: [vs.lab]
  gateways: [classic]
  http:
  - match: [{uri: {prefix: /fault}}]
    fault: {abort: {httpStatus: 418, percentage: {value: 100}}}
    route: [{destination: {host: backend-v1.istio-test.svc.cluster.local}}]
  - match: [{uri: {prefix: /retry}}]
    retries: {attempts: 2, retryOn: 5xx}
    route: [{destination: {host: backend-v2.istio-test.svc.cluster.local}}]
  - route: [{destination: {host: missing.istio-test.svc.cluster.local}}]
`;
  await withLab(tutorialRoute() + APPS + route('slow.lab', timeouts) + virtualService, async (url, lab) => {
    lab.setFault('v1:slow=10s');
    const late = await ask(url, { host: 'slow.lab' });
    assert.deepEqual([late.status, late.body], [504, 'upstream request timeout']);
    const classic = lab.listeners.find(
      ({ gateway, port }) => gateway === 'istio-test/classic' && port === 8080,
    );
    const vs = (path: string) => ask(classic?.url ?? '', { path, host: 'vs.lab' });
    const aborted = await vs('/fault');
    assert.deepEqual([aborted.status, aborted.body], [418, 'fault filter abort']);
    lab.setFault('v2-0:status=500');
    for (let i = 0; i < 10; i++) assert.equal((await vs('/retry')).status, 200);
    const missing = await vs('/');
    assert.deepEqual([missing.status, missing.body], [503, ''], 'a VirtualService without its host: 503');
  });
});

test('header modifiers: of the backend before those of the rule; with one backend its own have the last word', async () => {
  const modifier = (value: string) =>
    `{type: ResponseHeaderModifier, responseHeaderModifier: {set: [{name: x-a, value: ${value}}], add: [{name: x-b, value: ${value}}], remove: [x-app-name]}}`;
  const backend = `{name: backend-v1, port: 80, filters: [${modifier('backend')}]}`;
  const rules = `  - {matches: [{path: {value: /one}}], filters: [${modifier('rule')}], backendRefs: [${backend}]}
  - {matches: [{path: {value: /two}}], filters: [${modifier('rule')}], backendRefs: [${backend}, {name: backend-v2, port: 80, weight: 0}, ${backend}]}
`;
  await withLab(tutorialRoute() + APPS + route('headers.lab', rules), async (url) => {
    const one = await ask(url, { path: '/one', host: 'headers.lab' });
    assert.deepEqual(
      [one.headers['x-a'], one.headers['x-b'], one.headers['x-app-name']],
      ['backend', 'rule, backend', undefined],
    );
    const two = await ask(url, { path: '/two', host: 'headers.lab' });
    assert.deepEqual([two.headers['x-a'], two.headers['x-b']], ['rule', 'backend, rule']);
  });
});

test('weights can be changed while it runs', async () => {
  await withLab(tutorialRoute({ weights: [100, 0] }) + APPS, async (url, lab) => {
    await askMany(url, 20, 2);
    lab.setWeights({ 'backend-v1': 0, 'backend-v2': 1 });
    await askMany(url, 20, 2);
    assert.deepEqual(lab.counts().versions, { 'backend-v1': 20, 'backend-v2': 20 });
    assert.throws(() => lab.setWeights({ v2: 1 }), { name: 'UserError' });
  });
});

test('bodies reach the backend, pods can tell their names, a consistent hash sticks', async () => {
  const hash = '{loadBalancer: {consistentHash: {httpHeaderName: x-user}}}';
  await withLab(
    tutorialRoute({ weights: [1, 0] }) + APPS + destinationRule('backend-v1', hash),
    async (url) => {
      const posted = await ask(url, { method: 'POST', body: 'x'.repeat(200_000) });
      assert.equal(posted.status, 200);
      const byUser = new Map<string, Set<unknown>>();
      for (let i = 0; i < 40; i++) {
        const user = `u${i % 10}`;
        const { headers } = await ask(url, { headers: { 'x-user': user } });
        byUser.set(user, (byUser.get(user) ?? new Set()).add(headers['x-pod']));
      }
      assert.ok([...byUser.values()].every((pods) => pods.size === 1));
      assert.ok(new Set([...byUser.values()].flatMap((pods) => [...pods])).size > 1);
    },
    { tellEndpoint: true },
  );
});

test('HTTP/1.0 is told to upgrade; a client that leaves frees its place', async () => {
  const pool = '{connectionPool: {tcp: {maxConnections: 1}, http: {http1MaxPendingRequests: 1}}}';
  await withLab(
    tutorialRoute({ weights: [1, 0] }) + APPS + destinationRule('backend-v1', pool),
    async (url, lab) => {
      const old = await raw(url, 'GET / HTTP/1.0\r\nhost: test.devopscube.com\r\n\r\n');
      assert.match(old, /^HTTP\/1\.1 426 /);
      lab.setFault('v1:slow=30s');
      const { port } = new URL(url);
      const client = connect(Number(port), '127.0.0.1');
      client.write('GET / HTTP/1.1\r\nhost: test.devopscube.com\r\n\r\n');
      await until(() => lab.counts().versions['backend-v1'] === 1, 'the request arrived');
      client.destroy();
      lab.clearFaults();
      await until(async () => (await ask(url)).status === 200, 'the place is free');
    },
  );
});

function raw(url: string, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const client = connect(Number(new URL(url).port), '127.0.0.1');
    let got = '';
    client.on('data', (part) => {
      got += part;
    });
    client.on('error', reject);
    client.on('close', () => resolve(got));
    client.write(text);
  });
}
