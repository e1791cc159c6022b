/** How istiod names clusters, and which service of the lab a backend stands for. */
import type { Backend } from '../../plan/manifests/model.js';
import { fullServiceHost } from '../../plan/policy/policy.js';
import type { LabService, Topology } from './topology.js';

/** A piece of Envoy configuration in its JSON form. */
export type Json = Record<string, unknown>;

/** `outbound|80||backend-v1.istio-test.svc.cluster.local`; the third field is the subset. */
export function clusterName(host: string, port: number, subset: string | null): string {
  return `outbound|${port}|${subset ?? ''}|${host}`;
}

/** Where a backend's requests go. */
export interface Destination {
  /** Name of the cluster in the route, whether or not the cluster exists. */
  readonly cluster: string;
  /** Null when the lab has no such service. */
  readonly service: LabService | null;
  readonly host: string;
  readonly port: number;
  readonly subset: string | null;
}

/**
 * Resolves a Gateway API backendRef or a VirtualService destination as istiod does: what does not exist
 * keeps its place under the name the cluster would have; another kind than Service becomes `UnknownService`.
 *
 * @param namespace of the route, for VirtualService hosts without a dot
 * @param gatewayPort what istiod falls back to when a destination's port is not known
 */
export function resolveBackend(
  backend: Backend,
  topology: Topology,
  namespace: string,
  gatewayPort: number,
): Destination {
  const known = backend.host !== null || isKnownKind(backend);
  const host =
    backend.host !== null
      ? fullServiceHost(backend.host, namespace)
      : backend.kind === 'Hostname'
        ? backend.refName
        : `${backend.refName}.${backend.namespace}.svc.cluster.local`;
  const service = known ? (topology.services.find((candidate) => candidate.host === host) ?? null) : null;
  const onlyPort = service?.ports.length === 1 ? service.ports[0]?.port : undefined;
  const port = backend.port ?? onlyPort ?? gatewayPort;
  return {
    cluster: known ? clusterName(host, port, backend.subset) : 'UnknownService',
    service,
    host,
    port,
    subset: backend.subset,
  };
}

/** Kinds that istiod knows; `Hostname` (networking.istio.io) is a service's full name. */
function isKnownKind({ group, kind }: Backend): boolean {
  return (group === '' && kind === 'Service') || (group === 'networking.istio.io' && kind === 'Hostname');
}

/** A duration as protobuf JSON writes it: `30s`, `0.050s`. */
export function protoDuration(ms: number): string {
  return Number.isInteger(ms / 1000)
    ? `${ms / 1000}s`
    : `${(ms / 1000).toFixed(Number.isInteger(ms) ? 3 : 9)}s`;
}
