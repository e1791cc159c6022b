/** The address of a classic Istio Gateway: the load balancer of the Service before its pods. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { caseText } from '../../support/cases.js';
import { planFromFlags } from '../../support/flags.js';

const SERVICE = `---
apiVersion: v1
kind: Service
metadata: {name: istio-ingressgateway, namespace: istio-system}
spec:
  type: LoadBalancer
  selector: {app: istio-ingressgateway, istio: ingressgateway}
  ports: [{name: http, port: 8000, targetPort: 80}, {name: https, port: 443, targetPort: 8443}]
status: {loadBalancer: {ingress: [{ip: 203.0.113.9}, {hostname: lb.example.com}]}}
`;

async function target(text: string) {
  const { target: found, notes } = await planFromFlags(undefined, { manifest: '-' }, text);
  return { url: found.url, said: notes.find(({ code }) => code === 'derived-address')?.text ?? '' };
}

test('the load balancer that has the labels of the selector, with its own port', async () => {
  const { url, said } = await target(caseText('gw-wildcard-prefix') + SERVICE);
  assert.equal(url, 'http://203.0.113.9:8000/');
  assert.match(
    said,
    /^Addresses 203\.0\.113\.9, lb\.example\.com are from Gateway shop\/gw, by its selector, and status\.loadBalancer of Service istio-system\/istio-ingressgateway; http and port 8000/,
  );
});

test('a server that only redirects to https is not where a run goes', async () => {
  const { url } = await target(caseText('gw-https-redirect') + SERVICE);
  assert.equal(url, 'https://203.0.113.9/');
});

test('without such a Service or its address the URL is asked for', async () => {
  const none = /Gateway shop\/gw has no address .*kubectl get service.*Give the URL/;
  await assert.rejects(target(caseText('gw-wildcard-prefix')), none);
  const other = SERVICE.replace('istio: ingressgateway', 'istio: other');
  await assert.rejects(target(caseText('gw-wildcard-prefix') + other), none);
  await assert.rejects(target(caseText('gw-wildcard-prefix') + SERVICE.replace(/status:.*/, '')), none);
  const ports = SERVICE.replace('port: 8000, targetPort: 80', 'port: 8000, targetPort: 81');
  await assert.rejects(target(caseText('gw-wildcard-prefix') + ports), /no HTTP or HTTPS listener/);
});
