/**
 * Resources that the schemas of their CustomResourceDefinitions allow, as people write them. The schemas in test/fixtures/crds are
 * those of August 2026: Gateway API 1.7 (experimental channel), Istio 1.32 and Envoy Gateway, all before their release.
 */
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { planTopology } from '../../src/lab/mesh/plan-topology.js';
import type { Topology } from '../../src/lab/mesh/topology.js';
import type { ManifestSet } from '../../src/plan/manifests/model.js';

/** The part of OpenAPI v3 that scripts/crd-schemas.js keeps. */
interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly additionalProperties?: Schema;
  readonly required?: readonly string[];
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly format?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly oneOf?: readonly { readonly required?: readonly string[] }[];
  readonly 'x-kubernetes-int-or-string'?: boolean;
}

interface Definition {
  readonly apiVersion: string;
  readonly kind: string;
  readonly spec: Schema;
}

/** Name of the field that has it, and its own; elements of a list have the list's. */
type Place = readonly [parent: string, field: string];

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Fields that most manifests have, so that resources refer to each other and have something to route. */
const USUAL = new Set(
  'backendRefs destination gateways host hostnames hosts http listeners matches match outlierDetection parentRefs route rules servers subsets targetRefs trafficPolicy'.split(
    ' ',
  ),
);

/** What people write into a field, by its name, or by its parent's and its own. Others get any of the words. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  name: ['web', 'web-v1', 'web-v2', 'edge', 'http'],
  namespace: ['shop', 'prod'],
  sourceNamespace: ['shop', 'prod'],
  sectionName: ['http', 'https'],
  host: ['web', 'web-v1', 'web.shop.svc.cluster.local', '*.prod.svc.cluster.local'],
  'destination.host': ['web', 'web-v1', 'web.shop.svc.cluster.local'],
  hosts: ['shop.example.com', '*.example.com', '*', '192.0.2.7'],
  'servers.hosts': ['shop.example.com', '*', 'shop/shop.example.com', './*', 'prod/*.example.com', '*/*'],
  hostname: ['shop.example.com', '*.example.com', 'example.com'],
  hostnames: ['shop.example.com', '*.example.com', 'example.com'],
  gateways: ['edge', 'shop/edge', './edge', 'mesh', 'edge.shop.svc.cluster.local'],
  exportTo: ['.', '*', 'prod'],
  gatewayClassName: ['istio', 'eg', 'nginx', 'kgateway'],
  subset: ['v1', 'v2'],
  kind: ['Service', 'Gateway', 'ListenerSet', 'HTTPRoute'],
  group: ['', 'gateway.networking.k8s.io', 'example.com'],
  protocol: ['HTTP', 'HTTPS', 'HTTP2', 'TLS', 'TCP', 'GRPC'],
  prefix: ['/', '/api', 'v'],
  exact: ['/', '/api/x', 'GET', 'on', ''],
  regex: ['/api/.*', '[a-z]+', '(?i)x', '.*'],
  value: ['on', '[a-z]+', '1'],
  'path.value': ['/', '/api', '/api/x'],
  'addresses.value': ['192.0.2.7', 'gw.example.com'],
  replaceFullPath: ['/', '/new'],
  replacePrefixMatch: ['/', '/new'],
  method: ['GET', 'POST'],
  retryOn: ['5xx', 'reset,503'],
  service: ['shop.Cart', 'Cart'],
  remove: ['x-canary', 'server'],
};
const NUMBERS: Readonly<Record<string, readonly number[]>> = {
  number: [80, 443, 8080],
  httpStatus: [404, 500, 503],
  numerator: [0, 1, 50],
  denominator: [50, 100, 1000],
  percent: [0, 10, 100],
  value: [0, 0.5, 10, 100],
};
/** What webhooks demand, and schemas do not. */
const DEMANDED: Readonly<Record<string, readonly string[]>> = { delegate: ['name'], fraction: ['numerator'] };
const DURATIONS = ['10s', '500ms', '1h', '1m30s'];
const WORDS = [
  ...['a', 'x-canary', '/x', '503', 'v1', '*', 'example.com', '0.5', '100', 'System', 'Hostname'],
  ...['spiffe://shop/web', 'https://example.com', 'example.com/x', '192.0.2.7', '2001:db8::7', 'aGk='],
];

const DEFINITIONS: readonly Definition[] = readdirSync('test/fixtures/crds').map((file) =>
  JSON.parse(readFileSync(`test/fixtures/crds/${file}`, 'utf8')),
);
const fits = (schema: Schema, text: string) =>
  (schema.pattern === undefined || new RegExp(schema.pattern).test(text)) &&
  text.length >= (schema.minLength ?? 0) &&
  text.length <= (schema.maxLength ?? 200);

function textOf(schema: Schema, [parent, field]: Place): fc.Arbitrary<string> {
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  const isTime = /time|delay|interval|duration|age|ttl|backoff/i.test(field);
  const usual = VALUES[`${parent}.${field}`] ?? VALUES[field] ?? (isTime ? DURATIONS : WORDS);
  for (const texts of [usual, WORDS, DURATIONS]) {
    const fitting = texts.filter((text) => fits(schema, text));
    if (fitting.length > 0) return fc.constantFrom(...fitting);
  }
  throw new Error(`test/support/crd-manifests.ts has no value for ${field}: ${JSON.stringify(schema)}`);
}

function numberOf({ minimum = 0, maximum = 1000 }: Schema, [, field]: Place): fc.Arbitrary<number> {
  const usual = NUMBERS[field] ?? [0, 1, 2, 10, 80, 90, 100, 443, 500, 503, 8080];
  const some = usual.filter((one) => one >= minimum && one <= maximum);
  return fc.constantFrom(...(some.length > 0 ? some : [minimum]));
}

function objectOf(schema: Schema, place: Place, depth: number): fc.Arbitrary<Json> {
  const { properties = {}, additionalProperties } = schema;
  const required = [...(schema.required ?? []), ...(DEMANDED[place[1]] ?? [])];
  if (additionalProperties !== undefined) {
    const keys = fc.constantFrom('app', 'version', 'x-canary');
    return fc.dictionary(keys, jsonOf(additionalProperties, place, depth + 1), { maxKeys: 2 });
  }
  const entry = (name: string, isRequired: boolean) => {
    const present = jsonOf(properties[name] as Schema, [place[1], name], depth + 1);
    const value = isRequired
      ? present
      : fc.oneof(
          { weight: USUAL.has(name) ? 1 : 2 + depth, arbitrary: fc.constant(undefined) },
          { weight: USUAL.has(name) ? 6 : 1, arbitrary: present },
        );
    return value.map((one) => [name, one] as const);
  };
  const exclusive = exclusiveFields(schema);
  const free = Object.keys(properties).filter((name) => !exclusive.some((one) => one.names.includes(name)));
  const parts = [
    ...free.map((name) => entry(name, required.includes(name)).map((one) => [one])),
    ...exclusive.map(({ choices }) =>
      fc.oneof(
        ...choices.map(({ fixed, field }) =>
          field === null ? fc.constant(fixed) : entry(field, true).map((one) => [...fixed, one]),
        ),
      ),
    ),
  ];
  return fc
    .tuple(...parts)
    .map((entries) => Object.fromEntries(entries.flat().filter(([, value]) => value !== undefined)) as Json);
}

interface Exclusive {
  readonly names: readonly string[];
  readonly choices: readonly {
    readonly fixed: readonly (readonly [string, Json])[];
    readonly field: string | null;
  }[];
}

/**
 * Fields of which one at most is there: those that `oneOf` names (Istio), and those with the name of a value of `type`, of which
 * rules in CEL demand the one (Gateway API: the type `RequestMirror` has the field `requestMirror`).
 */
function exclusiveFields({ properties = {}, oneOf = [] }: Schema): Exclusive[] {
  const names = oneOf.flatMap(({ required = [] }) => required).filter((name) => name in properties);
  const all: Exclusive[] = [];
  if (names.length > 0) all.push({ names, choices: [null, ...names].map((field) => ({ fixed: [], field })) });
  const types = properties['type']?.enum ?? [];
  const fieldOf = (type: string) =>
    Object.keys(properties).find((name) => name.toLowerCase() === type.toLowerCase()) ?? null;
  const fields = types.flatMap((type) => fieldOf(type) ?? []);
  if (fields.length > 0) {
    const choices = types.map((type) => ({ fixed: [['type', type]] as const, field: fieldOf(type) }));
    all.push({ names: ['type', ...fields], choices });
  }
  return all;
}

function jsonOf(schema: Schema, place: Place, depth: number): fc.Arbitrary<Json> {
  if (schema['x-kubernetes-int-or-string'] === true) return fc.constantFrom<Json>(10, '10%', '3');
  switch (schema.type) {
    case 'object':
      return objectOf(schema, place, depth);
    case 'array': {
      const { items = {}, minItems: minLength = 0, maxItems = 2 } = schema;
      const maxLength = Math.min(maxItems, Math.max(2, minLength));
      return fc.array(jsonOf(items, place, depth + 1), { minLength, maxLength });
    }
    case 'boolean':
      return fc.boolean();
    case 'integer':
    case 'number':
      return numberOf(schema, place);
    case 'string':
      return textOf(schema, place);
    default:
      return fc.constantFrom<Json>({}, 'on');
  }
}

/** One resource of any kind of test/fixtures/crds. */
const resource: fc.Arbitrary<Json> = fc.oneof(
  ...DEFINITIONS.map(({ apiVersion, kind, spec }) => ({
    weight: /Route|VirtualService|DestinationRule/.test(kind) ? 3 : 1,
    arbitrary: fc
      .record({
        name: fc.constantFrom('web', 'web-v1', 'edge'),
        namespace: fc.constantFrom('shop', 'prod'),
        spec: objectOf(spec, ['', 'spec'], 0),
      })
      .map(({ name, namespace, spec }): Json => ({ apiVersion, kind, metadata: { name, namespace }, spec })),
  })),
);

/** A file with one to six of them. */
export const crdManifests: fc.Arbitrary<string> = fc
  .array(resource, { minLength: 1, maxLength: 6 })
  .map((all) => all.map((one) => stringify(one, { aliasDuplicateObjects: false })).join('---\n'));

/** A lab's Services without pods. */
export function topologyOf(manifests: ManifestSet): Topology {
  return { services: planTopology(manifests).services.map((service) => ({ ...service, pods: [] })) };
}
