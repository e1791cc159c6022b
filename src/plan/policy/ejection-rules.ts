/** What ejections are compared with, as the DestinationRules of manifests have it. */

import type { ManifestSet, RouteRule } from '../manifests/model.js';
import type { EjectionRule, Note } from '../plan.js';
import { backendPort } from './backend-port.js';
import { backendHost, type Client } from './destination-rules.js';
import { detectionNotes } from './detection-notes.js';
import { effectiveOutlierRule } from './effective-policy.js';
import { ejectionRuleFrom } from './ejection-rule.js';
import { endpointCount } from './endpoint-count.js';
import { sourceOf } from './kept-policies.js';
import { sharedEndpointsNote } from './shared-endpoints.js';

/**
 * The rule of each backend that has outlier detection, merged as istiod does, by the backend's name.
 *
 * @param client the gateway's pods
 * @returns the rules, and notes on what is in force though nobody wrote it
 * @throws UserError for a value of the wrong type or out of range, naming resource and field
 */
export function ejectionRulesOf(
  set: ManifestSet,
  rule: RouteRule,
  client: Client,
): { rules: readonly EjectionRule[]; notes: readonly Note[] } {
  const rules = new Map<string, EjectionRule>();
  const notes = new Map<string, Note>();
  for (const backend of rule.backends) {
    const host = backendHost(backend);
    if (host === null || rules.has(backend.name)) continue;
    const { namespace, subset } = backend;
    const port = backendPort(set, backend);
    const found = effectiveOutlierRule({ ...set, client }, { namespace, host }, port, subset);
    if (found === null) continue;
    const { detection, from, subsetLabels, remarks } = found;
    const source = sourceOf({ ref: from });
    const shared = sharedEndpointsNote(rule, backend, source);
    if (shared !== null) {
      notes.set(shared.text, shared);
      continue;
    }
    const endpoints = endpointCount(set, backend, subsetLabels);
    rules.set(
      backend.name,
      ejectionRuleFrom(detection, { version: backend.name, scope: 'version', source, endpoints }),
    );
    const all = [
      ...remarks.map((text): Note => ({ code: 'ejection-rule', text: `${text}.` })),
      ...detectionNotes(detection, source, 'minHealthPercent', set.istio),
    ];
    for (const note of all) notes.set(note.text, note);
  }
  return { rules: [...rules.values()], notes: [...notes.values()] };
}
