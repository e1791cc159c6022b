/** The pods that a name means: a version of the routes, a label, a service or a pod. */
import type { ManifestSet } from '../../plan/manifests/model.js';
import { podsOf } from './clusters.js';
import { resolveBackend } from './destinations.js';
import type { Topology } from './topology.js';

/** Name → names of its pods. */
export type PodGroups = ReadonlyMap<string, readonly string[]>;

/** The versions: what the routes' backends are called in reports. */
export function podsByVersion(set: ManifestSet, topology: Topology): PodGroups {
  const versions = new Map<string, readonly string[]>();
  for (const route of set.routes) {
    for (const backend of route.rules.flatMap((rule) => rule.backends)) {
      const { service, subset } = resolveBackend(backend, topology, 80);
      const pods = service === null ? [] : podsOf(set, service, subset);
      const known = versions.get(backend.name) ?? [];
      versions.set(backend.name, [...new Set([...known, ...pods.map(({ name }) => name)])]);
    }
  }
  return versions;
}

/** Everything that a fault can name. The same name means a pod before a label, a version or a service. */
export function faultTargets(set: ManifestSet, topology: Topology): PodGroups {
  const pods = topology.services.flatMap((service) => service.pods);
  const targets = new Map<string, readonly string[]>();
  for (const service of topology.services) {
    targets.set(
      service.name,
      service.pods.map(({ name }) => name),
    );
  }
  for (const [version, names] of podsByVersion(set, topology)) targets.set(version, names);
  for (const label of new Set(pods.flatMap(({ labels }) => labels.version ?? []))) {
    const labelled = pods.filter(({ labels }) => labels.version === label);
    targets.set(label, [...new Set(labelled.map(({ name }) => name))]);
  }
  for (const { name } of pods) targets.set(name, [name]);
  targets.set('*', [...new Set(pods.map(({ name }) => name))]);
  return targets;
}
