/** Which DestinationRules apply to a service, and in which order: the only place that decides it. */
import { compareText } from '../../collections.js';
import { compareAge } from '../manifests/age.js';
import type { Backend, DestinationRule, ManifestSet } from '../manifests/model.js';
import { covers, mostSpecific } from '../routes/hostnames.js';

/** A service, as DestinationRules name it. */
export interface ServiceName {
  readonly namespace: string;
  /** `backend-v1.istio-test.svc.cluster.local` */
  readonly host: string;
}

type Subset = DestinationRule['subsets'][number];

/** A subset, and the DestinationRule that defines it. */
interface DefinedSubset {
  readonly rule: DestinationRule;
  readonly subset: Subset;
}

/** The DestinationRules of a service, merged. */
export interface AppliedRules {
  /** All of them, the one that wins first. */
  readonly rules: readonly DestinationRule[];
  /** The one whose trafficPolicy holds; null when no rule has one. */
  readonly withPolicy: DestinationRule | null;
  /** By name, in the order of `rules`; of two with the same name the first holds. */
  readonly subsets: ReadonlyMap<string, DefinedSubset>;
}

/**
 * Istio merges the DestinationRules of one host: the first trafficPolicy and the first subset of each name
 * hold (istio/istio, pilot/pkg/model/destination_rule.go, `mergeDestinationRule`).
 */
export function appliedRules(set: Pick<ManifestSet, 'destinationRules'>, service: ServiceName): AppliedRules {
  const rules = rulesFor(set.destinationRules, service);
  const subsets = new Map<string, DefinedSubset>();
  for (const rule of rules) {
    for (const subset of rule.subsets) {
      if (!subsets.has(subset.name)) subsets.set(subset.name, { rule, subset });
    }
  }
  return { rules, withPolicy: rules.find((rule) => rule.trafficPolicy !== null) ?? null, subsets };
}

/**
 * The full host of a backend, as DestinationRules name it.
 *
 * @returns null for kinds that are not a Service: no DestinationRule applies to them
 */
export function backendHost(backend: Backend): string | null {
  const { host, group, kind, refName, namespace } = backend;
  if (host !== null) return fullHost(host.toLowerCase(), namespace);
  if (group === 'networking.istio.io' && kind === 'Hostname') return refName;
  return group === '' && kind === 'Service' ? serviceHost(refName, namespace) : null;
}

/** `backend-v1.istio-test.svc.cluster.local` */
export function serviceHost(name: string, namespace: string): string {
  return `${name}.${namespace}.svc.cluster.local`;
}

/**
 * Istio completes only hosts without a dot; `backend.istio-test` is taken as a full name and matches no
 * Kubernetes Service (istio/istio, pilot/pkg/model/config.go, `ResolveShortnameToFQDN`).
 */
function fullHost(host: string, namespace: string): string {
  return host.includes('.') || host === '*' ? host : serviceHost(host, namespace);
}

/**
 * Istio looks in one namespace at a time, the service's before others, and takes the most specific host that
 * it finds there (pilot/pkg/model/push_context.go, `destinationRule`). Its first look, into the gateway's own
 * namespace, is not made: the gateway is not known here. Older rules come first, then names decide
 * (`sortConfigBySelectorAndCreationTime`).
 */
function rulesFor(rules: readonly DestinationRule[], service: ServiceName): readonly DestinationRule[] {
  const matching = rules.filter((rule) => covers(hostOf(rule), service.host));
  const own = matching.filter(({ ref }) => ref.namespace === service.namespace);
  const candidates = own.length > 0 ? own : matching;
  const best = mostSpecific(candidates.map(hostOf), service.host);
  return candidates
    .filter((rule) => hostOf(rule) === best)
    .sort(
      ({ ref: a }, { ref: b }) =>
        compareAge(a, b) || compareText(a.name, b.name) || compareText(a.namespace, b.namespace),
    );
}

function hostOf({ host, ref }: DestinationRule): string {
  return fullHost(host, ref.namespace);
}
