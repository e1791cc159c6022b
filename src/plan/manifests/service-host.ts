/** Names of Services as hosts, as Istio's resources and a cluster's names have them. */

/** `backend-v1.istio-test.svc.cluster.local` */
export function serviceHost(name: string, namespace: string): string {
  return `${name}.${namespace}.svc.cluster.local`;
}

/**
 * A host as a VirtualService or a DestinationRule of the namespace means it. Istio completes only hosts without a dot that are no IP addresses;
 * `backend.istio-test` is taken as a full name and matches no Kubernetes Service (istio/istio, pilot/pkg/model/config.go,
 * `ResolveShortnameToFQDN`).
 */
export function fullHost(host: string, namespace: string): string {
  return /[.:]/.test(host) || host === '*' ? host : serviceHost(host, namespace);
}
