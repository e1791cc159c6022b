/** From manifests to the services and pods that the lab is to have. */
import { UserError } from '../../errors.js';
import { isOfIstio } from '../../plan/gateways/find-istio.js';
import type { ManifestSet } from '../../plan/manifests/model.js';
import { fromRoutes, fromService, selects } from './planned-services.js';
import { separateServices } from './shared-selectors.js';
import type { LabService } from './topology.js';
import { fromDeployment, makeWorkloads, namePods, type PlannedPod } from './workloads.js';

export interface TopologyPlan {
  readonly services: readonly (Omit<LabService, 'pods'> & { readonly pods: readonly PlannedPod[] })[];
  /** Values that no manifest sets, one readable line each. */
  readonly defaults: readonly string[];
}

/** More pods would only take ports and time. */
const MAX_PODS = 200;
/**
 * Plans the lab's services and pods. Services and Deployments are taken as they are, a Service picking the
 * pods of its namespace by its selector. Without any Service every backend of a route gets one; without any
 * Deployment every Service gets pods: three for the first, two for each other one. So do Services of a split that select
 * the same pods, of which no Deployment has any.
 *
 * @throws UserError when the pods would be too many
 */
export function planTopology(set: ManifestSet): TopologyPlan {
  const defaults: string[] = [];
  const given = set.services.length > 0 ? set.services.map(fromService) : fromRoutes(set, defaults);
  const { services, separated } = separateServices(set, given, defaults);
  // Pods of the gateway are no backends.
  const apps = set.deployments.filter((deployment) => !isOfIstio(deployment));
  const workloads = [
    ...apps.map(fromDeployment),
    ...makeWorkloads(set, apps.length > 0 ? separated : services, defaults),
  ];
  const total = workloads.reduce((sum, { replicas }) => sum + replicas, 0);
  if (total > MAX_PODS) {
    throw new UserError(
      `The Deployments ask for ${total} pods; the lab starts at most ${MAX_PODS}. Lower spec.replicas.`,
    );
  }
  const pods = namePods(workloads);
  return {
    services: services.map(({ selector, ...service }) => ({
      ...service,
      pods: pods.filter((pod) => pod.namespace === service.namespace && selects(selector, pod.labels)),
    })),
    defaults,
  };
}
