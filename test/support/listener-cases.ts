/** Gateways with several listeners: which route of the Gateway API answers a Host. */
import type { ManifestCase } from './virtual-service-cases.js';

/** The cases with listeners of the Gateway API, each with the right answer. */
export const LISTENER_CASES: readonly ManifestCase[] = [
  {
    name: 'listener-hostname-decides',
    flags: { host: 'shop.example.com' },
    weights: { 'web-v1': 90, 'web-v2': 10 },
  },
  {
    name: 'listener-hostname-decides',
    flags: { host: 'other.example.com' },
    weights: { 'web-v1': 50, 'web-v2': 50 },
  },
  { name: 'parent-listenerset', weights: { 'web-v1': 90, 'web-v2': 10 } },
];

/** Listeners by their hostnames: each leaves hosts to the more specific ones (as in the Gateway API's conformance test). */
const LISTENERS = {
  any: '',
  example: '*.example.com',
  foo: '*.foo.example.com',
  abc: 'abc.foo.example.com',
} as const;

/** Routes by the listener that they attach to; `all` attaches to the whole Gateway. */
const ROUTES: readonly (readonly [
  listener: keyof typeof LISTENERS | null,
  hosts: string,
  backend: string,
])[] = [
  ['any', 'bar.com, "*.example.com", abc.foo.example.com', 'any'],
  ['example', '', 'example'],
  ['foo', '"*.example.com", "*.foo.example.com"', 'foo'],
  ['abc', '"*.example.com"', 'abc'],
  [null, 'both.org, deep.example.com', 'all'],
];

/** The manifests; each route leads to one backend that tells which it is. */
export const ISOLATION = `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: edge, namespace: shop}
spec:
  gatewayClassName: istio
  listeners:
${Object.entries(LISTENERS)
  .map(([name, hostname]) => `  - {name: ${name}, port: 80, protocol: HTTP, hostname: "${hostname}"}\n`)
  .join('')}${ROUTES.map(
  ([listener, hosts, backend]) => `---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: ${backend}, namespace: shop}
spec:
  parentRefs: [{name: edge${listener === null ? '' : `, sectionName: ${listener}`}}]
  hostnames: [${hosts}]
  rules: [{backendRefs: [{name: ${backend}, port: 80}]}]
`,
).join('')}`;

/** The backend that answers for a Host; null: 404. */
export const ISOLATED: readonly (readonly [host: string, backend: string | null])[] = [
  ['bar.com', 'any'],
  ['a.example.com', 'example'],
  ['x.y.example.com', 'example'],
  ['x.foo.example.com', 'foo'],
  ['abc.foo.example.com', 'abc'],
  ['ABC.foo.example.com:8080', 'abc'],
  ['deep.example.com', 'all'],
  ['both.org', 'all'],
  ['other.org', null],
];
