/** A backend that is there twice in a rule: one name, or two once each has its version header. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { instrument } from '../../../src/instrument/instrument.js';
import { undo } from '../../../src/instrument/undo.js';
import { readManifestTexts } from '../../support/manifests.js';

const sourceOf = (text: string) => [{ name: 'route.yaml', text, named: true }];
const added = (text: string) => instrument(sourceOf(text), { endpoints: false, force: false });

const header = (value: string) =>
  `filters: [{ type: ResponseHeaderModifier, responseHeaderModifier: { set: [{ name: X-Weighbridge-Version, value: ${value} }] } }]`;

const httpRoute = (refs: readonly string[]) => `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: r, namespace: n}
spec:
  rules:
    - backendRefs:
${refs.map((ref) => `        - { ${ref} }`).join('\n')}
`;

async function names(text: string): Promise<readonly (readonly string[])[]> {
  const { routes } = await readManifestTexts(text);
  return routes.flatMap(({ rules }) => rules.map(({ backends }) => backends.map(({ name }) => name)));
}

test('they have one name until each has its own version header', async () => {
  const a = 'name: a, port: 80';
  assert.deepEqual(await names(httpRoute([a, 'name: b', a])), [['a', 'b', 'a']]);
  assert.deepEqual(await names(httpRoute([`${a}, ${header('a#1')}`, 'name: b', `${a}, ${header('a#2')}`])), [
    ['a#1', 'b', 'a#2'],
  ]);
  assert.deepEqual(await names(httpRoute([`${a}, ${header('a#1')}`, a])), [['a', 'a']], 'one has none');
  assert.deepEqual(await names(httpRoute([`${a}, ${header('a#2')}`, `${a}, ${header('a#1')}`])), [
    ['a', 'a'],
  ]);
  assert.deepEqual(await names(httpRoute([`${a}, ${header('a')}`, `${a}, ${header('a')}`])), [['a', 'a']]);
  assert.deepEqual(await names(httpRoute([`${a}, ${header('b')}`])), [['a']], 'it is there once');
});

test('instrument completes what has one of the two, and leaves values of others alone', async () => {
  const a = 'name: a, port: 80';
  const { text, added: count } = added(httpRoute([`${a}, ${header('a#1')}`, a]));
  assert.deepEqual([...count.values()], [1]);
  assert.deepEqual(await names(text), [['a#1', 'a#2']]);
  const other = added(httpRoute([`${a}, ${header('mine')}`, a]));
  assert.match(other.notes.join(), /its version header says "mine", not "a#1": left as it is/);
  assert.deepEqual(await names(other.text), [['a', 'a']]);
});

test('destinations of a VirtualService too', async () => {
  const text = `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: v, namespace: n }
spec:
  hosts: [a.example.com]
  http:
    - route:
        - destination: { host: web, subset: v1 }
          weight: 50
        - destination: { host: web.n.svc.cluster.local, subset: v1 }
          weight: 50
`;
  assert.deepEqual(await names(text), [['web-v1', 'web-v1']]);
  const { text: after } = added(text);
  assert.deepEqual(await names(after), [['web-v1#1', 'web-v1#2']]);
  assert.equal(undo(sourceOf(after)).text, text);
});

test('any backends, some of them repeated: instrument gives each its own name, and undo every byte back', async () => {
  const ref = fc.constantFrom(
    'name: a',
    'name: b',
    'name: a, port: 80',
    'name: a, namespace: m',
    'name: a, kind: K',
  );
  await fc.assert(
    fc.asyncProperty(fc.array(ref, { minLength: 1, maxLength: 6 }), async (refs) => {
      const text = httpRoute(refs);
      const [before = []] = await names(text);
      const { text: after } = added(text);
      const [named = []] = await names(after);
      assert.equal(new Set(named).size, named.length, 'all differ');
      assert.deepEqual(
        named.map((name) => name.split('#')[0]),
        before,
      );
      assert.equal(added(after).text, after, 'twice is as once');
      assert.equal(undo(sourceOf(after)).text, text);
    }),
    { seed: 22, numRuns: 40 },
  );
});
