/** Which DestinationRules a gateway applies to a service: the only place that decides it. */
import type { Backend, DestinationRule, ManifestSet } from '../manifests/model.js';
import { fullHost, serviceHost } from '../manifests/service-host.js';
import { covers, mostSpecific } from '../routes/hostnames.js';
import { exportedTo, isPartOf, type MergedRules, mergedRules } from './merged-rules.js';
import { type MeshSettings, meshSettings } from './mesh-settings.js';

/** A service, as DestinationRules name it. */
export interface ServiceName {
  readonly namespace: string;
  /** `backend-v1.istio-test.svc.cluster.local` */
  readonly host: string;
}

/** The pods that send the requests on: those of the gateway. */
export interface Client {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** The DestinationRules of the manifests, and who asks for them. */
export interface ClientRules
  extends Pick<ManifestSet, 'destinationRules' | 'meshConfigs' | 'retryBudgets' | 'istio'> {
  readonly client: Client;
}

/** The DestinationRules of a service, merged. */
export type AppliedRules = Pick<MergedRules, 'rules' | 'withPolicy' | 'subsets'>;

const NONE: AppliedRules = { rules: [], withPolicy: null, subsets: new Map() };

/**
 * Istio looks into the client's namespace, then into the service's, then into the root namespace, and takes what it finds
 * first: nothing is merged across namespaces. In the client's namespace it takes rules that are for it (in the root
 * namespace only those that are for it alone), in the other two those that are exported and, of these, the ones whose
 * exportTo reaches the client. In each namespace only the most specific host counts, even if its rules then turn out not
 * to be for this client (istio/istio 1.32, pilot/pkg/model/push_context.go, `destinationRule` and `setDestinationRules`).
 */
export function appliedRules(rules: ClientRules, service: ServiceName): AppliedRules {
  const { client, destinationRules } = rules;
  const mesh = meshSettings(rules);
  const inNamespace = (name: string) => destinationRules.filter(({ ref }) => ref.namespace === name);
  const own = inNamespace(client.namespace).filter(
    client.namespace === mesh.rootNamespace ? (rule) => isPrivate(rule, mesh) : isForOwnNamespace,
  );
  const found = forHost(own, service.host);
  if (found.length > 0) return chosen(found, client);
  for (const namespace of [service.namespace, mesh.rootNamespace]) {
    const exported = inNamespace(namespace).filter((rule) => !isPrivate(rule, mesh));
    const reaching = forHost(exported, service.host).filter((merged) => reaches(merged.exportTo, client));
    if (reaching.length > 0) return chosen(reaching, client);
  }
  return NONE;
}

/** Why a DestinationRule whose host covers the service's is not among those that are applied, as the end of a sentence. */
export function whyNotApplied(rules: ClientRules, service: ServiceName, rule: DestinationRule): string {
  const { client } = rules;
  const mesh = meshSettings(rules);
  const { namespace } = rule.ref;
  const isOwn = namespace === client.namespace;
  if (rule.workloadSelector !== null && !isOwn) {
    return `a rule with a workloadSelector is only for pods of its own namespace, and the gateway runs in ${client.namespace}`;
  }
  if (rule.workloadSelector !== null && !isPartOf(rule.workloadSelector, client.labels)) {
    return "its workloadSelector does not select the gateway's pods";
  }
  const looked = [...new Set([client.namespace, service.namespace, mesh.rootNamespace])];
  if (!looked.includes(namespace)) {
    return `the gateway runs in ${client.namespace} and looks for rules only in ${looked.join(', ')}`;
  }
  if (isOwn ? !isForOwnNamespace(rule) : isPrivate(rule, mesh) || !reaches(exportedTo(rule), client)) {
    return `its exportTo does not reach the gateway's namespace, ${client.namespace}`;
  }
  const [winner] = appliedRules(rules, service).rules;
  return winner === undefined
    ? 'another rule for the host, which is not for the gateway, hides it'
    : `Istio takes DestinationRule ${winner.ref.namespace}/${winner.ref.name}, which comes first`;
}

/** Whether a DestinationRule names the service, by its full name, a short name or a wildcard. */
export function namesService(rule: DestinationRule, { host }: ServiceName): boolean {
  return covers(hostOf(rule), host);
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

function hostOf({ host, ref }: DestinationRule): string {
  return fullHost(host, ref.namespace);
}

/** The rules of the most specific host that covers this one, merged; empty if there is none. */
function forHost(rules: readonly DestinationRule[], host: string): readonly MergedRules[] {
  const best = mostSpecific(rules.map(hostOf), host);
  return best === null ? [] : mergedRules(rules.filter((rule) => hostOf(rule) === best));
}

/** Of several, the one that selects the client's pods; else the last of those that are for all pods (sidecar.go, `DestinationRule`). */
function chosen(found: readonly MergedRules[], { labels }: Client): AppliedRules {
  return (
    found.find(({ selector }) => selector !== null && isPartOf(selector, labels)) ??
    found.findLast(({ selector }) => selector === null) ??
    NONE
  );
}

function isForOwnNamespace(rule: DestinationRule): boolean {
  const exportTo = exportedTo(rule);
  return exportTo.size === 0 || ['*', '.', rule.ref.namespace].some((name) => exportTo.has(name));
}

/** Whether it is for its own namespace alone. */
function isPrivate(rule: DestinationRule, { privateByDefault }: MeshSettings): boolean {
  const exportTo = exportedTo(rule);
  if (exportTo.size === 0) return privateByDefault;
  return exportTo.size === 1 && (exportTo.has('.') || exportTo.has(rule.ref.namespace));
}

function reaches(exportTo: ReadonlySet<string>, { namespace }: Client): boolean {
  return exportTo.size === 0 || exportTo.has('*') || exportTo.has(namespace);
}
