import assert from 'node:assert/strict';
import { test } from 'node:test';
import { copiedTo } from '../../../src/lab/mesh/mirrors.js';
import type { RouteRule } from '../../../src/plan/manifests/model.js';
import { caseText } from '../../support/cases.js';
import { readManifestTexts } from '../../support/manifests.js';

test('a mirror gets copies unless its percentage is 0 or it needs a grant', async () => {
  const names = async (text: string) => {
    const { routes } = await readManifestTexts(text);
    return copiedTo(routes[0]?.rules[0] as RouteRule).map(({ name, percent }) => [name, percent]);
  };
  const text = caseText('mirror-percent');
  assert.deepEqual(await names(text), [['web-v3', 10]]);
  assert.deepEqual(await names(text.replace('percent: 10', 'percent: 0')), []);
  assert.deepEqual(await names(text.replace('name: web-v3,', 'name: web-v3, namespace: canary,')), []);
});
