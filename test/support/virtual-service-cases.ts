/** The cases with VirtualServices, each with the right answer. */
import { existsSync } from 'node:fs';
import { caseText } from './cases.js';

export interface ManifestCase {
  /** Folder in test/fixtures/cases. */
  readonly name: string;
  /** Flags of the run besides the manifest. */
  readonly flags?: Readonly<Record<string, unknown>>;
  readonly path?: string;
  /** Weights that are expected and served. */
  readonly weights: Readonly<Record<string, number>>;
}

const web = (v1: number, v2: number) => ({ 'web-v1': v1, 'web-v2': v2 });

export const VIRTUAL_SERVICE_CASES: readonly ManifestCase[] = [
  { name: 'vs-catchall-order', path: '/api', weights: web(90, 10) },
  {
    name: 'vs-gateway-fqdn',
    flags: { host: 'app.example.com' },
    weights: { 'podinfo-primary': 90, 'podinfo-canary': 10 },
  },
  { name: 'vs-jwt-claim', weights: web(50, 50) },
  {
    name: 'vs-match-gateways',
    flags: { host: 'shop.example.com' },
    weights: { 'shop-v1': 90, 'shop-v2': 10 },
  },
  { name: 'vs-match-port', weights: web(90, 10) },
  { name: 'vs-mesh-and-gateway', weights: { 'echo-v1': 90, 'echo-v2': 10 } },
  { name: 'vs-rule-name-space', weights: { 'api-v1': 90, 'api-v2': 10 } },
  { name: 'vs-server-namespaces', weights: web(90, 10) },
  { name: 'vs-without-headers', weights: web(90, 10) },
  { name: 'vs-without-headers', flags: { header: ['X-Internal: 1'] }, weights: web(50, 50) },
  { name: 'vs-delegate', path: '/shop/api', weights: web(90, 10) },
  { name: 'vs-delegate', path: '/shop', weights: web(20, 80) },
  { name: 'vs-delegate', path: '/other', weights: web(50, 50) },
  { name: 'gw-wildcard-prefix', weights: web(90, 10) },
];

/** What the gateway serves: the manifest, if it is not written out otherwise. */
export function servedText(name: string): string {
  return caseText(name, existsSync(`test/fixtures/cases/${name}/lab.yaml`) ? 'lab' : 'manifest');
}
