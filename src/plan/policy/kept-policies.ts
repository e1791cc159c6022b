/** Which DestinationRules apply to the backends of a rule. */

import { printable } from '../../text/printable.js';
import type { Backend, DestinationRule, ManifestSet, RouteRule } from '../manifests/model.js';
import { resourceLabel } from '../manifests/resource.js';
import type { KeptPolicy, Note } from '../plan.js';
import { appliedRules, backendHost } from './destination-rules.js';

/**
 * The traffic policies that apply to a rule's backends, as they were read: that of the DestinationRule and, where
 * a backend has a subset, the subset's.
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
    const host = backendHost(backend);
    if (host === null) continue;
    for (const kept of policiesOf(set, backend, host)) policies.set(key(kept), kept);
    for (const destination of set.destinationRules) {
      if (!isHalfName(destination, host)) continue;
      const text = `${sourceOf(destination)}: its host ${destination.host} is not a full name, so Istio applies it to no Service. Write ${host}.`;
      notes.set(text, { code: 'destination-rule-host', text });
    }
  }
  return { policies: [...policies.values()], notes: [...notes.values()] };
}

function policiesOf(set: ManifestSet, { namespace, subset: name }: Backend, host: string): KeptPolicy[] {
  const { withPolicy, subsets } = appliedRules(set, { namespace, host });
  const kept: KeptPolicy[] = [];
  if (withPolicy !== null) {
    const trafficPolicy = withPolicy.trafficPolicy?.plainMap();
    kept.push({ source: sourceOf(withPolicy), host: withPolicy.host, subset: null, trafficPolicy });
  }
  const defined = name === null ? undefined : subsets.get(name);
  if (defined !== undefined && defined.subset.trafficPolicy !== null) {
    const { rule, subset } = defined;
    const trafficPolicy = subset.trafficPolicy?.plainMap();
    kept.push({ source: sourceOf(rule), host: rule.host, subset: subset.name, trafficPolicy });
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

function isHalfName(destination: DestinationRule, host: string): boolean {
  const { host: given } = destination;
  return given.includes('.') && given !== host && !given.startsWith('*') && host.startsWith(`${given}.`);
}
