/** Labels of the pods that a Gateway configures in Istio. */
import type { GatewayFamily } from '../manifests/dialect.js';

const GATEWAY_NAME_LABEL = 'gateway.networking.k8s.io/gateway-name';

/**
 * Pods made for a gateway have its name as a label. A gateway that selects existing pods has a selector; if that is
 * empty, it is Istio's default ingress gateway.
 */
export function workloadLabels(gateway: {
  readonly family: GatewayFamily;
  readonly name: string;
  readonly selector: Readonly<Record<string, string>>;
}): Readonly<Record<string, string>> {
  if (gateway.family.pods === 'own') return { [GATEWAY_NAME_LABEL]: gateway.name };
  return Object.keys(gateway.selector).length > 0 ? gateway.selector : { istio: 'ingressgateway' };
}
