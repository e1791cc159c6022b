import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { DestinationRule, MeshConfig } from '../../../src/plan/manifests/model.js';
import { appliedRules, type Client, whyNotApplied } from '../../../src/plan/policy/destination-rules.js';
import { fieldOf } from '../../support/manifests.js';

const SERVICE = { namespace: 'shop', host: 'web.shop.svc.cluster.local' };
const GATEWAY: Client = { namespace: 'edge', labels: { app: 'gateway', zone: 'a' } };
const ROOT = 'istio-system';
const POLICY = fieldOf({ trafficPolicy: {} }, 'DestinationRule').get('trafficPolicy');

interface Given extends Partial<DestinationRule> {
  readonly createdAt?: string | null;
}

/** `shop/web`: a rule for the service, with a trafficPolicy. */
function rule(path: string, { createdAt = null, ...more }: Given = {}): DestinationRule {
  const [namespace = '', name = ''] = path.split('/');
  return {
    ref: {
      kind: 'DestinationRule',
      apiVersion: 'networking.istio.io/v1',
      name,
      namespace,
      source: { file: 'rules.yaml', document: 1, line: 1 },
      createdAt,
    },
    host: SERVICE.host,
    exportTo: [],
    workloadSelector: null,
    trafficPolicy: POLICY,
    subsets: [],
    ...more,
  };
}

function meshConfig(rootNamespace: string | null, ...destinationRuleExportTo: string[]): MeshConfig {
  const { ref } = rule('istio-system/istio');
  return { ref, rootNamespace, destinationRuleExportTo, defaultTrafficPolicy: null };
}

const pathOf = ({ ref }: DestinationRule) => `${ref.namespace}/${ref.name}`;

function applied(
  rules: readonly DestinationRule[],
  client = GATEWAY,
  meshConfigs: readonly MeshConfig[] = [],
): string[] {
  return appliedRules({ destinationRules: rules, client, meshConfigs }, SERVICE).rules.map(pathOf);
}

/** Which rule the policy is from, and each subset. */
function merged(...destinationRules: DestinationRule[]) {
  const { withPolicy, subsets } = appliedRules({ destinationRules, client: GATEWAY }, SERVICE);
  return [
    withPolicy === null ? null : pathOf(withPolicy),
    Object.fromEntries([...subsets].map(([name, subset]) => [name, pathOf(subset.rule)])),
  ];
}

test("the gateway's namespace comes first, then the service's, then the root namespace; others never do", () => {
  const all = ['edge/a', 'shop/b', 'istio-system/c', 'other/d'].map((path) => rule(path));
  assert.deepEqual(applied(all), ['edge/a']);
  assert.deepEqual(applied(all.slice(1)), ['shop/b']);
  assert.deepEqual(applied(all.slice(2)), ['istio-system/c']);
  assert.deepEqual(applied(all.slice(3)), []);
});

test('nothing is merged across namespaces, and a wildcard of an earlier one hides a full name of a later one', () => {
  const bare = rule('edge/bare', { host: '*.svc.cluster.local', trafficPolicy: null });
  const { rules, withPolicy } = appliedRules(
    { destinationRules: [bare, rule('shop/full')], client: GATEWAY },
    SERVICE,
  );
  assert.deepEqual(rules, [bare]);
  assert.equal(withPolicy, null);
});

test('exportTo: rules of the service and root namespaces must reach the gateway', () => {
  for (const namespace of ['shop', ROOT]) {
    const by = (...exportTo: string[]) => applied([rule(`${namespace}/web`, { exportTo })]).length === 1;
    assert.equal(by(), true);
    assert.equal(by('*'), true);
    assert.equal(by('edge'), true);
    assert.equal(by('other', 'edge'), true);
    assert.equal(by('.'), false);
    assert.equal(by('~'), false);
    assert.equal(by(namespace), false);
    assert.equal(by('other'), false);
    assert.equal(by('.', 'other'), false);
  }
});

test('exportTo: rules of the gateway namespace must be for it', () => {
  const by = (...exportTo: string[]) => applied([rule('edge/web', { exportTo })]).length === 1;
  assert.equal(by(), true);
  assert.equal(by('*'), true);
  assert.equal(by('.'), true);
  assert.equal(by('edge'), true);
  assert.equal(by('other'), false);
  assert.equal(by('~'), false);
});

test('of a more specific host that is not exported, the wildcard beside it does not take the place', () => {
  const hidden = [
    rule('shop/full', { exportTo: ['other'] }),
    rule('shop/wildcard', { host: '*.shop.svc.cluster.local' }),
  ];
  assert.deepEqual(applied(hidden), []);
  assert.deepEqual(applied([...hidden, rule('istio-system/root')]), ['istio-system/root']);
  const own = [
    rule('shop/full', { exportTo: ['.'] }),
    rule('shop/wildcard', { host: '*.shop.svc.cluster.local' }),
  ];
  assert.deepEqual(applied(own), ['shop/wildcard'], 'a private rule is not in the way');
});

test('a gateway in the root namespace takes its private rules first, and its public ones last', () => {
  const client = { namespace: ROOT, labels: {} };
  const mesh = rule(`${ROOT}/mesh`, { host: '*.local' });
  assert.deepEqual(applied([mesh, rule('shop/web')], client), ['shop/web']);
  assert.deepEqual(applied([mesh], client), [`${ROOT}/mesh`]);
  const own = rule(`${ROOT}/own`, { exportTo: ['.'] });
  assert.deepEqual(applied([mesh, own, rule('shop/web')], client), [`${ROOT}/own`]);
});

test('workloadSelector: only for the selected pods of its own namespace', () => {
  const by = (path: string, selector: Record<string, string>) =>
    applied([rule(path, { workloadSelector: selector })]).length === 1;
  assert.equal(by('edge/web', { app: 'gateway' }), true);
  assert.equal(by('edge/web', { app: 'gateway', zone: 'a' }), true);
  assert.equal(by('edge/web', {}), true);
  assert.equal(by('edge/web', { app: 'gateway', zone: 'b' }), false);
  assert.equal(by('edge/web', { other: 'x' }), false);
  assert.equal(by('shop/web', { app: 'gateway' }), false);
  assert.equal(by(`${ROOT}/web`, { app: 'gateway' }), false);
  const exported = rule('shop/web', { workloadSelector: { app: 'gateway' }, exportTo: ['*'] });
  assert.deepEqual(applied([exported]), [], 'whatever its exportTo says');
});

test('workloadSelector: one that selects comes before one for all, and one that does not still ends the search', () => {
  const selecting = rule('edge/selecting', { workloadSelector: { app: 'gateway' } });
  const other = rule('edge/other', { workloadSelector: { app: 'other' } });
  const all = rule('edge/all');
  assert.deepEqual(applied([all, other, selecting]), ['edge/selecting']);
  assert.deepEqual(applied([all, other]), ['edge/all']);
  assert.deepEqual(applied([other, rule('shop/web')]), []);
});

test('rules of one host and exportTo are merged: the oldest policy, and the oldest subset of each name', () => {
  const subsets = (...names: string[]) => names.map((name) => ({ name, labels: {}, trafficPolicy: null }));
  const bare = rule('shop/bare', {
    createdAt: '2026-01-01T00:00:00Z',
    trafficPolicy: null,
    subsets: subsets('v1'),
  });
  const old = rule('shop/old', { createdAt: '2026-01-02T00:00:00Z', subsets: subsets('v1', 'v2') });
  const young = rule('shop/young', { createdAt: '2026-01-03T00:00:00Z', subsets: subsets('v2', 'v3') });
  assert.deepEqual(merged(young, old, bare), [
    'shop/old',
    { v1: 'shop/bare', v2: 'shop/old', v3: 'shop/young' },
  ]);
  assert.deepEqual(merged(rule('shop/b'), rule('shop/a')), ['shop/a', {}], 'by name');
});

test('rules of one host with another exportTo are not merged: of several that reach the gateway the last holds', () => {
  const dated = (path: string, day: number, ...exportTo: string[]) =>
    rule(path, { createdAt: `2026-01-0${day}T00:00:00Z`, exportTo });
  assert.deepEqual(applied([dated('shop/a', 1, 'edge'), dated('shop/b', 2, '*')]), ['shop/b']);
  assert.deepEqual(applied([dated('shop/a', 2, 'edge'), dated('shop/b', 1, '*')]), ['shop/a']);
  assert.deepEqual(applied([dated('shop/a', 1, 'edge'), dated('shop/b', 2, 'edge', 'other')]), [
    'shop/a',
    'shop/b',
  ]);
  assert.deepEqual(applied([dated('shop/a', 1, 'edge', 'other'), dated('shop/b', 2, 'edge')]), ['shop/b']);
  assert.deepEqual(applied([dated('edge/a', 1, '.'), dated('edge/b', 2)]), ['edge/b']);
});

test('the mesh config: another root namespace, and rules without exportTo that are for their own namespace', () => {
  const moved = [meshConfig('mesh-root')];
  assert.deepEqual(applied([rule('mesh-root/web')], GATEWAY, moved), ['mesh-root/web']);
  assert.deepEqual(applied([rule(`${ROOT}/web`)], GATEWAY, moved), []);
  const closed = [meshConfig(null, '.')];
  assert.deepEqual(applied([rule('shop/web')], GATEWAY, closed), []);
  assert.deepEqual(applied([rule('shop/web', { exportTo: ['*'] })], GATEWAY, closed), ['shop/web']);
  assert.deepEqual(applied([rule('edge/web')], GATEWAY, closed), ['edge/web']);
  const inRoot = { namespace: ROOT, labels: {} };
  const both = [rule(`${ROOT}/web`), rule('shop/web', { exportTo: ['*'] })];
  assert.deepEqual(applied(both, inRoot, closed), [`${ROOT}/web`]);
  assert.deepEqual(applied(both, inRoot), ['shop/web']);
});

test('why a rule does not apply', () => {
  const why = (one: DestinationRule, ...others: DestinationRule[]) =>
    whyNotApplied({ destinationRules: [one, ...others], client: GATEWAY }, SERVICE, one);
  assert.match(
    why(rule('other/web')),
    /^the gateway runs in edge and looks for rules only in edge, shop, istio-system$/,
  );
  assert.match(why(rule('shop/web', { exportTo: ['.'] })), /^its exportTo does not reach .* edge$/);
  assert.match(why(rule('edge/web', { exportTo: ['shop'] })), /^its exportTo does not reach .* edge$/);
  assert.match(
    why(rule('edge/web', { workloadSelector: { app: 'x' } })),
    /^its workloadSelector does not select/,
  );
  assert.match(
    why(rule('shop/web', { workloadSelector: { app: 'x' } })),
    /only for pods of its own namespace/,
  );
  assert.match(
    why(rule('shop/web'), rule('edge/web')),
    /^Istio takes DestinationRule edge\/web, which comes first$/,
  );
  assert.match(
    why(rule('shop/web'), rule('edge/other', { workloadSelector: { app: 'x' } })),
    /^another rule .* hides it$/,
  );
});

/** The rule that applies, from the text of the rule alone; no two rules have namespace and host in common. */
function reference(rules: readonly DestinationRule[], client: Client, isClosed: boolean): string | null {
  const best = (candidates: readonly DestinationRule[]) => {
    for (const host of [SERVICE.host, '*.shop.svc.cluster.local', '*.local', '*']) {
      for (const one of candidates) if (one.host === host) return one;
    }
    return null;
  };
  const listOf = (one: DestinationRule) => (one.workloadSelector === null ? one.exportTo : ['.']);
  const onlyHere = (one: DestinationRule) =>
    (isClosed && listOf(one).length === 0) ||
    (listOf(one).length === 1 && (listOf(one)[0] === '.' || listOf(one)[0] === one.ref.namespace));
  const here = rules.filter((one) => one.ref.namespace === client.namespace);
  const own = best(
    here.filter((one) =>
      client.namespace === ROOT
        ? onlyHere(one)
        : listOf(one).length === 0 || listOf(one).some((to) => ['*', '.', client.namespace].includes(to)),
    ),
  );
  if (own !== null) {
    const labels: Record<string, string | undefined> = client.labels;
    const selects = Object.entries(own.workloadSelector ?? {}).every(([key, value]) => labels[key] === value);
    return selects ? pathOf(own) : null;
  }
  for (const namespace of [SERVICE.namespace, ROOT]) {
    const found = best(rules.filter((one) => one.ref.namespace === namespace && !onlyHere(one)));
    if (found === null) continue;
    const list = listOf(found);
    if (list.length === 0 || list.includes('*') || list.includes(client.namespace)) return pathOf(found);
  }
  return null;
}

test('random rules: the first hit wins, as the rule says', () => {
  const namespace = fc.constantFrom('edge', 'shop', ROOT, 'other');
  const one = fc.record({
    namespace,
    host: fc.constantFrom(
      SERVICE.host,
      '*.shop.svc.cluster.local',
      '*.local',
      '*',
      'other.shop.svc.cluster.local',
    ),
    exportTo: fc.uniqueArray(fc.constantFrom('.', '*', '~', 'edge', 'shop', ROOT, 'other'), { maxLength: 2 }),
    workloadSelector: fc.option(fc.constantFrom({ app: 'gateway' }, { app: 'other' }, {}), { freq: 3 }),
  });
  const some = fc.uniqueArray(one, { selector: (given) => `${given.namespace} ${given.host}`, maxLength: 8 });
  const labels = fc.constantFrom<Client['labels']>({}, { app: 'gateway' });
  const outcomes = new Set<string | null>();
  fc.assert(
    fc.property(some, fc.record({ namespace, labels }), fc.boolean(), (given, client, isClosed) => {
      const rules = given.map((each, i) => rule(`${each.namespace}/r${i}`, each));
      const expected = reference(rules, client, isClosed);
      outcomes.add(expected?.split('/')[0] ?? null);
      assert.deepEqual(
        applied(rules, client, isClosed ? [meshConfig(null, '.')] : []),
        expected === null ? [] : [expected],
      );
    }),
    { numRuns: 2000 },
  );
  assert.equal(outcomes.size, 5, 'every namespace and none came up');
});
