/** Gateways without filters on backendRefs: `instrument` refuses, warns, or does it by force. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { UserError } from '../../src/errors.js';
import { type Instrumented, instrument } from '../../src/instrument/instrument.js';
import { undo } from '../../src/instrument/undo.js';
import { GATEWAYS } from '../../src/plan/gateways/table.js';
import { routeAtClass } from '../support/manifests.js';

const NGINX_CASE = readFileSync(
  join('test', 'fixtures', 'cases', 'instrument-nginx', 'manifest.yaml'),
  'utf8',
);

const sources = (text: string) => [{ name: 'route.yaml', text, named: true }];
const added = (text: string, force = false): Instrumented =>
  instrument(sources(text), { endpoints: false, force });

const split = (className: string, backends = '[{name: v1, port: 80}, {name: v2, port: 80}]') =>
  routeAtClass(className, `\n  - backendRefs: ${backends}`);

function refusal(text: string): string {
  try {
    added(text);
  } catch (error) {
    assert.ok(error instanceof UserError, String(error));
    return error.message;
  }
  return assert.fail('not refused');
}

test('nginx: refused, as it would answer 500 to all requests; the error names another way', () => {
  const message = refusal(NGINX_CASE);
  assert.match(
    message,
    /^Gateway default\/cafe of class nginx is NGINX Gateway Fabric, which answers 500 to every/,
  );
  assert.match(
    message,
    /\nAnother way: responses that name their version need no header\. weighbridge identify URL/,
  );
  assert.match(message, /\nTo add the filters all the same: --force$/);
});

test('nginx with force: done, and still said; undo gives back every byte', () => {
  const forced = added(NGINX_CASE, true);
  assert.equal([...forced.added.values()][0], 2);
  assert.match(forced.notes[0] ?? '', /is NGINX Gateway Fabric, which answers 500/);
  assert.equal(undo(sources(forced.text)).text, NGINX_CASE);
});

test('a rule with one backend can set the header in its own filters', () => {
  assert.match(
    refusal(split('kong', '[{name: only, port: 80}]')),
    /does not accept a route .*\nAnother way: HTTPRoute n\/r, rule 1 has one backend, so its own filters .*value: only/,
  );
});

test('each gateway of the table: refused, warned of, or done as its facts say', () => {
  const classes = GATEWAYS.flatMap(({ classNames: [name], backendFilters }) =>
    name === undefined ? [] : [[name.replace('*', 'x'), backendFilters] as const],
  );
  for (const [name, filters] of classes) {
    if (filters !== null && filters.value !== 'applied') {
      assert.match(refusal(split(name)), new RegExp(`of class ${name} is `));
      continue;
    }
    const { notes, text } = added(split(name));
    const expected =
      filters === null ? /was not read/ : filters.remark === undefined ? null : /which applies/;
    if (expected === null) assert.deepEqual(notes, [], name);
    else assert.match(notes.join('\n'), expected, name);
    assert.equal(undo(sources(text)).text, split(name));
  }
});

test('Envoy Gateway: a note that filters make it draw at random', () => {
  const [note = ''] = added(split('eg')).notes;
  assert.match(note, /draws at random instead of rotating, and circuit breakers count per version/);
});

test('an unknown kind, and a Gateway that is not among the manifests: a warning', () => {
  assert.match(
    added(split('mine')).notes.join('\n'),
    /^Gateway n\/gw of class mine is of a kind that is not known/,
  );
  const [, route = ''] = split('mine').split('---\n');
  assert.match(added(route).notes.join('\n'), /^HTTPRoute n\/r: its Gateway is not among the manifests/);
  const classOf = (controller: string) => `---
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: {name: mine}
spec: {controllerName: ${controller}}
`;
  assert.deepEqual(added(split('mine') + classOf('istio.io/gateway-controller')).notes, []);
  assert.match(refusal(split('mine') + classOf('gateway.nginx.org/nginx-gateway-controller')), /NGINX/);
});

test('the EnvoyFilter: for Istio’s gateways by their GatewayClass, not for others', () => {
  const classOf = (controller: string) =>
    `---\napiVersion: gateway.networking.k8s.io/v1\nkind: GatewayClass\nmetadata: {name: mine}\nspec: {controllerName: ${controller}}\n`;
  const filters = (text: string) => instrument(sources(text), { endpoints: true, force: false });
  assert.equal(filters(split('mine') + classOf('istio.io/gateway-controller')).filters.length, 1);
  const other = filters(split('mine') + classOf('kgateway.dev/kgateway'));
  assert.equal(other.filters.length, 0);
  assert.match(other.notes.join('\n'), /of class "mine", but an EnvoyFilter .* it gets none$/);
  assert.match(
    filters(split('mine')).notes.join('\n'),
    /it gets none \(if this class is Istio's, give its GatewayClass too\)/,
  );
});

test('a route with a gateway that applies filters and one that does not is refused', () => {
  const second =
    'metadata: {name: gw2, namespace: n}\nspec: {gatewayClassName: apisix, listeners: []}\n---\n';
  const text = split('istio')
    .replace('---\n', `---\napiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\n${second}`)
    .replace('[{name: gw}]', '[{name: gw}, {name: gw2}]');
  assert.match(refusal(text), /^Gateway n\/gw2 of class apisix is APISIX, which ignores filters/);
});

test('routes that have the headers already, and VirtualServices, are not refused', () => {
  const done = added(NGINX_CASE, true).text;
  assert.equal(added(done).present, 2);
  const virtual = `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: v, namespace: n}
spec:
  hosts: [h]
  gateways: [cafe]
  http:
  - route: [{destination: {host: b}}]
`;
  assert.deepEqual(added(virtual).notes, []);
});
