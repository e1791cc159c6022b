import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { UserError } from '../../../src/errors.js';
import { expectedFromRule } from '../../../src/plan/expectations.js';
import { clientDoubts } from '../../../src/plan/policy/client-doubts.js';
import { keptPolicies, servicesOf } from '../../../src/plan/policy/kept-policies.js';
import { gatewayPodsOf } from '../../../src/plan/routes/gateway-pods.js';
import { selectRule } from '../../../src/plan/routes/select-rule.js';
import { deriveTarget } from '../../../src/plan/target/target-from-manifests.js';
import { readManifestTexts } from '../../support/manifests.js';

const UNPRINTABLE = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/;
const none = { host: null, path: null, method: null, headers: [], connect: null };

/** Does everything that a run does with manifests. Only UserErrors may come of it, and no escape sequence. */
async function survives(text: string): Promise<'read' | 'refused'> {
  try {
    const set = await readManifestTexts(text);
    for (const line of set.skipped) assert.doesNotMatch(line, UNPRINTABLE);
    const selection = selectRule(set, none, null);
    expectedFromRule(selection.rule, 'the rule');
    const pods = gatewayPodsOf(set, selection.route);
    const { notes } = keptPolicies(set, selection.rule, pods[0]);
    for (const { text: line } of notes) assert.doesNotMatch(line, UNPRINTABLE);
    for (const line of clientDoubts(set, servicesOf(selection.rule), pods))
      assert.doesNotMatch(line, UNPRINTABLE);
    const target = deriveTarget(set, selection, {
      ...none,
      connect: { scheme: 'http', address: '192.0.2.1', port: 80 },
    });
    assert.match(target.path, /^\/[\x21-\x7e]*$/);
    for (const pair of target.headers) assert.doesNotMatch(pair.join(), /[\r\n\0]/);
    for (const note of target.notes) assert.doesNotMatch(note.text, UNPRINTABLE);
    return 'read';
  } catch (error) {
    assert.ok(error instanceof UserError, `${(error as Error).stack} for ${JSON.stringify(text)}`);
    assert.doesNotMatch(error.message, UNPRINTABLE);
    return 'refused';
  }
}

const ignoringResult = async (text: string): Promise<void> => {
  await survives(text);
};

const word = fc.constantFrom(
  ...['a', 'b.example.com', '*.c', '*', '/', '/api', '/a?b', 'Exact', 'RegularExpression', 'PathPrefix', '('],
  ...[
    '[a-z]+',
    'GET',
    'x-a',
    '\u001b[31m',
    '\ud800',
    '__proto__',
    'constructor',
    '10s',
    '',
    'RequestRedirect',
  ],
  ...['RequestMirror', 'ResponseHeaderModifier', 'Service', 'http', 'HTTP', 'mesh'],
);
const KEYS = [
  ...[
    'hostnames',
    'parentRefs',
    'rules',
    'matches',
    'path',
    'type',
    'value',
    'headers',
    'queryParams',
    'name',
  ],
  ...[
    'backendRefs',
    'weight',
    'port',
    'namespace',
    'kind',
    'filters',
    'requestMirror',
    'backendRef',
    'method',
  ],
  ...[
    'hosts',
    'gateways',
    'http',
    'match',
    'uri',
    'exact',
    'prefix',
    'regex',
    'route',
    'destination',
    'host',
  ],
  ...[
    'subset',
    'retries',
    'fault',
    'listeners',
    'servers',
    'number',
    'protocol',
    'tls',
    'subsets',
    'timeouts',
  ],
  ...[
    'trafficPolicy',
    'labels',
    'ports',
    'selector',
    'template',
    'addresses',
    '__proto__',
    '<<',
    'set',
    'remove',
  ],
];
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    word,
    fc.constantFrom(0, 1, 80, -1, 1.5, 1e9, null, true),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...KEYS), tie('value'), { maxKeys: 5 }),
  ),
}));
const kind = fc.constantFrom(
  ['gateway.networking.k8s.io/v1', 'HTTPRoute'],
  ['gateway.networking.k8s.io/v1', 'GRPCRoute'],
  ['gateway.networking.k8s.io/v1', 'Gateway'],
  ['networking.istio.io/v1', 'Gateway'],
  ['networking.istio.io/v1', 'VirtualService'],
  ['networking.istio.io/v1', 'DestinationRule'],
  ['v1', 'Service'],
  ['apps/v1', 'Deployment'],
);

test('no text makes the readers throw anything but a UserError', async () => {
  const pieces = fc.constantFrom(
    'a: ',
    '- ',
    '\n',
    '  ',
    '[',
    ']',
    '{',
    '}',
    '&x ',
    '*x',
    '<<: ',
    '---\n',
    '|',
    '\t',
    '"',
    "'",
    '!!x ',
    '%',
    '\u0000',
    'kind: List\n',
    'apiVersion: v1\n',
    'items:\n',
  );
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(pieces, { maxLength: 30 }).map((all) => all.join('')),
  );
  await fc.assert(fc.asyncProperty(text, ignoringResult), { seed: 14, numRuns: 200 });
});

test('no resource makes the readers, the selection or the target throw anything but a UserError', async () => {
  const resource = fc.tuple(kind, value).map(([[apiVersion, name], spec]) => ({
    apiVersion,
    kind: name,
    metadata: { name: 'x' },
    spec,
  }));
  const text = fc
    .array(resource, { minLength: 1, maxLength: 3 })
    .map((items) => JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
  await fc.assert(fc.asyncProperty(text, ignoringResult), { seed: 14, numRuns: 400 });
});

test('routes of the right shape with odd values are read or refused, and some of both', async () => {
  const match = fc.record(
    {
      path: fc.record({ type: word, value: word }, { requiredKeys: [] }),
      method: word,
      headers: fc.array(fc.record({ name: word, value: word }), { maxLength: 1 }),
      queryParams: fc.array(fc.record({ name: word, value: word }), { maxLength: 1 }),
    },
    { requiredKeys: [] },
  );
  const backend = fc.record(
    {
      name: fc.constantFrom('a', 'b'),
      namespace: fc.constantFrom('m', 'n'),
      weight: fc.constantFrom(0, 1, 9, null),
    },
    { requiredKeys: ['name'] },
  );
  const rule = fc.record(
    { matches: fc.array(match, { maxLength: 2 }), backendRefs: fc.array(backend, { maxLength: 3 }) },
    { requiredKeys: [] },
  );
  const text = fc.array(rule, { minLength: 1, maxLength: 2 }).map((rules) =>
    JSON.stringify({
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'HTTPRoute',
      metadata: { name: 'x' },
      spec: { hostnames: ['a.example.com'], rules },
    }),
  );
  const seen = { read: 0, refused: 0 };
  const counted = async (one: string) => {
    seen[await survives(one)] += 1;
  };
  await fc.assert(fc.asyncProperty(text, counted), { seed: 14, numRuns: 300 });
  assert.ok(seen.read > 30 && seen.refused > 30, JSON.stringify(seen));
});
