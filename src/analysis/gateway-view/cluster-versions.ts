/** Finds the version of a cluster of the gateway, by its name. */
import { makeMatcher } from '../../plan/labels/labels.js';

/** The version of a cluster. `unknown`: names do not show it, so it may be any version; `foreign`: not a version of the run. */
export type ClusterMeans =
  | { readonly kind: 'version'; readonly version: string }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'foreign' };

/**
 * The versions of clusters, by their names. Istio's names are `outbound|80|SUBSET|SERVICE.NAMESPACE.svc.cluster.local`.
 * Service and subset give the name that manifests use for the version. If no version has that name, one of the two names may
 * be a word of the other, such as `backend-v1` in `hello from backend-v1`. If this finds a version for some clusters, the
 * others do not belong to the run.
 *
 * @param versions all that the run lists
 */
export function clusterVersions(
  clusters: Iterable<string>,
  versions: readonly string[],
): ReadonlyMap<string, ClusterMeans> {
  const names = new Map([...new Set(clusters)].map((cluster) => [cluster, namesOf(cluster)]));
  const found = new Map<string, string>();
  const toVersion = makeMatcher(versions.map(unmapped));
  for (const [cluster, texts] of names) {
    const exact = texts.find((text) => versions.includes(text));
    const matches = exact === undefined ? texts.map(toVersion) : [];
    const match = matches.find(({ kind }) => kind === 'match');
    const version = exact ?? (match?.kind === 'match' ? match.name : undefined);
    if (version !== undefined) found.set(cluster, version);
  }
  if (found.size === 0) {
    const toCluster = makeMatcher([...names.values()].flat().map(unmapped));
    for (const version of versions) {
      const match = toCluster(version);
      if (match.kind !== 'match') continue;
      for (const [cluster, texts] of names) if (texts.includes(match.name)) found.set(cluster, version);
    }
  }
  return new Map(
    [...names.keys()].map((cluster): [string, ClusterMeans] => {
      const version = found.get(cluster);
      if (version !== undefined) return [cluster, { kind: 'version', version }];
      return [cluster, { kind: found.size > 0 ? 'foreign' : 'unknown' }];
    }),
  );
}

/** What manifests may call the cluster, the best name first. */
function namesOf(cluster: string): string[] {
  const [direction, , subset, host] = cluster.split('|');
  if (host === undefined || direction !== 'outbound') return [cluster];
  const [service = host] = host.split('.');
  return subset === '' || subset === undefined ? [service] : [`${service}-${subset}`, subset];
}

function unmapped(name: string): { name: string; mapped: readonly string[] } {
  return { name, mapped: [] };
}
