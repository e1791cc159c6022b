/** Which cluster and which Service of the lab a backend means. */
import type { Backend } from '../../plan/manifests/model.js';
import { backendHost } from '../../plan/policy/destination-rules.js';
import { clusterName, UNKNOWN_SERVICE } from './clusters.js';
import type { LabService, Topology } from './topology.js';

/** Where a backend's requests go. */
export interface Destination {
  /** Name of the cluster in the route, whether or not the cluster exists. */
  readonly cluster: string;
  /** Null when the lab has no such service. */
  readonly service: LabService | null;
  readonly port: number;
  readonly subset: string | null;
}

/**
 * Resolves a backend as istiod does: one that does not exist keeps its place under the name that its cluster
 * would have; a kind other than Service, and a backend that no ReferenceGrant allows, becomes `UnknownService`.
 *
 * @param gatewayPort what istiod falls back to when a destination's port is not known
 */
export function resolveBackend(backend: Backend, topology: Topology, gatewayPort: number): Destination {
  const host = backend.granted === false ? null : backendHost(backend);
  const service = topology.services.find((candidate) => candidate.host === host) ?? null;
  const onlyPort = service?.ports.length === 1 ? service.ports[0]?.port : undefined;
  const port = backend.port ?? onlyPort ?? gatewayPort;
  return {
    cluster: host === null ? UNKNOWN_SERVICE : clusterName(host, port, backend.subset),
    service,
    port,
    subset: backend.subset,
  };
}
