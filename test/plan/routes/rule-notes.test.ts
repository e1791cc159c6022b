import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planFromFlags } from '../../support/flags.js';

const rule = (fault: string) => `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: web, namespace: shop}
spec:
  hosts: [shop.example.com]
  gateways: [edge]
  http:
  - fault: ${fault}
    route: [{destination: {host: v1}, weight: 90}, {destination: {host: v2}, weight: 10}]
`;

async function faultsSaid(fault: string): Promise<readonly string[]> {
  const flags = { manifest: '-', host: 'shop.example.com' };
  const { notes } = await planFromFlags('http://127.0.0.1', flags, rule(fault));
  return notes.filter(({ code }) => code === 'rule-fault').map(({ text }) => text);
}

test('faults of a VirtualService are named with their share, those for no request are not', async () => {
  const abort = 'abort: {httpStatus: 503, percentage: {value: 20}}';
  const delay = 'delay: {fixedDelay: 1.5s, percentage: {value: 100}}';
  assert.deepEqual(await faultsSaid(`{${abort}, ${delay}}`), [
    'VirtualService shop/web, rule 1 answers 20 % of requests with 503 (fault.abort): no backend gets them, and they are in no share.',
    'VirtualService shop/web, rule 1 delays all requests by 1.5 s (fault.delay).',
  ]);
  assert.deepEqual(await faultsSaid(`{abort: {httpStatus: 503}, delay: {fixedDelay: 1s, percent: 0}}`), []);
});
