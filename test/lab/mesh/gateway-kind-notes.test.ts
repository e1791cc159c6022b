import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { attachRoutes } from '../../../src/lab/mesh/attached-listeners.js';
import { readManifests } from '../../../src/plan/manifests/index.js';
import { readManifestTexts, routeAtClass } from '../../support/manifests.js';

const EG_CASE = join('test', 'fixtures', 'cases', 'regex-precedence-eg', 'manifest.yaml');

const gateway = (className: string, path = '{value: /a}') =>
  routeAtClass(className, `[{matches: [{path: ${path}}], backendRefs: [{name: b, port: 80}]}]`);

async function notesOf(text: string): Promise<string[]> {
  const notes = new Set<string>();
  attachRoutes(await readManifestTexts(text), notes);
  return [...notes];
}

test('the lab says what another gateway than Istio’s does otherwise', async () => {
  const notes = new Set<string>();
  attachRoutes(await readManifests([EG_CASE]), notes);
  assert.deepEqual(
    [...notes],
    [
      'Gateway shop/eg of class eg is Envoy Gateway: the lab tries rules in its order, and does all else as Istio unless another line says otherwise. ' +
        'Envoy Gateway rotates among versions instead of drawing at random, counts for circuit breakers and ejections per route and may send a retry to another version',
    ],
  );
  const [cilium = ''] = await notesOf(gateway('cilium'));
  assert.match(
    cilium,
    /is Cilium: the lab tries rules in the order of Istio, as its own was not read, and does/,
  );
});

test('nothing is said of Istio, nor of an unknown kind on which nothing depends', async () => {
  assert.deepEqual(await notesOf(gateway('istio')), []);
  assert.deepEqual(await notesOf(gateway('mine')), []);
  const [unknown = ''] = await notesOf(gateway('mine', '{type: RegularExpression, value: "/a+"}'));
  assert.match(
    unknown,
    /^Gateway n\/gw of class mine is of a kind that is not known: the lab tries rules in the/,
  );
});
