/** The pods that serve a route's gateways: where they run, and which labels they have. */
import type { Gateway, ManifestSet, Route } from '../manifests/model.js';
import { workloadLabels } from './gateway-labels.js';
import { gatewayParents, isParent } from './parents.js';

type Labels = Readonly<Record<string, string>>;

/** Pods of a gateway, as far as manifests show them. */
export interface GatewayPods {
  readonly namespace: string;
  readonly labels: Labels;
  /** False: no manifest says where they run, and `namespace` is the most likely one. */
  readonly placeKnown: boolean;
  /** False: they have labels besides these. */
  readonly labelsKnown: boolean;
}

/** Where Istio's ingress gateway is usually installed; the first if nothing tells more. */
const INGRESS_NAMESPACES = ['istio-system', 'istio-ingress', 'istio-gateway', 'istio-gateways'] as const;

/**
 * The pods of a route's gateways. Pods that are made for a Gateway run in its namespace. Those that a
 * Gateway selects by labels run wherever they were installed, since Istio lets a Gateway select pods of any namespace
 * (`PILOT_SCOPE_GATEWAY_TO_NAMESPACE` is off by default): a Deployment or Service of theirs tells it.
 */
export function gatewayPodsOf(set: ManifestSet, route: Route): readonly [GatewayPods, ...GatewayPods[]] {
  const [first, ...others] = gatewayParents(route).flatMap((parent): readonly GatewayPods[] => {
    const gateway = set.gateways.find((one) => isParent(parent, route, one));
    if (gateway !== undefined) return podsOf(set, gateway);
    const family = route.dialect.gateways;
    // Which Gateway a ListenerSet belongs to is in the ListenerSet.
    if (family.pods === 'selected' || parent.listenerSet !== undefined)
      return [somewhere({}, parent.namespace)];
    const labels = workloadLabels({ family, name: parent.name, selector: {} });
    return [{ namespace: parent.namespace, labels, placeKnown: true, labelsKnown: false }];
  });
  return [first ?? somewhere({}, null), ...others];
}

/** The pods of a gateway, at least one entry. */
export function podsOf(set: ManifestSet, gateway: Gateway): readonly [GatewayPods, ...GatewayPods[]] {
  const { ref, family, selector = {} } = gateway;
  const labels = workloadLabels({ family, name: ref.name, selector });
  if (family.pods === 'own') {
    const namespace = serviceNamespace(gateway) ?? ref.namespace;
    return [{ namespace, labels, placeKnown: true, labelsKnown: false }];
  }
  const has = (some: Labels) => Object.entries(labels).every(([key, value]) => some[key] === value);
  const deployments = set.deployments.filter(({ podLabels }) => has(podLabels));
  const services = set.services.filter((service) => has(service.selector));
  const [first, ...others]: readonly GatewayPods[] =
    deployments.length > 0
      ? deployments.map(({ ref: { namespace }, podLabels }) => ({
          namespace,
          labels: podLabels,
          placeKnown: true,
          labelsKnown: true,
        }))
      : services.map(({ ref: { namespace }, selector: all }) => ({
          namespace,
          labels: all,
          placeKnown: true,
          labelsKnown: false,
        }));
  return [first ?? somewhere(labels, ref.namespace), ...others];
}

/** A Gateway whose address is a Service of the cluster has its pods behind that Service, made by somebody else. */
function serviceNamespace({ specAddresses }: Gateway): string | null {
  const names = specAddresses.map((address) => /^[^.]+\.([^.]+)\.svc(\.|$)/.exec(address)?.[1]);
  return names.find((name) => name !== undefined) ?? null;
}

/** @param beside namespace of the Gateway resource; null: it is not known */
function somewhere(labels: Labels, beside: string | null): GatewayPods {
  const namespace = INGRESS_NAMESPACES.find((name) => name === beside) ?? INGRESS_NAMESPACES[0];
  return { namespace, labels, placeKnown: false, labelsKnown: false };
}
