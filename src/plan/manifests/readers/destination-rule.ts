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
    set.destinationRules.push({
      ref,
      host: hostname(spec.get('host')),
      trafficPolicy: spec.get('trafficPolicy').plainMap(),
      subsets: spec
        .get('subsets')
        .items()
        .map((subset) => ({
          name: objectName(subset.get('name')),
          labels: readLabels(subset.get('labels')),
          trafficPolicy: subset.get('trafficPolicy').plainMap(),
        })),
    });
  },
};

/** A map of labels: of a subset, a selector, a pod. */
export function readLabels(labels: Field): Record<string, string> {
  const pairs = labels.entries().map(([key, value]) => [key, value.text() ?? ''] as const);
  return Object.fromEntries(pairs.filter(([key]) => key !== '__proto__'));
}
