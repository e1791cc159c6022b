/** DestinationRule of Istio: policies are kept as they are written. */

import type { Field } from '../fields.js';
import type { Reader } from '../resource.js';
import { hostname, objectName } from './checks.js';

export const destinationRule: Reader = {
  kind: 'DestinationRule',
  group: 'networking.istio.io',
  versions: ['v1', 'v1beta1', 'v1alpha3'],
  read(resource, ref, set) {
    const spec = resource.get('spec');
    const selector = spec.get('workloadSelector');
    set.destinationRules.push({
      ref,
      host: hostname(spec.get('host')),
      exportTo: spec
        .get('exportTo')
        .items()
        .map((namespace) => namespace.requiredText()),
      workloadSelector: selector.present ? readLabels(selector.get('matchLabels')) : null,
      trafficPolicy: readPolicy(spec.get('trafficPolicy')),
      subsets: spec
        .get('subsets')
        .items()
        .map((subset) => ({
          name: objectName(subset.get('name')),
          labels: readLabels(subset.get('labels')),
          trafficPolicy: readPolicy(subset.get('trafficPolicy')),
        })),
    });
  },
};

/** A trafficPolicy, kept as it is written; null when absent. */
export function readPolicy(policy: Field): Field | null {
  // Keys that are there twice, aliases of aliases and the like are errors even where nobody looks at them later.
  return policy.plainMap() === null ? null : policy;
}

/** A map of labels: of a subset, a selector, a pod. @param wanted by key; the others are not read */
export function readLabels(labels: Field, wanted = (_key: string) => true): Record<string, string> {
  const entries = labels.entries().filter(([key]) => key !== '__proto__' && wanted(key));
  return Object.fromEntries(entries.map(([key, value]) => [key, value.text() ?? '']));
}
