/**
 * Services of one split that select the same pods. Argo Rollouts tells them apart on the cluster: it adds a hash of the
 * Rollout's to the selector of each.
 */
import type { ManifestSet } from '../../plan/manifests/model.js';
import { backendHost } from '../../plan/policy/destination-rules.js';
import { printable } from '../../text/printable.js';
import { type PlannedService, selects } from './planned-services.js';

/** The label whose value Argo Rollouts sets. */
const HASH_LABEL = 'rollouts-pod-template-hash';

export interface SeparatedServices {
  /** All services, in their order. */
  readonly services: readonly PlannedService[];
  /** Those among them that were given a selector of their own. */
  readonly separated: readonly PlannedService[];
}

/**
 * Gives each Service of a split that shares its selector with another one a selector of its own, unless Deployments have pods
 * for them: then the manifests say which pods there are.
 *
 * @param defaults gets a line for each such group
 */
export function separateServices(
  set: ManifestSet,
  services: readonly PlannedService[],
  defaults: string[],
): SeparatedServices {
  const sharing = new Set<PlannedService>();
  for (const group of sharedIn(set, services)) {
    const [first] = group as [PlannedService];
    if (group.every((service) => sharing.has(service))) continue;
    const names = group.map(({ name }) => printable(name)).join(' and ');
    const hasPods = set.deployments.some(
      ({ ref, podLabels }) => ref.namespace === first.namespace && selects(first.selector, podLabels),
    );
    if (hasPods) {
      defaults.push(`Services ${names} select the same pods: here they answer alike, whichever is drawn`);
      continue;
    }
    defaults.push(
      `pods: Services ${names} select the same ones, which only Argo Rollouts tells apart (${HASH_LABEL}): each has its own here`,
    );
    for (const service of group) sharing.add(service);
  }
  const changed = services.map((service) =>
    sharing.has(service)
      ? { ...service, selector: { ...service.selector, [HASH_LABEL]: service.name } }
      : service,
  );
  return { services: changed, separated: changed.filter((service) => !services.includes(service)) };
}

/** Groups of at least two Services of one rule that have the same selector. */
function sharedIn(set: ManifestSet, services: readonly PlannedService[]): PlannedService[][] {
  return set.routes.flatMap(({ rules }) =>
    rules.flatMap(({ backends }) => {
      const hosts = new Set(backends.map(backendHost));
      const groups = new Map<string, PlannedService[]>();
      for (const service of services.filter(({ host }) => hosts.has(host))) {
        if (Object.keys(service.selector).length === 0) continue;
        const key = JSON.stringify([service.namespace, Object.entries(service.selector).sort()]);
        groups.set(key, [...(groups.get(key) ?? []), service]);
      }
      return [...groups.values()].filter(({ length }) => length > 1);
    }),
  );
}
