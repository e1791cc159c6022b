/** Rules that a gateway answers itself, with the right answers. The Gateway's listener has port 8081. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type LabOptions, startLab } from '../../src/lab/lab.js';
import { ask } from '../lab/client.js';
import { readManifestTexts } from './manifests.js';

interface RedirectCase {
  readonly redirect: string;
  /** Match of the rule; a prefix of its own without one. */
  readonly match?: string;
  readonly path: string;
  readonly host?: string;
  readonly status: number;
  readonly location: string;
}

const HOST = 'shop.example.com';

const HTTP_ROUTE: readonly RedirectCase[] = [
  { redirect: '{scheme: https}', path: '/0/a?b=1', status: 302, location: `https://${HOST}/0/a?b=1` },
  {
    redirect: '{scheme: https, statusCode: 301}',
    path: '/1',
    host: `${HOST}:80`,
    status: 301,
    location: `https://${HOST}/1`,
  },
  {
    redirect: '{scheme: https}',
    path: '/2',
    host: `${HOST}:8080`,
    status: 302,
    location: `https://${HOST}:8080/2`,
  },
  {
    redirect: '{hostname: other.example.com}',
    path: '/3',
    status: 302,
    location: 'http://other.example.com:8081/3',
  },
  {
    redirect: '{hostname: other.example.com, port: 80, statusCode: 308}',
    path: '/4',
    status: 308,
    location: 'http://other.example.com/4',
  },
  {
    redirect: '{port: 444, scheme: https}',
    path: '/5',
    host: `${HOST}:81`,
    status: 302,
    location: `https://${HOST}:444/5`,
  },
  {
    redirect: '{port: 80, path: {type: ReplaceFullPath, replaceFullPath: /new}}',
    path: '/6/old?q=1',
    status: 302,
    location: `http://${HOST}/new?q=1`,
  },
  {
    redirect: '{port: 80, path: {type: ReplaceFullPath, replaceFullPath: "/new?own=1"}}',
    path: '/7/old?q=1',
    status: 302,
    location: `http://${HOST}/new?own=1`,
  },
  {
    redirect: '{port: 80, path: {type: ReplacePrefixMatch, replacePrefixMatch: /new}}',
    path: '/8/old?q=1',
    status: 302,
    location: `http://${HOST}/new/old?q=1`,
  },
  {
    redirect: '{port: 80, path: {type: ReplacePrefixMatch, replacePrefixMatch: /new}}',
    match: '{path: {type: Exact, value: /9/exact}}',
    path: '/9/exact?q=1',
    status: 302,
    location: `http://${HOST}/new?q=1`,
  },
];

const VIRTUAL_SERVICE: readonly RedirectCase[] = [
  { redirect: '{uri: /new, authority: a.b}', path: '/0?q', status: 301, location: 'http://a.b/new?q' },
  {
    redirect: '{derivePort: FROM_REQUEST_PORT, redirectCode: 307}',
    path: '/1',
    status: 307,
    location: `http://${HOST}:8081/1`,
  },
  {
    redirect: '{scheme: https, port: 8443}',
    path: '/2',
    status: 301,
    location: `https://${HOST}:8443/2`,
  },
];

const GATEWAY = `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: edge, namespace: shop}
spec: {gatewayClassName: istio, listeners: [{name: http, port: 8081, protocol: HTTP}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web, namespace: shop}
spec:
  parentRefs: [{name: edge}]
  rules:
`;

const CLASSIC = `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: edge, namespace: shop}
spec: {servers: [{port: {number: 8081, name: http, protocol: HTTP}, hosts: ["*"]}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: web, namespace: shop}
spec:
  hosts: ["*"]
  gateways: [edge]
  http:
  - match: [{uri: {prefix: /direct}}]
    directResponse: {status: 418, body: {string: short}}
  - match: [{uri: {prefix: /unknown}}]
    redirect: {redirectCode: 305}
`;

const httpRule = ({ redirect, match }: RedirectCase, i: number) =>
  `  - matches: [${match ?? `{path: {value: /${i}}}`}]\n    filters: [{type: RequestRedirect, requestRedirect: ${redirect}}]\n`;
const serviceRule = ({ redirect }: RedirectCase, i: number) =>
  `  - match: [{uri: {prefix: /${i}}}]\n    redirect: ${redirect}\n`;

/** A lab's gateway sends clients where Istio's would. */
export function redirectCases(
  envoy: NonNullable<LabOptions['envoy']> | null,
  isSkipped: (t: TestContext) => boolean,
): void {
  for (const [kind, text, cases] of [
    ['HTTPRoute', GATEWAY + HTTP_ROUTE.map(httpRule).join(''), HTTP_ROUTE],
    ['VirtualService', CLASSIC + VIRTUAL_SERVICE.map(serviceRule).join(''), VIRTUAL_SERVICE],
  ] as const) {
    test(`${kind}: redirects are served as the gateway serves them`, async (t) => {
      if (isSkipped(t)) return;
      const lab = await startLab({ manifests: await readManifestTexts(text), seed: 1, envoy });
      t.after(() => lab.close());
      const url = lab.urls.http ?? '';
      for (const { path, host = HOST, status, location, redirect } of cases) {
        const answer = await ask(url, { path, host });
        assert.deepEqual([answer.status, answer.headers.location], [status, location], redirect);
      }
      if (kind === 'HTTPRoute') return;
      const direct = await ask(url, { path: '/direct' });
      assert.deepEqual([direct.status, direct.body], [418, 'short']);
      assert.equal((await ask(url, { path: '/unknown' })).status, 501);
    });
  }
}
