import assert from 'node:assert/strict';
import { test } from 'node:test';
import { attachRoutes } from '../../../src/lab/mesh/attached-listeners.js';
import { caseText } from '../../support/cases.js';
import { planFromFlags } from '../../support/flags.js';
import { readManifestTexts } from '../../support/manifests.js';

const SHOP = caseText('gw-wildcard-prefix').replace(
  '  gateways: [gw]',
  '  gateways: [gw]\n  exportTo: [istio-system, edge]',
);
const PODS = `---
apiVersion: apps/v1
kind: Deployment
metadata: {name: gw, namespace: edge}
spec: {template: {metadata: {labels: {istio: ingressgateway}}, spec: {containers: [{name: proxy}]}}}
`;

async function said(text: string): Promise<readonly [run: string, lab: string]> {
  const { notes } = await planFromFlags('http://127.0.0.1:1', { manifest: '-' }, text);
  const lab = new Set<string>();
  attachRoutes(await readManifestTexts(text), lab);
  return [
    notes
      .filter(({ code }) => code === 'export-unknown')
      .map((note) => note.text)
      .join(),
    [...lab].join(),
  ];
}

test('exportTo, and nobody knows where the gateway runs: said by run and lab', async () => {
  const line =
    /VirtualService shop\/web is exported only to istio-system, edge \(exportTo\), and no manifest says/;
  for (const text of await said(SHOP)) assert.match(text, line);
  for (const text of await said(SHOP + PODS)) assert.equal(text, '');
  for (const text of await said(caseText('gw-wildcard-prefix'))) assert.equal(text, '');
});
