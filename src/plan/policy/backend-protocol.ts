/** What a gateway speaks to a port of a Service: no gateway finds it out by itself, so that ports declare it. */
import type { BackendProtocol } from '../limit-facts.js';
import type { Backend, ManifestSet, Route, Service } from '../manifests/model.js';
import { backendPort } from './backend-port.js';
import { serviceOf } from './endpoint-count.js';

type Port = Pick<Service['ports'][number], 'name' | 'appProtocol'>;

/** As Istio takes a port: by its appProtocol, else by the beginning of its name (docs/envoy.md). */
export function isHttp2Port({ appProtocol, name }: Port): boolean {
  const declared = appProtocol ?? name?.split('-')[0] ?? '';
  return ['grpc', 'http2', 'kubernetes.io/h2c'].includes(declared.toLowerCase());
}

/**
 * As Envoy Gateway takes the ports of one cluster: HTTP/2 to all if one is declared so by its appProtocol, or for a GRPCRoute
 * (envoyproxy/gateway 00240cd, internal/xds/translator/cluster.go, `buildXdsCluster`; internal/gatewayapi/route.go,
 * `serviceAppProtocolToIRAppProtocol`). To a port with a BackendTLSPolicy it speaks what the backend agrees to, which is not known here.
 */
export function envoyGatewayProtocol(
  set: ManifestSet,
  route: Route,
  backends: readonly Backend[],
): BackendProtocol {
  const isHttp2 = backends.some((backend) =>
    ['grpc', 'kubernetes.io/h2c'].includes(portOf(set, backend)?.appProtocol ?? ''),
  );
  return isHttp2 || route.dialect.protocol === 'grpc' ? 'h2' : 'http/1.1';
}

/** The port of the backend's Service; undefined if the manifests do not have it. */
export function portOf(set: ManifestSet, backend: Backend): Service['ports'][number] | undefined {
  const wanted = backendPort(set, backend);
  return serviceOf(set, backend)?.ports.find(({ port }) => port === wanted);
}
