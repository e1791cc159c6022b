/** Which gateways add the endpoint header, by the EnvoyFilter of `weighbridge instrument`. */

import type { EndpointHeader, Gateway, ManifestSet } from '../../plan/manifests/model.js';
import { resourceLabel } from '../../plan/manifests/resource.js';
import { meshSettings } from '../../plan/policy/mesh-settings.js';
import { workloadLabels } from '../../plan/routes/gateway-labels.js';

/** Finds whether a gateway adds the header; filters that select none of the gateways are named in `notes`. */
export function endpointHeaderCheck(
  set: ManifestSet,
  gateways: readonly Gateway[],
  notes: Set<string>,
): (gateway: Gateway) => boolean {
  const { endpointHeaders = [] } = set;
  const { rootNamespace } = meshSettings(set);
  for (const filter of endpointHeaders) {
    if (!gateways.some((gateway) => selects(filter, gateway, rootNamespace))) {
      notes.add(`${resourceLabel(filter.ref)} selects none of the gateways here: it has no effect`);
    }
  }
  return (gateway) => endpointHeaders.some((filter) => selects(filter, gateway, rootNamespace));
}

function selects(
  { ref, workloadLabels: wanted }: EndpointHeader,
  gateway: Gateway,
  rootNamespace: string,
): boolean {
  const labels = workloadLabels({ ...gateway, name: gateway.ref.name, selector: gateway.selector ?? {} });
  // Selected pods may be in any namespace, and no manifest says in which.
  const reached =
    gateway.family.pods === 'selected' ||
    // A selector in the root namespace selects pods of every namespace.
    ref.namespace === rootNamespace ||
    ref.namespace === gateway.ref.namespace;
  return reached && Object.entries(wanted).every(([key, value]) => labels[key] === value);
}
