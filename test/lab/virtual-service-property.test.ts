/** Plan and embedded gateway choose the rule of a VirtualService that Istio's rules choose. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { UserError } from '../../src/errors.js';
import { RouteTable } from '../../src/lab/embedded/route-table.js';
import { attachRoutes } from '../../src/lab/mesh/attached-listeners.js';
import { selectRule } from '../../src/plan/routes/select-rule.js';
import { readManifestTexts } from '../support/manifests.js';
import { chosenBy, HOST, manifestsOf, requests, services } from '../support/virtual-services.js';

test('random VirtualServices and requests', async () => {
  let answered = 0;
  await fc.assert(
    fc.asyncProperty(services, fc.array(requests, { minLength: 5, maxLength: 5 }), async (all, sent) => {
      const set = await readManifestTexts(...manifestsOf(all));
      const [attached] = attachRoutes(set, new Set());
      assert.ok(attached !== undefined);
      const table = new RouteTable(attached.hosts, attached.place);
      for (const request of sent) {
        const expected = chosenBy(all, request);
        const { path, method, headers } = request;
        const rawHeaders = headers.flat();
        const served = table.find({ host: HOST, scheme: 'http', target: path, method, rawHeaders });
        assert.equal(served?.rule.name ?? null, expected, 'embedded gateway');
        if (expected === null) continue;
        answered++;
        const connect = { scheme: 'http', port: 80 } as const;
        const { rule } = selectRule(set, { host: HOST, ...request, connect }, null);
        assert.equal(rule.name, expected, 'plan');
      }
    }),
    { numRuns: 80 },
  );
  assert.ok(answered > 100, `${answered} requests had a rule`);
});

test('a request that no rule answers is refused, unless another request is meant', async () => {
  const only = [{ name: 'vs-0', age: 0, rules: [{ name: 'rule-0-0', match: [{ uri: { exact: '/a' } }] }] }];
  const set = await readManifestTexts(...manifestsOf(only));
  assert.throws(
    () => selectRule(set, { host: HOST, path: '/b', method: 'GET', headers: [] }, null),
    UserError,
  );
});
