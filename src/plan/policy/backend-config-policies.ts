/** What BackendConfigPolicies of kgateway make of a rule: policies that are kept, ejection rules, notes. */
import type { ManifestSet, Route, RouteRule } from '../manifests/model.js';
import { resourceLabel } from '../manifests/resource.js';
import type { EjectionRule, KeptPolicy, Note } from '../plan.js';
import { detectionNotes } from './detection-notes.js';
import { ejectionRuleFrom } from './ejection-rule.js';
import { endpointCount } from './endpoint-count.js';
import { sourceOf } from './kept-policies.js';
import { detectionOfBackend, policiesOfBackend } from './kgateway-policy.js';
import type { AppliedPolicies } from './rule-policies.js';
import { sharedEndpointsNote } from './shared-endpoints.js';
import { notesOnSelecting, policiesOfKind } from './unused-policies.js';

/** @throws UserError for a value of the wrong type or out of range, naming resource and field */
export function backendConfigPolicies(set: ManifestSet, _route: Route, rule: RouteRule): AppliedPolicies {
  const all = policiesOfKind(set, 'BackendConfigPolicy');
  const policies = new Map<string, KeptPolicy>();
  const ejection = new Map<string, EjectionRule>();
  const notes = new Map(notesOnSelecting(all).map((note) => [note.text, note]));
  const say = (note: Note) => notes.set(note.text, note);
  for (const backend of rule.backends) {
    const applied = policiesOfBackend(all, backend);
    const { kind, namespace, refName, name: version } = backend;
    const host = resourceLabel({ kind, namespace, name: refName });
    for (const policy of applied) {
      const { targetRefs: _, targetSelectors: __, ...trafficPolicy } = policy.spec.plainMap() ?? {};
      const source = sourceOf(policy);
      policies.set(`${source} ${host}`, { source, host, subset: null, trafficPolicy, scope: 'version' });
    }
    if (applied.length > 1) {
      const text = `${host} has ${applied.length} BackendConfigPolicies. Each field is taken from the first one that has it (kgateway 2.4, commit 934d0c3), in this order: ${applied.map(({ ref }) => resourceLabel(ref)).join(', ')}.`;
      say({ code: 'policy', text });
    }
    const found = detectionOfBackend(applied);
    if (found === null || ejection.has(version)) continue;
    const { detection, from, enforcedPercent } = found;
    const source = sourceOf(from);
    const shared = sharedEndpointsNote(rule, backend, source);
    if (shared !== null) {
      say(shared);
      continue;
    }
    if (enforcedPercent < 100) {
      const text = `${source}: only ${enforcedPercent} % of ejections are carried out (enforcingConsecutive5xx). Ejections are not compared with it.`;
      say({ code: 'ejection-rule', text });
      continue;
    }
    const endpoints = endpointCount(set, backend, null);
    ejection.set(version, ejectionRuleFrom(detection, { version, scope: 'version', source, endpoints }));
    for (const note of detectionNotes(detection, source, 'loadBalancer.healthyPanicThreshold')) say(note);
  }
  return { policies: [...policies.values()], ejection: [...ejection.values()], notes: [...notes.values()] };
}
