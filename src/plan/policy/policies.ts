/** Which DestinationRules apply to the backends of a rule. */

import { printable } from '../../text/printable.js';
import type { Backend, DestinationRule, ManifestSet, RouteRule } from '../manifests/model.js';
import { resourceLabel } from '../manifests/resource.js';
import type { KeptPolicy, Note } from '../plan.js';
import { covers } from '../routes/hostnames.js';
import { fullServiceHost } from './policy.js';

/**
 * The traffic policies of the DestinationRules that apply to a rule's backends, as they were read: the rule's
 * own, and that of the subset where a backend has one. A host without dots is a Service in the
 * DestinationRule's namespace; any other is a full name and may begin with `*` (Istio's rule for short
 * names); of several the most specific applies.
 *
 * @returns the policies, and a note for a host such as `backend.namespace`, which Istio takes as a full name,
 *   so that it applies to nothing
 */
export function keptPolicies(
  set: ManifestSet,
  rule: RouteRule,
): { policies: readonly KeptPolicy[]; notes: readonly Note[] } {
  const policies = new Map<string, KeptPolicy>();
  const notes = new Map<string, Note>();
  for (const backend of rule.backends) {
    const host = fullHost(backend);
    if (host === null) continue;
    const best = set.destinationRules
      .filter((destination) => covers(fullDestination(destination), host))
      .sort((a, b) => specificity(b) - specificity(a))[0];
    if (best !== undefined) for (const kept of policiesOf(best, backend)) policies.set(key(kept), kept);
    for (const destination of set.destinationRules) {
      if (!isHalfName(destination, host)) continue;
      const text = `${sourceOf(destination)}: its host ${destination.host} is not a full name, so Istio applies it to no Service. Write ${host}.`;
      notes.set(text, { code: 'destination-rule-host', text });
    }
  }
  return { policies: [...policies.values()], notes: [...notes.values()] };
}

function policiesOf(destination: DestinationRule, backend: Backend): KeptPolicy[] {
  const source = sourceOf(destination);
  const kept: KeptPolicy[] = [];
  if (destination.trafficPolicy !== null) {
    const { host, trafficPolicy } = destination;
    kept.push({ source, host, subset: null, trafficPolicy });
  }
  const subset = destination.subsets.find(({ name }) => name === backend.subset);
  if (subset !== undefined && subset.trafficPolicy !== null) {
    kept.push({
      source,
      host: destination.host,
      subset: subset.name,
      trafficPolicy: subset.trafficPolicy,
    });
  }
  return kept;
}

function key({ source, subset }: KeptPolicy): string {
  return JSON.stringify([source, subset]);
}

/** `DestinationRule istio-test/backend (file, line 3)` */
export function sourceOf({ ref }: Pick<DestinationRule, 'ref'>): string {
  return `${resourceLabel(ref)} (${printable(ref.source.file, 300)}, line ${ref.source.line})`;
}

/** A backend's full name as DestinationRules know it; null for kinds that are no Service: none applies to them. */
export function fullHost(backend: Backend): string | null {
  if (backend.kind === 'Hostname') return backend.refName;
  if (backend.kind !== 'Service' || backend.group !== '') return null;
  return `${backend.refName}.${backend.namespace}.svc.cluster.local`;
}

function fullDestination({ host, ref }: DestinationRule): string {
  return fullServiceHost(host, ref.namespace);
}

function specificity({ host }: DestinationRule): number {
  return host.startsWith('*') ? host.length : Number.MAX_SAFE_INTEGER;
}

function isHalfName(destination: DestinationRule, host: string): boolean {
  const { host: given } = destination;
  return given.includes('.') && given !== host && !given.startsWith('*') && host.startsWith(`${given}.`);
}
