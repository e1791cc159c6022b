/** The clusters that a gateway has: one for each port of each Service, and one for each of its subsets. */
import type { ManifestSet } from '../../plan/manifests/model.js';
import { appliedRules } from '../../plan/policy/destination-rules.js';
import { labRules } from './lab-client.js';
import type { LabPod, LabService, Topology } from './topology.js';

export interface MeshCluster {
  /** `outbound|80|v1|backend.istio-test.svc.cluster.local` */
  readonly name: string;
  readonly service: LabService;
  readonly port: LabService['ports'][number];
  readonly subset: string | null;
  readonly pods: readonly LabPod[];
}

/**
 * In the topology's order. A backend that resolves to a name that is not among them does not exist: a missing
 * Service, a port that the Service does not have, a subset that no DestinationRule defines.
 */
export function meshClusters(set: ManifestSet, topology: Topology): readonly MeshCluster[] {
  const rules = labRules(set);
  return topology.services.flatMap((service) =>
    service.ports.flatMap((port) =>
      [null, ...appliedRules(rules, service).subsets.keys()].map((subset) => ({
        name: clusterName(service.host, port.port, subset),
        service,
        port,
        subset,
        pods: podsOf(set, service, subset),
      })),
    ),
  );
}

/** `outbound|80||backend-v1.istio-test.svc.cluster.local`; the third field is the subset. */
export function clusterName(host: string, port: number, subset: string | null): string {
  return `outbound|${port}|${subset ?? ''}|${host}`;
}

/** The name of a cluster for a backend that is no Service. */
export const UNKNOWN_SERVICE = 'UnknownService';

/** Why there is no cluster of this name, without a full stop. @param exists whether there is one of that name */
export function whyNoCluster(name: string, exists: (name: string) => boolean): string {
  if (name === UNKNOWN_SERVICE) return 'the lab has no backend that is not a Service';
  const [, port, subset = '', host = ''] = name.split('|');
  return subset !== '' && exists(clusterName(host, Number(port), null))
    ? `no DestinationRule has the subset ${subset} of ${host}`
    : `the lab has no Service ${host} with port ${port}`;
}

/** The pods of a Service, of those with the subset's labels. */
export function podsOf(set: ManifestSet, service: LabService, subset: string | null): readonly LabPod[] {
  const defined = subset === null ? undefined : appliedRules(labRules(set), service).subsets.get(subset);
  const wanted = Object.entries(defined?.subset.labels ?? {});
  return service.pods.filter((pod) => wanted.every(([key, value]) => pod.labels[key] === value));
}
