/** Random VirtualServices of one host, requests to them, and which rule Istio's rules choose: written as plainly as possible. */
import fc from 'fast-check';

export type Json = string | number | boolean | readonly Json[] | { readonly [key: string]: Json };

interface Text {
  readonly exact?: string;
  readonly prefix?: string;
  readonly regex?: string;
}

interface Match {
  readonly uri?: Text;
  readonly ignoreUriCase?: boolean;
  readonly method?: Text;
  readonly authority?: Text;
  readonly scheme?: Text;
  readonly headers?: Readonly<Record<string, Text>>;
  readonly withoutHeaders?: Readonly<Record<string, Text>>;
  readonly queryParams?: Readonly<Record<string, Text>>;
  readonly port?: number;
  readonly gateways?: readonly string[];
  readonly sourceLabels?: Readonly<Record<string, string>>;
  readonly sourceNamespace?: string;
}

export interface Rule {
  readonly name: string;
  readonly match?: readonly Match[];
}

export interface Service {
  readonly name: string;
  /** Whole seconds since 2026-01-01. */
  readonly age: number;
  readonly rules: readonly Rule[];
}

export interface Sent {
  readonly path: string;
  readonly method: string;
  readonly headers: readonly (readonly [string, string])[];
}

export const HOST = 'www.example.com';

const optional = <T>(value: fc.Arbitrary<T>, present: number): fc.Arbitrary<T | undefined> =>
  fc.oneof(
    { weight: present, arbitrary: value },
    { weight: 10 - present, arbitrary: fc.constant(undefined) },
  );

function text(values: readonly string[], patterns: readonly string[]): fc.Arbitrary<Text> {
  return fc.oneof(
    fc.record({ exact: fc.constantFrom(...values) }),
    fc.record({ prefix: fc.constantFrom(...values) }),
    fc.record({ regex: fc.constantFrom(...patterns, '.*') }),
  );
}

const value = fc.oneof(
  text(['a', 'ab', 'b'], ['a.*', '[ab]+']),
  fc.constant({}),
  fc.constant({ regex: '*' }),
);
const values = fc.dictionary(fc.constantFrom('x-one', 'x-two'), value, { maxKeys: 2 });

/** Without keys that are not there. */
function compact<T extends object>(all: T): T {
  return Object.fromEntries(Object.entries(all).filter(([, one]) => one !== undefined)) as T;
}

const match: fc.Arbitrary<Match> = fc
  .record({
    uri: optional(text(['/', '/a', '/A', '/a/b'], ['/a.*', '/[a-c]']), 6),
    ignoreUriCase: optional(fc.boolean(), 3),
    method: optional(text(['GET', 'POST', 'P'], ['GET|PUT']), 2),
    authority: optional(text([HOST, 'www'], ['www[.].*']), 1),
    scheme: optional(text(['http', 'https'], ['https?']), 1),
    headers: optional(values, 3),
    withoutHeaders: optional(values, 2),
    queryParams: optional(fc.dictionary(fc.constantFrom('q', 'r'), value, { maxKeys: 1 }), 2),
    port: optional(fc.constantFrom(80, 8080), 1),
    gateways: optional(
      fc.subarray(['mesh', 'gw', './gw', 'shop/gw', 'gw.shop.svc.cluster.local', 'edge/gw'], {
        minLength: 1,
      }),
      1,
    ),
    sourceLabels: optional(fc.constantFrom({ app: 'gw' }, { app: 'gw', tier: 'edge' }, { app: 'other' }), 1),
    sourceNamespace: optional(fc.constantFrom('infra', 'shop'), 1),
  })
  .map((one) => compact(one) as Match);

/** VirtualServices of the namespace shop with rules of names that are unique. */
export const services: fc.Arbitrary<readonly Service[]> = fc
  .array(
    fc.record({
      age: fc.integer({ min: 0, max: 3 }),
      rules: fc.array(optional(fc.array(match, { minLength: 1, maxLength: 3 }), 8), {
        minLength: 1,
        maxLength: 4,
      }),
    }),
    { minLength: 1, maxLength: 3 },
  )
  .map((all) =>
    all.map(({ age, rules }, i) => ({
      name: `vs-${i}`,
      age,
      rules: rules.map((one, j) => compact({ name: `rule-${i}-${j}`, match: one }) as Rule),
    })),
  );

export const requests: fc.Arbitrary<Sent> = fc.record({
  path: fc.constantFrom('/', '/a', '/A', '/ab', '/a/b', '/c?q=a', '/a?q=ab&r=b', '/x?q'),
  method: fc.constantFrom('GET', 'POST', 'PUT'),
  headers: fc.subarray([
    ['x-one', 'a'],
    ['X-One', 'b'],
    ['x-two', 'ab'],
  ] as const),
});

/**
 * The manifests: a Gateway of the port 80, the Deployment of its pods, and the VirtualServices.
 *
 * @param pods false: without the Deployment, so that a lab makes backends
 */
export function manifestsOf(all: readonly Service[], { pods = true } = {}): string[] {
  const gateway = {
    apiVersion: 'networking.istio.io/v1',
    kind: 'Gateway',
    metadata: { name: 'gw', namespace: 'shop' },
    spec: {
      selector: { app: 'gw' },
      servers: [{ port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['*'] }],
    },
  };
  const deployment = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'gw', namespace: 'infra' },
    spec: { template: { metadata: { labels: { app: 'gw', tier: 'edge' } }, spec: { containers: [] } } },
  };
  const routes = all.map(({ name, age, rules }) => ({
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name, namespace: 'shop', creationTimestamp: `2026-01-01T00:00:0${age}Z` },
    spec: {
      hosts: [HOST],
      gateways: ['gw'],
      http: rules.map((rule) => ({
        ...rule,
        route: [{ destination: { host: rule.name, port: { number: 80 } } }],
      })),
    },
  }));
  return [gateway, ...(pods ? [deployment] : []), ...routes].map((one) => JSON.stringify(one));
}

/** The name of the rule that answers, by Istio's rules; null: none. */
export function chosenBy(all: readonly Service[], request: Sent): string | null {
  const candidates: { readonly rule: string; readonly match: Match | null }[] = [];
  const last: typeof candidates = [];
  for (const { rules } of [...all].sort((a, b) => a.age - b.age || (a.name < b.name ? -1 : 1))) {
    const own = rules
      .flatMap((rule) => (rule.match ?? [null]).map((one) => ({ rule: rule.name, match: one })))
      .filter((one) => one.match === null || arrives(one.match));
    for (const one of own) {
      if (takesAll(one.match)) {
        last.push(one);
        break;
      }
      candidates.push(one);
    }
  }
  return [...candidates, ...last].find((one) => one.match === null || fits(one.match, request))?.rule ?? null;
}

function arrives({ port, gateways = [], sourceLabels = {}, sourceNamespace }: Match): boolean {
  if (port !== undefined && port !== 80) return false;
  if (gateways.length > 0) return gateways.some((name) => name !== 'mesh' && name !== 'edge/gw');
  const labels: Record<string, string> = { app: 'gw', tier: 'edge' };
  const labelled = Object.entries(sourceLabels).every(([key, label]) => labels[key] === label);
  return labelled && (sourceNamespace ?? 'infra') === 'infra';
}

function takesAll(one: Match | null): boolean {
  if (one === null) return true;
  const { uri, method, authority, scheme, headers = {}, withoutHeaders = {}, queryParams = {} } = one;
  if ([method, authority, scheme].some((part) => part !== undefined)) return false;
  if ([headers, withoutHeaders, queryParams].some((part) => Object.keys(part).length > 0)) return false;
  return uri === undefined || uri.prefix === '/' || uri.regex === '.*';
}

function fits(one: Match, { path, method, headers }: Sent): boolean {
  const [plain = '', query = ''] = path.split('?');
  const fold = (part: string) =>
    one.ignoreUriCase && one.uri?.regex === undefined ? part.toLowerCase() : part;
  const uri = Object.fromEntries(Object.entries(one.uri ?? {}).map(([type, part]) => [type, fold(part)]));
  const header = (name: string) => {
    const found = headers.filter(([other]) => other.toLowerCase() === name).map(([, part]) => part);
    return found.length === 0 ? null : found.join(',');
  };
  return (
    agrees(uri, fold(plain)) &&
    agrees(one.method, method) &&
    agrees(one.authority, HOST) &&
    agrees(one.scheme, 'http') &&
    Object.entries(one.headers ?? {}).every(
      ([name, text]) => header(name) !== null && agrees(text, header(name) ?? ''),
    ) &&
    Object.entries(one.withoutHeaders ?? {}).every(([name, text]) =>
      isAny(text) ? header(name) === null : !agrees(text, header(name) ?? ''),
    ) &&
    Object.entries(one.queryParams ?? {}).every(([name, text]) => {
      const part = new URLSearchParams(query).get(name);
      return part !== null && agrees(text, part);
    })
  );
}

function isAny(asked: Text): boolean {
  return Object.keys(asked).length === 0 || asked.regex === '*';
}

function agrees(asked: Text | undefined, given: string): boolean {
  if (asked === undefined || isAny(asked)) return true;
  if (asked.exact !== undefined) return given === asked.exact;
  if (asked.prefix !== undefined) return given.startsWith(asked.prefix);
  return new RegExp(`^(?:${asked.regex})$`).test(given);
}
