/** How many endpoints a backend has, as far as Services and Deployments show it. */
import type { Backend, ManifestSet, Service } from '../manifests/model.js';

type Labels = Readonly<Record<string, string>>;

/**
 * The replicas of the Deployments that the backend's Service selects, of those with the subset's labels.
 *
 * @param subsetLabels null without a subset
 * @returns null when the manifests have no such Service, it selects nothing, or they have no Deployment for it
 */
export function endpointCount(
  set: ManifestSet,
  backend: Pick<Backend, 'kind' | 'refName' | 'namespace'>,
  subsetLabels: Labels | null,
): number | null {
  if (backend.kind !== 'Service') return null;
  const service = serviceOf(set, backend);
  if (service === undefined || Object.keys(service.selector).length === 0) return null;
  const wanted = Object.entries({ ...service.selector, ...subsetLabels });
  const selected = set.deployments.filter(
    ({ ref, podLabels }) =>
      ref.namespace === service.ref.namespace && wanted.every(([key, value]) => podLabels[key] === value),
  );
  return selected.length === 0 ? null : selected.reduce((sum, { replicas }) => sum + replicas, 0);
}

/** The Service that the backend names, if the manifests have it. */
export function serviceOf(
  set: ManifestSet,
  { refName, namespace }: Pick<Backend, 'refName' | 'namespace'>,
): Service | undefined {
  return set.services.find(({ ref }) => ref.name === refName && ref.namespace === namespace);
}
