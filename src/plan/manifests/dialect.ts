/**
 * What kinds of routes and gateways differ in, as data. A reader gives each route its dialect and each gateway its
 * family; the rest of the code asks these fields and never compares the names of kinds.
 */

/** Gateways of one kind, to which routes of some kinds attach. */
export interface GatewayFamily {
  /** API group of the Gateway resource: `gateway.networking.k8s.io`. Tells families apart. */
  readonly group: string;
  /** `own`: pods made for the gateway, labelled with its name. `selected`: pods that exist, chosen by labels. */
  readonly pods: 'own' | 'selected';
  /** Whether a listener leaves hosts to the listeners of its port that have a narrower hostname. */
  readonly isolatesListeners: boolean;
  /** Whether a route that no listener of its gateways takes is judged all the same, with that said first. */
  readonly judgesUnserved: boolean;
  /** Why a manifest of this kind may have no address, for an error. */
  readonly whyNoAddress: string;
}

/** One kind of route. */
export interface Dialect {
  /**
   * Which of several fitting rules wins (plan/routes/precedence.ts). `written`: the first in the manifest, but matches
   * of everything come last. `precedence`: the one with the most specific match, among all routes of the host.
   */
  readonly order: 'written' | 'precedence';
  /** What requests are; `grpc` needs HTTP/2. */
  readonly protocol: 'http' | 'grpc';
  /** The gateways that its parents name. */
  readonly gateways: GatewayFamily;
  /** Name of the parent that stands for sidecars, not for a gateway; null when there is no such parent. */
  readonly sidecarParent: string | null;
  /** Whether a backend in another namespace needs a ReferenceGrant there. */
  readonly needsGrants: boolean;
  /** Status of the gateway's empty reply for a backend that does not exist (docs/envoy.md). */
  readonly missingBackendStatus: 500 | 503;
  /** Where the backends stand in the manifest, below `spec`; null when a backend cannot change headers. */
  readonly backendsAt: {
    /** Key of the list of rules: `rules`. */
    readonly rules: string;
    /** Key of a rule's list of backends: `backendRefs`. */
    readonly backends: string;
    /** How a backend changes headers: a list of `filters` as in the Gateway API, or a map `headers` as in Istio. */
    readonly headers: 'filters' | 'headers';
  } | null;
}

/** Gateways of the Gateway API. */
export const GATEWAY_API: GatewayFamily = {
  group: 'gateway.networking.k8s.io',
  pods: 'own',
  isolatesListeners: true,
  judgesUnserved: true,
  whyNoAddress:
    'status.addresses is empty; kubectl get gateway NAME -o yaml shows it once the gateway is programmed',
};

/** Istio's own (classic) Gateways. */
export const ISTIO_GATEWAYS: GatewayFamily = {
  group: 'networking.istio.io',
  pods: 'selected',
  isolatesListeners: false,
  judgesUnserved: false,
  whyNoAddress:
    "an Istio Gateway does not carry one; it is the ingress gateway's Service that does: kubectl get service -n istio-system istio-ingressgateway -o yaml",
};
