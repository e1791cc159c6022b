/** Which DestinationRules apply to the backends of a rule. */

import { printable } from '../../text/printable.js';
import { holdsInIstio, nameIstio } from '../gateways/istio-versions.js';
import type { DestinationRule, ManifestSet, RouteRule } from '../manifests/model.js';
import { resourceLabel } from '../manifests/resource.js';
import type { KeptPolicy, Note } from '../plan.js';
import { type ActiveStanding, budgetStanding } from './budget-standing.js';
import {
  appliedRules,
  backendHost,
  type Client,
  type ClientRules,
  namesService,
  type ServiceName,
  whyNotApplied,
} from './destination-rules.js';
import { meshSettings } from './mesh-settings.js';
import { budgetInWords, readRetryConstraint } from './retry-budget.js';

/** A service that a rule's backend is, and the subset that is asked for. */
interface Asked extends ServiceName {
  readonly subset: string | null;
}

/**
 * The traffic policies that apply to a rule's backends, as they were read: the mesh's default, that of the DestinationRule
 * and, where a backend has a subset, the subset's.
 *
 * @param client the gateway's pods
 * @returns the policies, and notes on DestinationRules that name a backend and do not apply to it
 */
export function keptPolicies(
  set: ManifestSet,
  rule: RouteRule,
  client: Client,
): { policies: readonly KeptPolicy[]; notes: readonly Note[] } {
  const rules = { ...set, client };
  const policies = new Map<string, KeptPolicy>();
  const notes = new Map<string, Note>();
  const services = servicesOf(rule);
  const mesh = meshSettings(set).config;
  if (mesh !== null && mesh.defaultTrafficPolicy !== null && services.length > 0) {
    const trafficPolicy = mesh.defaultTrafficPolicy.plainMap();
    const kept = {
      source: sourceOf(mesh),
      host: '*',
      subset: null,
      trafficPolicy,
      scope: 'version' as const,
    };
    policies.set(key(kept), kept);
  }
  const unknown = unknownDefaults(set);
  if (unknown !== null && services.length > 0) notes.set(unknown.text, unknown);
  for (const asked of services) {
    for (const kept of policiesOf(rules, asked)) policies.set(key(kept), kept);
    const budget = budgetOf(rules, asked);
    if (budget?.kept) policies.set(key(budget.kept), budget.kept);
    if (budget) notes.set(budget.note.text, budget.note);
    for (const note of notesOn(rules, asked)) notes.set(note.text, note);
  }
  return { policies: [...policies.values()], notes: [...notes.values()] };
}

/** Says that the version of Istio does not know the mesh's default policy; null if it does, or if there is none. */
function unknownDefaults({ meshConfigs = [], istio }: ManifestSet): Note | null {
  const written = meshConfigs.at(-1);
  if (istio === undefined || !written?.defaultTrafficPolicy) return null;
  if (holdsInIstio('defaultTrafficPolicy', istio)) return null;
  const text = `defaultTrafficPolicy of ${sourceOf(written)} is not known to ${nameIstio(istio)}, and does not apply.`;
  return { code: 'policy-unused', text };
}

/** The Services among a rule's backends. */
export function servicesOf({ backends }: RouteRule): readonly Asked[] {
  return backends.flatMap((backend) => {
    const host = backendHost(backend);
    return host === null ? [] : [{ host, namespace: backend.namespace, subset: backend.subset }];
  });
}

function policiesOf(rules: ClientRules, asked: Asked): KeptPolicy[] {
  const { withPolicy, subsets } = appliedRules(rules, asked);
  const kept: KeptPolicy[] = [];
  if (withPolicy !== null && budgetStanding(rules, asked)?.kind !== 'alone') {
    const trafficPolicy = withPolicy.trafficPolicy?.plainMap();
    const source = sourceOf(withPolicy);
    kept.push({ source, host: withPolicy.host, subset: null, trafficPolicy, scope: 'version' });
  }
  const defined = asked.subset === null ? undefined : subsets.get(asked.subset);
  if (defined !== undefined && defined.subset.trafficPolicy !== null) {
    const { rule, subset } = defined;
    const trafficPolicy = subset.trafficPolicy?.plainMap();
    const source = sourceOf(rule);
    kept.push({ source, host: rule.host, subset: subset.name, trafficPolicy, scope: 'version' });
  }
  return kept;
}

/** The XBackendTrafficPolicy of a service, if it has one, and what it does. */
function budgetOf(rules: ClientRules, asked: Asked): { kept: KeptPolicy | null; note: Note } | null {
  const standing = budgetStanding(rules, asked);
  if (standing === null) return null;
  const { policy, kind } = standing;
  const source = sourceOf(policy);
  if (kind === 'hidden') {
    const text = `${source} does not apply to ${asked.host}: ${resourceLabel(standing.by.ref)} ${standing.why}.`;
    return { kept: null, note: { code: 'policy-unused', text } };
  }
  const text = `${source}: ${budgetInWords(readRetryConstraint(policy.constraint))} (retries to ${asked.host}). Istio applies it only with PILOT_ENABLE_ALPHA_GATEWAY_API, and takes minRetryRate for a number at once.${besideRule(rules, standing)}`;
  const trafficPolicy = { retryConstraint: policy.constraint.plainMap() };
  const kept = { source, host: asked.host, subset: null, trafficPolicy, scope: 'version' } as const;
  return { kept, note: { code: 'policy', text } };
}

/** What of the service's DestinationRule applies beside the budget, as far as the version of Istio decides it. */
function besideRule({ istio }: ClientRules, standing: ActiveStanding): string {
  if (standing.kind === 'alone') {
    return ` The trafficPolicy of ${resourceLabel(standing.over.ref)} does not apply: ${standing.why}.`;
  }
  if (standing.beside === null || istio !== undefined) return '';
  return ` Before 1.31, of it and ${resourceLabel(standing.beside.ref)} only the older one applies, as a whole.`;
}

function notesOn(rules: ClientRules, asked: Asked): Note[] {
  const { rules: applied, withPolicy } = appliedRules(rules, asked);
  return rules.destinationRules.flatMap((rule): Note[] => {
    if (isHalfName(rule, asked.host)) {
      const text = `${sourceOf(rule)}: its host ${rule.host} is not a full name, so Istio applies it to no Service. Write ${asked.host}.`;
      return [{ code: 'destination-rule-host', text }];
    }
    if (!namesService(rule, asked)) return [];
    if (!applied.includes(rule)) {
      // That a wildcard gives way is what wildcards are for.
      if (rule.host.startsWith('*') && applied.length > 0) return [];
      const text = `${sourceOf(rule)} does not apply to ${asked.host}: ${whyNotApplied(rules, asked, rule)}.`;
      return [{ code: 'destination-rule-unused', text }];
    }
    if (rule.trafficPolicy === null || withPolicy === rule || withPolicy === null) return [];
    const text = `The trafficPolicy of ${sourceOf(rule)} does not apply to ${asked.host}: ${resourceLabel(withPolicy.ref)} has one and comes first, and Istio does not merge them.`;
    return [{ code: 'destination-rule-unused', text }];
  });
}

function key({ source, host, subset }: KeptPolicy): string {
  return JSON.stringify([source, host, subset]);
}

/** `DestinationRule istio-test/backend (file, line 3)` */
export function sourceOf({ ref }: Pick<DestinationRule, 'ref'>): string {
  return `${resourceLabel(ref)} (${printable(ref.source.file, 300)}, line ${ref.source.line})`;
}

function isHalfName(destination: DestinationRule, host: string): boolean {
  const { host: given } = destination;
  return given.includes('.') && given !== host && !given.startsWith('*') && host.startsWith(`${given}.`);
}
