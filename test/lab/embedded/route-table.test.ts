import assert from 'node:assert/strict';
import test from 'node:test';
import { RouteTable } from '../../../src/lab/embedded/route-table.js';
import { Weights } from '../../../src/lab/embedded/weights.js';
import { attachRoutes } from '../../../src/lab/mesh/attached-listeners.js';
import { readWeights } from '../../../src/lab/mesh/read-weights.js';
import { seededRandom } from '../../../src/random.js';
import { placeForTests } from '../../support/manifests.js';
import { readYaml, tutorialRoute } from '../manifests.js';

async function table(yaml: string) {
  const set = await readYaml(yaml);
  const [attached] = attachRoutes(set, new Set());
  const made = new RouteTable(attached?.hosts ?? new Map(), attached?.place ?? placeForTests(80));
  const find = (target: string, host: string, rawHeaders: string[] = [], method = 'GET') =>
    made.find({ target, host, scheme: 'http', method, rawHeaders })?.rule.backends[0]?.name ?? null;
  return { set, find };
}

const route = (name: string, host: string, rules: string) => `---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: ${name}, namespace: istio-test}
spec:
  parentRefs: [{name: istio-gateway}]
  hostnames: ['${host}']
  rules:
${rules}`;
const rule = (match: string, backend: string) =>
  `  - {matches: [${match}], backendRefs: [{name: ${backend}, port: 80}]}\n`;

test('hosts: case and port do not count, a trailing dot does; exact before wildcard', async () => {
  const { find } = await table(
    tutorialRoute() +
      route('star', '*.star.lab', rule('{path: {value: /}}', 'star')) +
      route('exact', 'a.star.lab', rule('{path: {value: /}}', 'exact')),
  );
  assert.equal(find('/', 'TEST.devopscube.com:8080'), 'backend-v1');
  assert.equal(find('/', 'test.devopscube.com.'), null);
  assert.equal(find('/', 'other.lab'), null);
  assert.equal(find('/', 'a.star.lab'), 'exact');
  assert.equal(find('/', 'b.star.lab'), 'star');
  assert.equal(find('/', 'star.lab'), null);
});

test('paths: exact before prefix before regular expression, the longer one first; prefixes end at slashes', async () => {
  const { find } = await table(
    tutorialRoute() +
      route(
        'prefix',
        'prefix.lab',
        rule('{path: {value: /api}}', 'api') +
          rule('{path: {type: Exact, value: /api/x}}', 'exact') +
          rule('{path: {type: RegularExpression, value: "/r[0-9]+"}}', 'regex') +
          rule('{path: {value: /api/long}}', 'long'),
      ),
  );
  assert.equal(find('/api', 'prefix.lab'), 'api');
  assert.equal(find('/api/x?q=1', 'prefix.lab'), 'exact');
  assert.equal(find('/api/long/x', 'prefix.lab'), 'long');
  assert.equal(find('/apix', 'prefix.lab'), null);
  assert.equal(find('/r12', 'prefix.lab'), 'regex');
  assert.equal(find('/r12/', 'prefix.lab'), null);
});

test('headers, methods and query parameters', async () => {
  const { find } = await table(
    tutorialRoute() +
      route(
        'more',
        'more.lab',
        rule('{path: {value: /}}', 'plain') +
          rule('{path: {value: /}, headers: [{name: X-Canary, value: "yes"}]}', 'header') +
          rule('{path: {value: /}, queryParams: [{name: v, value: "2"}]}', 'query') +
          rule('{path: {value: /}, method: POST}', 'post'),
      ),
  );
  assert.equal(find('/', 'more.lab'), 'plain');
  assert.equal(find('/', 'more.lab', ['X-CANARY', 'yes']), 'header');
  assert.equal(find('/?v=2', 'more.lab'), 'query');
  assert.equal(find('/', 'more.lab', ['x-canary', 'yes'], 'POST'), 'post');
});

/** Two-sided bound in counts whose chance is below 1e-6 (5 standard deviations: 6e-7). */
const bound = (n: number, p: number) => 5 * Math.sqrt(n * p * (1 - p));

test('draws follow the weights, within chance of 1e-6, and are independent', async () => {
  const { set } = await table(tutorialRoute({ weights: [90, 10] }));
  const [first] = set.routes[0]?.rules ?? [];
  assert.ok(first);
  const weights = new Weights();
  const random = seededRandom(7);
  const n = 100_000;
  let second = 0;
  let twice = 0;
  let last = false;
  for (let i = 0; i < n; i++) {
    const isSecond = weights.draw(first, random)?.name === 'backend-v2';
    if (isSecond) second += 1;
    if (isSecond && last) twice += 1;
    last = isSecond;
  }
  assert.ok(Math.abs(second - n * 0.1) <= bound(n, 0.1), `${second} of ${n}`);
  // Rotation would give none in a row, affinity many.
  assert.ok(Math.abs(twice - n * 0.01) <= 1.3 * bound(n, 0.01), `${twice} in a row`);
});

test('weights can be changed, to 0 and from 0, and to nothing at all', async () => {
  const { set } = await table(tutorialRoute({ weights: [100, 0] }));
  const [first] = set.routes[0]?.rules ?? [];
  assert.ok(first);
  const weights = new Weights();
  const random = seededRandom(1);
  const drawn = () => new Set(Array.from({ length: 200 }, () => weights.draw(first, random)?.name ?? null));
  assert.deepEqual(drawn(), new Set(['backend-v1']));
  weights.set({ 'backend-v1': 0, 'backend-v2': 5 });
  assert.deepEqual(drawn(), new Set(['backend-v2']));
  weights.set({ 'backend-v1': 5 });
  assert.deepEqual(drawn(), new Set(['backend-v1', 'backend-v2']));
  weights.set({ 'backend-v1': 0, 'backend-v2': 0 });
  assert.deepEqual(drawn(), new Set([null]));
});

test('new weights are checked', async () => {
  const set = await readYaml(tutorialRoute());
  assert.deepEqual(readWeights({ 'backend-v1': 85, 'backend-v2': 15 }, set, 'w'), {
    'backend-v1': 85,
    'backend-v2': 15,
  });
  for (const [given, why] of [
    [null, /not an object/],
    [[85, 15], /not an object/],
    ['v1=85', /not an object/],
    [{}, /no backend is named/],
    [{ v1: 85 }, /no route has a backend 'v1'. These are there: backend-v1, backend-v2/],
    [{ 'backend-v1': -1 }, /-1 is not a weight/],
    [{ 'backend-v1': 1.5 }, /1.5 is not a weight/],
    [{ 'backend-v1': '85' }, /"85" is not a weight/],
    [{ 'backend-v1': Number.NaN }, /is not a weight/],
    [{ 'backend-v1': 1_000_001 }, /is not a weight/],
  ] as const) {
    assert.throws(() => readWeights(given, set, 'w'), { name: 'UserError', message: why });
  }
});
