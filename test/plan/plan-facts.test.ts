import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OptionError, UserError } from '../../src/errors.js';
import { planWithFacts } from '../../src/plan/plan-facts.js';
import { readManifestTexts, routeAtClass } from '../support/manifests.js';

const SAMPLE = (name: string) => `samples/${name}.yaml`;
const ROUTE = [SAMPLE('httproute-90-10')];

test('neither URL nor Gateway is needed: the rule says from where the weights are', async () => {
  const { plan, facts } = await planWithFacts({ manifests: ROUTE });
  const rule = 'HTTPRoute istio-test/backend-route, rule 1 (samples/httproute-90-10.yaml, line 13)';
  assert.deepEqual([facts.weightsFrom, facts.rule, facts.limits], [rule, rule, null]);
  assert.deepEqual(
    plan.judge.expected?.map(({ share }) => share),
    [0.9, 0.1],
  );
  assert.equal(facts.split?.by, 'weights');
});

test('options choose the rule as in a run, and their errors are those of a run', async () => {
  await assert.rejects(planWithFacts({ manifests: ROUTE, host: 'a.b' }), /No route is for the host a\.b/);
  await assert.rejects(planWithFacts({ manifests: ROUTE, rule: '7' }), /there is no rule '7'/);
  await assert.rejects(planWithFacts({ manifests: ['no-such.yaml'] }), UserError);
  await assert.rejects(planWithFacts({ rule: '1', expect: { a: 1 } }), /rule chooses among manifests/);
});

test('nothing expected is an error', async () => {
  for (const options of [{}, { url: 'http://127.0.0.1' }, { manifests: [] }]) {
    await assert.rejects(planWithFacts(options), (error) => {
      assert.ok(error instanceof OptionError);
      assert.match(error.message, /Nothing is expected/);
      return true;
    });
  }
});

test('--expect alone', async () => {
  const { facts } = await planWithFacts({ expect: { v1: 3, v2: 1 } });
  assert.deepEqual(facts, { weightsFrom: null, rule: null, split: null, limits: null });
});

const deployment = (name: string, replicas: number, labels: string) => `apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}, namespace: n}
spec: {replicas: ${replicas}, selector: {matchLabels: {${labels}}}, template: {metadata: {labels: {${labels}}}, spec: {containers: [{name: a, image: a}]}}}`;
const service = (name: string, selector: string) => `apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: n}
spec: {selector: {${selector}}, ports: [{port: 80}]}`;

const TWO = [
  deployment('web-v1', 3, 'app: web, version: v1'),
  deployment('web-v2', 1, 'app: web, version: v2'),
];
const rounded = (
  portions: readonly { version: string | null; pods: number | null; share: number }[] | undefined,
) => portions?.map(({ version, pods, share }) => [version, pods, Number(share.toFixed(6))]);

test('a Service over both Deployments, without a route: pods decide', async () => {
  const manifests = await readManifestTexts(service('web', 'app: web'), ...TWO);
  const { facts } = await planWithFacts({ manifests, expect: { v1: 90, v2: 10 } });
  assert.deepEqual([facts.split?.by, facts.split?.of], ['pods', 'Service n/web']);
  assert.deepEqual(rounded(facts.split?.portions), [
    ['v1', 3, 0.75],
    ['v2', 1, 0.25],
  ]);
  const other = await planWithFacts({ manifests, expect: { a: 90, b: 10 } });
  assert.equal(other.facts.split, null, 'the Deployments are of no expected version');
});

test('a route to one Service with both: pods decide; Deployments are known by their version label', async () => {
  const [v1, v2] = [
    deployment('stable', 3, 'app: web, version: v1'),
    deployment('canary', 1, 'app: web, version: v2'),
  ];
  const rules = '[{backendRefs: [{name: web, port: 80}]}]';
  const manifests = await readManifestTexts(routeAtClass('istio', rules), service('web', 'app: web'), v1, v2);
  const { facts } = await planWithFacts({ manifests, expect: { v1: 90, v2: 10 } });
  assert.equal(facts.split?.by, 'pods');
  assert.deepEqual(rounded(facts.split?.portions), [
    ['v1', 3, 0.75],
    ['v2', 1, 0.25],
  ]);
});

test('a selector that is too wide gives pods of one version a part of the other', async () => {
  const rules =
    '[{backendRefs: [{name: web-v1, port: 80, weight: 90}, {name: web-v2, port: 80, weight: 10}]}]';
  const manifests = await readManifestTexts(
    routeAtClass('istio', rules),
    service('web-v1', 'app: web'),
    service('web-v2', 'app: web, version: v2'),
    ...TWO,
  );
  const { facts } = await planWithFacts({ manifests });
  assert.equal(facts.split?.by, 'weights');
  assert.deepEqual(rounded(facts.split?.portions), [
    ['web-v1', 3, 0.675],
    ['web-v2', 1, 0.325],
  ]);
});

test('a version without pods keeps its portion', async () => {
  const rules =
    '[{backendRefs: [{name: web-v1, port: 80, weight: 90}, {name: web-v2, port: 80, weight: 10}]}]';
  const manifests = await readManifestTexts(
    routeAtClass('istio', rules),
    service('web-v1', 'version: v1'),
    service('web-v2', 'version: v2'),
    TWO[0] as string,
    deployment('web-v2', 0, 'app: web, version: v2'),
  );
  const { facts } = await planWithFacts({ manifests });
  assert.deepEqual(rounded(facts.split?.portions), [
    ['web-v1', 3, 0.9],
    ['web-v2', 0, 0.1],
  ]);
});

test('subsets of one Service are destinations of their own', async () => {
  const { facts } = await planWithFacts({ manifests: [SAMPLE('virtualservice'), SAMPLE('deployments')] });
  assert.equal(facts.split?.by, 'weights');
  assert.deepEqual(rounded(facts.split?.portions), [
    ['backend-v1', 3, 0.9],
    ['backend-v2', 2, 0.1],
  ]);
});
