/** Where a Gateway is reached: its own addresses, or those of the Service before the pods that it selects. */
import type { Gateway, ManifestSet, Service } from '../manifests/model.js';
import { resourceLabel } from '../manifests/resource.js';
import { workloadLabels } from './gateway-labels.js';

export interface GatewayAddress {
  /** At least one. */
  readonly addresses: readonly string[];
  /** Where they stand, in words. */
  readonly source: string;
  /** The port to connect to for a listener's port; null if there is none. */
  readonly portOf: (listenerPort: number) => number | null;
}

/** Null if the manifests have no address. */
export function addressOf(set: ManifestSet, gateway: Gateway): GatewayAddress | null {
  const portOf = (port: number) => port;
  const { statusAddresses, specAddresses } = gateway;
  if (statusAddresses.length > 0) return { addresses: statusAddresses, source: 'status.addresses', portOf };
  if (specAddresses.length > 0) {
    return { addresses: specAddresses, source: 'spec.addresses (it has no status)', portOf };
  }
  return gateway.family.pods === 'selected' ? serviceAddress(set, gateway) : null;
}

/** Of the first load balancer whose selector has all labels that the Gateway selects its pods by. */
function serviceAddress({ services }: ManifestSet, gateway: Gateway): GatewayAddress | null {
  const { family, ref, selector = {} } = gateway;
  const labels = Object.entries(workloadLabels({ family, name: ref.name, selector }));
  const found = services.find(
    ({ selector: own, loadBalancer = [] }) =>
      loadBalancer.length > 0 && labels.every(([key, value]) => own[key] === value),
  );
  if (found === undefined) return null;
  return {
    addresses: found.loadBalancer ?? [],
    source: `by its selector, and status.loadBalancer of ${resourceLabel(found.ref)}`,
    portOf: (port) => servicePort(found, port),
  };
}

/** A server's port is one of the Service, or else one that a port of the Service leads to (istio/istio, pilot/pkg/model/gateway.go). */
function servicePort({ ports }: Service, port: number): number | null {
  const found = ports.find((one) => one.port === port) ?? ports.find(({ targetPort }) => targetPort === port);
  return found?.port ?? null;
}
