/** Which pods the requests of a rule reach, and in what shares, as far as manifests show it. */
import { makeMatcher } from './labels/labels.js';
import type { Backend, Deployment, ManifestSet, RouteRule, Service } from './manifests/model.js';
import { resourceLabel } from './manifests/resource.js';
import type { ExpectedVersion } from './plan.js';
import { appliedRules, backendHost, type Client } from './policy/destination-rules.js';
import { selectedDeployments, serviceOf } from './policy/endpoint-count.js';

/** A part of the requests. */
export interface Portion {
  /** The expected version that answers; null: the manifests do not tell which. */
  readonly version: string | null;
  /** `Deployment istio-test/backend-v1`, or the backend if its Deployments are not known. */
  readonly name: string;
  /** Null: not known. */
  readonly pods: number | null;
  /** A fraction, if pods of one Service are used equally. */
  readonly share: number;
}

/** Pods that requests are sent to by one choice of the gateway or of the Service. */
interface Destination {
  readonly name: string;
  /** The version that the route calls so; null: it does not tell versions apart. */
  readonly version: string | null;
  /** A fraction. */
  readonly share: number;
  /** Empty: not known. */
  readonly deployments: readonly Deployment[];
}

/**
 * The portions of a rule with weights. A backend that is there twice is one destination.
 *
 * @param client the gateway's pods
 */
export function routePortions(
  set: ManifestSet,
  rule: RouteRule,
  client: Client,
  expected: readonly ExpectedVersion[],
): readonly Portion[] {
  const versionOf = versionMatcher(expected);
  const weighted = rule.backends.filter(({ weight }) => weight > 0);
  const total = weighted.reduce((sum, { weight }) => sum + weight, 0);
  const destinations = new Map<string, Destination>();
  for (const backend of weighted) {
    const { group, kind, namespace, refName, port, subset } = backend;
    const key = JSON.stringify([group, kind, namespace, refName, port, subset]);
    const share = backend.weight / total + (destinations.get(key)?.share ?? 0);
    const deployments = deploymentsOf(set, backend, client);
    destinations.set(key, { name: backend.name, version: versionOf([backend.name]), share, deployments });
  }
  return portionsOf([...destinations.values()], versionOf);
}

/**
 * The portions of a Service that has the pods of several versions: by their number.
 *
 * @returns null if no Service of the manifests has pods of two expected versions
 */
export function servicePortions(
  set: ManifestSet,
  expected: readonly ExpectedVersion[],
): { readonly service: Service; readonly portions: readonly Portion[] } | null {
  const versionOf = versionMatcher(expected);
  const found = set.services
    .map((service) => {
      const deployments = selectedDeployments(set, service, null);
      const name = resourceLabel(service.ref);
      return { service, portions: portionsOf([{ name, version: null, share: 1, deployments }], versionOf) };
    })
    .filter(({ portions }) => new Set(portions.flatMap(({ version }) => version ?? [])).size > 1);
  return found[0] ?? null;
}

function portionsOf(
  destinations: readonly Destination[],
  versionOf: (words: readonly string[]) => string | null,
): readonly Portion[] {
  const portions = new Map<string, Portion>();
  const add = (portion: Portion) => {
    const share = portion.share + (portions.get(portion.name)?.share ?? 0);
    portions.set(portion.name, { ...portion, share });
  };
  for (const { name, version, share, deployments } of destinations) {
    const pods = deployments.reduce((sum, { replicas }) => sum + replicas, 0);
    if (pods === 0) {
      add({ name, version, pods: deployments.length === 0 ? null : 0, share });
      continue;
    }
    for (const deployment of deployments) {
      const isShared = destinations.filter((one) => one.deployments.includes(deployment)).length > 1;
      add({
        name: resourceLabel(deployment.ref),
        version:
          version === null || isShared || deployments.length > 1
            ? (versionOf(wordsOf(deployment)) ?? (isShared ? null : version))
            : version,
        pods: deployment.replicas,
        share: (share * deployment.replicas) / pods,
      });
    }
  }
  return [...portions.values()];
}

function deploymentsOf(set: ManifestSet, backend: Backend, client: Client): readonly Deployment[] {
  const service = backend.kind === 'Service' ? serviceOf(set, backend) : undefined;
  if (service === undefined) return [];
  if (backend.subset === null) return selectedDeployments(set, service, null);
  const { namespace } = backend;
  const host = backendHost(backend);
  const { subsets } = appliedRules({ ...set, client }, { namespace, host: host ?? '' });
  const labels = subsets.get(backend.subset)?.subset.labels;
  return labels === undefined ? [] : selectedDeployments(set, service, labels);
}

/** What of a Deployment may name its version. */
function wordsOf({ ref, podLabels }: Deployment): string[] {
  const label = podLabels['version'] ?? podLabels['app.kubernetes.io/version'];
  return label === undefined ? [ref.name] : [ref.name, label];
}

/** The expected version that the first of the words stands for; null if none does. */
function versionMatcher(expected: readonly ExpectedVersion[]): (words: readonly string[]) => string | null {
  const match = makeMatcher(expected.map(({ name }) => ({ name, mapped: [] })));
  return (words) => {
    const found = words.map(match).find(({ kind }) => kind === 'match');
    return found?.kind === 'match' ? found.name : null;
  };
}

/** With the names of the expected versions: with `--expect v1=…`, the limits of `backend-v1` are those of `v1`. */
export function namedAs(version: string | null, expected: readonly ExpectedVersion[]): string | null {
  return version === null ? null : (versionMatcher(expected)([version]) ?? version);
}
