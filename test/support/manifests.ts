/** Manifests for tests that have them as text. */

import { Composer, LineCounter, Parser } from 'yaml';
import { ISTIO_ORDER } from '../../src/plan/gateways/match-order.js';
import { type Field, rootOf } from '../../src/plan/manifests/fields.js';
import { readManifests } from '../../src/plan/manifests/index.js';
import type { ManifestSet } from '../../src/plan/manifests/model.js';
import { YamlSource } from '../../src/plan/manifests/yaml-source.js';
import type { Place } from '../../src/plan/routes/place.js';

/** Reads the texts as one stream of documents. */
export function readManifestTexts(...texts: readonly string[]): Promise<ManifestSet> {
  return readManifests(['-'], async () => texts.join('\n---\n'));
}

/** A Gateway `n/gw` of the class, and an HTTPRoute `n/r` at it with these rules, a list in YAML. */
export function routeAtClass(className: string, rules: string): string {
  return `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: gw, namespace: n}
spec: {gatewayClassName: ${className}, listeners: [{name: http, port: 80, protocol: HTTP}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: r, namespace: n}
spec:
  parentRefs: [{name: gw}]
  rules: ${rules}
`;
}

/** Data as the field of a manifest: line 14 of the second document of rules.yaml, in a resource called `owner`. */
export function fieldOf(data: unknown, owner: string): Field {
  const lines = new LineCounter();
  const text = '\n'.repeat(13) + JSON.stringify(data);
  const [doc] = [...new Composer().compose(new Parser(lines.addNewLine).parse(text))];
  if (doc === undefined) throw new Error('no document');
  return rootOf(new YamlSource('rules.yaml', 2, doc, lines)).asResource(owner);
}

/** A port of a gateway of which nothing else is known. */
export function placeForTests(port: number | null): Place {
  return {
    gateway: 'n/gw',
    port,
    labels: {},
    labelsKnown: false,
    namespace: 'n',
    placeKnown: false,
    order: ISTIO_ORDER,
  };
}
