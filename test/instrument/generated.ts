/** Manifests of routes in all ways that YAML can be written in. */
import fc from 'fast-check';

type Json = string | number | readonly Json[] | { readonly [key: string]: Json };

const HEADER = { name: 'x-a', value: 'b' };
const REQUEST_FILTER = { type: 'RequestHeaderModifier', requestHeaderModifier: { remove: ['x-b'] } };
const EXTENSION_FILTER = {
  type: 'ExtensionRef',
  extensionRef: { group: 'example.com', kind: 'Filter', name: 'mine' },
};
const responseFilter = (modifier: Json): Json => ({
  type: 'ResponseHeaderModifier',
  responseHeaderModifier: modifier,
});

const filters: fc.Arbitrary<Json | null> = fc.constantFrom<Json | null>(
  null,
  [],
  [REQUEST_FILTER],
  [EXTENSION_FILTER, REQUEST_FILTER],
  [responseFilter({})],
  [responseFilter({ set: [] })],
  [responseFilter({ set: [HEADER] }), REQUEST_FILTER],
  [responseFilter({ add: [HEADER] })],
  [EXTENSION_FILTER, responseFilter({ remove: ['x-c'], set: [HEADER, { name: 'x-d', value: 'on' }] })],
);
const headers: fc.Arbitrary<Json | null> = fc.constantFrom<Json | null>(
  null,
  {},
  { request: { set: { 'x-a': 'b' } } },
  { response: {} },
  { response: { add: { 'x-a': 'b' } } },
  { response: { set: { 'x-a': 'b' } }, request: { remove: ['x-e'] } },
  { response: { set: {} } },
);
const name = fc.constantFrom('backend-v1', 'backend-v2', 'on', '1e3', '0x1f', 'a.b', '007');

/** Key order differs between people and kubectl. */
function map(entries: readonly (readonly [string, Json | null])[], reverse: boolean): Json {
  const present = entries.filter((entry): entry is readonly [string, Json] => entry[1] !== null);
  return Object.fromEntries(reverse ? [...present].reverse() : present);
}

const backendRef = fc
  .record({ name, filters, port: fc.constantFrom(80, 8080), reverse: fc.boolean() })
  .map((ref) =>
    map(
      [
        ['name', ref.name],
        ['filters', ref.filters],
        ['port', ref.port],
        ['weight', 1],
      ],
      ref.reverse,
    ),
  );
const destination = fc
  .record({ name, headers, subset: fc.constantFrom('v1', 'v2'), reverse: fc.boolean() })
  .map((to) =>
    map(
      [
        ['destination', { host: to.name, subset: to.subset }],
        ['weight', 50],
        ['headers', to.headers],
      ],
      to.reverse,
    ),
  );

const metadata = { name: 'route', namespace: 'istio-test' };
const gatewayRoute = fc
  .record({
    kind: fc.constantFrom('HTTPRoute', 'GRPCRoute'),
    rules: fc.array(fc.array(backendRef, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 }),
  })
  .map(
    ({ kind, rules }): Json => ({
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind,
      metadata,
      spec: {
        parentRefs: [{ name: 'gateway' }],
        rules: rules.map((backendRefs, i) => ({ name: `rule-${i}`, backendRefs })),
      },
    }),
  );
const virtualService = fc
  .array(fc.array(destination, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 })
  .map(
    (rules): Json => ({
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata,
      spec: { hosts: ['a.example'], gateways: ['gateway'], http: rules.map((route) => ({ route })) },
    }),
  );
const other: Json = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'other' },
  data: { text: 'filters: []', 'x-weighbridge-version': 'backend-v1' },
};

interface Style {
  /** Of each collection in turn: written in brackets. */
  readonly flow: readonly boolean[];
  /** Brackets over several lines. */
  readonly tall: boolean;
  readonly json: boolean;
  readonly indentless: boolean;
  readonly indent: number;
  /** Of each line in turn: a comment behind it. */
  readonly comments: readonly boolean[];
  readonly blankLines: boolean;
  readonly newLine: string;
  readonly lastNewLine: boolean;
}

const style: fc.Arbitrary<Style> = fc.record({
  flow: fc.oneof(
    fc.constant([false]),
    fc.array(
      fc.integer({ min: 0, max: 5 }).map((n) => n === 0),
      { minLength: 1, maxLength: 40 },
    ),
  ),
  tall: fc.boolean(),
  json: fc.boolean(),
  indentless: fc.boolean(),
  indent: fc.constantFrom(2, 4),
  comments: fc.array(fc.boolean(), { minLength: 1, maxLength: 20 }),
  blankLines: fc.boolean(),
  newLine: fc.constantFrom('\n', '\r\n'),
  lastNewLine: fc.boolean(),
});

class Writer {
  #collections = 0;
  #lines = 0;

  constructor(readonly style: Style) {}

  /** Lines of a value, the first of them to stand behind what `key:` or `- ` is there. */
  block(value: Json): string[] {
    const { flow, indent, indentless } = this.style;
    if (typeof value !== 'object') return [this.#scalar(value)];
    const inBrackets = flow[this.#collections++ % flow.length] === true;
    const items = Array.isArray(value) ? value : Object.entries(value);
    if (inBrackets || items.length === 0) return this.#flow(value, 0);
    if (Array.isArray(value)) {
      return value.flatMap((item: Json) =>
        this.block(item).map((line, i) => (i === 0 ? `- ${line}` : `  ${line}`)),
      );
    }
    return Object.entries(value).flatMap(([key, inner]) => {
      const lines = this.block(inner);
      const nested = typeof inner === 'object' && !/^[[{]/.test(lines[0] as string);
      if (!nested) return [`${this.#scalar(key)}: ${lines[0]}`, ...lines.slice(1)];
      const pad = ' '.repeat(Array.isArray(inner) && indentless ? 0 : indent);
      return [`${this.#scalar(key)}:`, ...lines.map((line) => pad + line)];
    });
  }

  #flow(value: Json, depth: number): string[] {
    if (typeof value !== 'object') return [this.#scalar(value)];
    const isList = Array.isArray(value);
    const [open, close] = isList ? '[]' : '{}';
    const parts = isList
      ? value.map((item: Json) => this.#flow(item, depth + 1))
      : Object.entries(value).map(([key, inner]) => {
          const [first, ...rest] = this.#flow(inner, depth + 1);
          return [`${this.#scalar(key)}: ${first}`, ...rest];
        });
    if (!this.style.tall || parts.length === 0) {
      return [`${open}${parts.map((lines) => lines.join(' ')).join(', ')}${close}`];
    }
    const last = parts.length - 1;
    const lines = parts.flatMap((part, i) =>
      part.map((line, j) => `  ${line}${i < last && j === part.length - 1 ? ',' : ''}`),
    );
    // What follows a key may not stand further left than the key.
    return [open as string, ...lines, `  ${close}`];
  }

  #scalar(value: string | number): string {
    if (typeof value === 'number') return String(value);
    return this.style.json || !/^[a-z][a-zA-Z.-]+$/.test(value) ? JSON.stringify(value) : value;
  }

  text(document: Json): string {
    return this.block(document)
      .flatMap((line) => {
        const { comments, blankLines } = this.style;
        const commented = comments[this.#lines++ % comments.length] === true;
        return [
          ...(commented && blankLines ? ['', '# filters: - name'] : []),
          commented ? `${line} # x, y: z` : line,
        ];
      })
      .join('\n');
  }
}

const stream = fc.record({
  documents: fc.array(fc.oneof(gatewayRoute, virtualService, fc.constant(other)), {
    minLength: 1,
    maxLength: 3,
  }),
  route: gatewayRoute,
  list: fc.boolean(),
  style,
});

function textOf(documents: readonly Json[], list: boolean, how: Style): string {
  const roots: readonly Json[] = list ? [{ apiVersion: 'v1', kind: 'List', items: documents }] : documents;
  const writer = new Writer(how);
  const text = roots.map((root) => writer.text(root)).join('\n---\n');
  return (text + (how.lastNewLine ? '\n' : '')).replaceAll('\n', how.newLine);
}

/** Two to four documents, or a `kind: List` of them, as one text. */
export const manifestTexts: fc.Arbitrary<string> = stream.map(({ documents, route, list, style: how }) =>
  textOf([...documents, route], list, how),
);

/** The same without any brackets, and with a line end at the end. */
export const blockTexts: fc.Arbitrary<string> = stream.map(({ documents, route, list, style: how }) =>
  textOf(
    [...documents, route].map((document) => filled(document) as Json),
    list,
    { ...how, flow: [false], lastNewLine: true },
  ),
);

/** Without empty lists and maps, and without filters that do nothing then; undefined when nothing is left. */
function filled(value: Json): Json | undefined {
  if (typeof value !== 'object') return value;
  if (Array.isArray(value)) {
    const items = value.map((item: Json) => filled(item)).filter((item) => item !== undefined);
    return items.length === 0 ? undefined : items;
  }
  const entries = Object.entries(value)
    .map(([key, inner]) => [key, filled(inner)] as const)
    .filter((entry): entry is readonly [string, Json] => entry[1] !== undefined);
  const idle = entries.length === 1 && entries[0]?.[1] === 'ResponseHeaderModifier';
  return entries.length === 0 || idle ? undefined : Object.fromEntries(entries);
}

/** The same as JSON, as kubectl prints a list. */
export const jsonTexts: fc.Arbitrary<string> = fc
  .record({
    items: fc.array(fc.oneof(gatewayRoute, virtualService), { minLength: 1, maxLength: 3 }),
    indent: fc.constantFrom(0, 2, 4),
  })
  .map(({ items, indent }) =>
    JSON.stringify({ apiVersion: 'v1', items, kind: 'List', metadata: {} }, null, indent),
  );
