/** Which gateways add the endpoint header, by the EnvoyFilter of `weighbridge instrument`. */

import type { EndpointHeader, Gateway, ManifestSet } from '../../plan/manifests/model.js';
import { resourceLabel } from '../../plan/manifests/resource.js';
import { workloadLabels } from '../../plan/routes/gateway-labels.js';

/** Istio's root namespace: a selector in it selects pods of every namespace. */
const ROOT_NAMESPACE = 'istio-system';

/** Finds whether a gateway adds the header; filters that select none of the gateways are named in `notes`. */
export function endpointHeaderCheck(
  { endpointHeaders = [] }: ManifestSet,
  gateways: readonly Gateway[],
  notes: Set<string>,
): (gateway: Gateway) => boolean {
  for (const filter of endpointHeaders) {
    if (!gateways.some((gateway) => selects(filter, gateway))) {
      notes.add(`${resourceLabel(filter.ref)} selects none of the gateways here: it has no effect`);
    }
  }
  return (gateway) => endpointHeaders.some((filter) => selects(filter, gateway));
}

function selects({ ref, workloadLabels: wanted }: EndpointHeader, gateway: Gateway): boolean {
  const labels = workloadLabels({ ...gateway, name: gateway.ref.name, selector: gateway.selector ?? {} });
  // Selected pods may be in any namespace, and no manifest says in which.
  const reached =
    gateway.family.pods === 'selected' ||
    ref.namespace === ROOT_NAMESPACE ||
    ref.namespace === gateway.ref.namespace;
  return reached && Object.entries(wanted).every(([key, value]) => labels[key] === value);
}
