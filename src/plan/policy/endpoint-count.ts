/** How many endpoints a backend has, as far as Services and Deployments show it. */
import type { Backend, Deployment, ManifestSet, Service } from '../manifests/model.js';

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
  const service = backend.kind === 'Service' ? serviceOf(set, backend) : undefined;
  if (service === undefined) return null;
  const selected = selectedDeployments(set, service, subsetLabels);
  return selected.length === 0 ? null : selected.reduce((sum, { replicas }) => sum + replicas, 0);
}

/** The Deployments whose pods a Service selects, of those with the subset's labels; none for a Service without selector. */
export function selectedDeployments(
  set: ManifestSet,
  { ref: { namespace }, selector }: Service,
  subsetLabels: Labels | null,
): readonly Deployment[] {
  if (Object.keys(selector).length === 0) return [];
  const wanted = Object.entries({ ...selector, ...subsetLabels });
  return set.deployments.filter(
    ({ ref, podLabels }) =>
      ref.namespace === namespace && wanted.every(([key, value]) => podLabels[key] === value),
  );
}

/** The Service that the backend names, if the manifests have it. */
export function serviceOf(
  set: ManifestSet,
  { refName, namespace }: Pick<Backend, 'refName' | 'namespace'>,
): Service | undefined {
  return set.services.find(({ ref }) => ref.name === refName && ref.namespace === namespace);
}
