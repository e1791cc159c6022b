/** Cases of test/fixtures/cases: what a run expects of routes of the Gateway API. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Flags } from '../../../src/cli/options/flags.js';
import { caseText } from '../../support/cases.js';
import { planFromFlags } from '../../support/flags.js';

const URL_GIVEN = 'http://127.0.0.1:1';

/** The expected weights by version. */
async function weights(text: string, flags: Flags = {}, url = URL_GIVEN) {
  const { judge } = await planFromFlags(url, { manifest: '-', ...flags }, text);
  return Object.fromEntries((judge.expected ?? []).map(({ name, weight }) => [name, weight]));
}

test('a route whose only parents are Services is for the mesh, not for the gateway', async () => {
  const text = caseText('gamma-mesh-and-gateway');
  assert.deepEqual(await weights(text), { 'echo-v1': 90, 'echo-v2': 10 });
  const both = text.replace('name: echo, port: 80}', 'name: echo, port: 80}\n  - {name: edge}');
  assert.deepEqual(await weights(both), { 'echo-v1': 50, 'echo-v2': 50 }, 'the older name of two routes');
  const [mesh = ''] = text.split('---');
  assert.deepEqual(await weights(mesh), { 'echo-v1': 50, 'echo-v2': 50 }, 'the only route is used');
});
