/** Labels of the pods that a Gateway programs in Istio. */
const GATEWAY_NAME_LABEL = 'gateway.networking.k8s.io/gateway-name';

/**
 * A Gateway of the Gateway API gets pods of its own, labelled with its name. A classic one programs pods that
 * exist, which its selector chooses: by default those of Istio's own ingress gateway are taken.
 */
export function workloadLabels(gateway: {
  readonly classic: boolean;
  readonly name: string;
  readonly selector: Readonly<Record<string, string>>;
}): Readonly<Record<string, string>> {
  if (!gateway.classic) return { [GATEWAY_NAME_LABEL]: gateway.name };
  return Object.keys(gateway.selector).length > 0 ? gateway.selector : { istio: 'ingressgateway' };
}
