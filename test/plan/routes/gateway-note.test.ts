import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { makePlan } from '../../../src/plan/make-plan.js';
import { readManifestTexts, routeAtClass } from '../../support/manifests.js';

const EG_CASE = join('test', 'fixtures', 'cases', 'regex-precedence-eg', 'manifest.yaml');
const URL = 'http://127.0.0.1:8080';

const split = (className: string, more = '') =>
  routeAtClass(className, `[{backendRefs: [{name: v1, port: 80, weight: 9}${more}]}]`);

async function noteOf(text: string): Promise<string | null> {
  const { notes } = await makePlan({ url: URL, manifests: await readManifestTexts(text) });
  return notes.find(({ code }) => code === 'gateway-kind')?.text ?? null;
}

test('Envoy Gateway takes the regular expression: 90/10 is expected, and a note says why', async () => {
  const plan = await makePlan({ url: `${URL}/coffee/latte`, host: 'www.example.com', manifests: [EG_CASE] });
  assert.deepEqual(
    plan.judge.expected?.map(({ name, weight }) => [name, weight]),
    [
      ['web-v1', 90],
      ['web-v2', 10],
    ],
  );
  const note = plan.notes.find(({ code }) => code === 'gateway-kind')?.text ?? '';
  assert.match(note, /^Gateway shop\/eg of class eg is Envoy Gateway\. It tries exact paths, then regular/);
  assert.match(note, /\. It rotates among the versions of a rule instead of drawing at random \(1\.9; /);
});

test('the prefix alone still takes its other paths', async () => {
  const plan = await makePlan({ url: `${URL}/coffee`, host: 'www.example.com', manifests: [EG_CASE] });
  assert.deepEqual(
    plan.judge.expected?.map(({ share }) => share),
    [0.5, 0.5],
  );
});

test('a note only where something depends on the kind of gateway', async () => {
  const two = ', {name: v2, port: 80}';
  assert.match((await noteOf(split('traefik', two))) ?? '', /is Traefik\. It rotates among the versions/);
  assert.equal(await noteOf(split('traefik')), null);
  assert.equal(await noteOf(split('istio', two)), null);
  assert.equal(await noteOf(split('mine', two)), null);
});
