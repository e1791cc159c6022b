/** Subsets that a rule sends requests to and no DestinationRule of the manifests has. */
import { sum } from '../../collections.js';
import { printable } from '../../text/printable.js';
import { describeRule } from '../manifests/describe.js';
import type { ManifestSet, Route, RouteRule } from '../manifests/model.js';
import type { Note } from '../plan.js';
import { appliedRules, backendHost, type Client, namesService } from './destination-rules.js';

/**
 * A note for each such subset. Istio answers its share with an empty 503 (pilot/pkg/networking/core/route: the cluster is named
 * and does not exist).
 *
 * @param client the gateway's pods
 */
export function missingSubsets(
  set: ManifestSet,
  { route, rule }: { readonly route: Route; readonly rule: RouteRule },
  client: Client,
): readonly Note[] {
  const total = sum(rule.backends.map(({ weight }) => weight));
  const notes = new Map<string, Note>();
  for (const backend of rule.backends) {
    const host = backendHost(backend);
    if (backend.subset === null || host === null || backend.weight === 0) continue;
    const service = { host, namespace: backend.namespace };
    if (appliedRules({ ...set, client }, service).subsets.has(backend.subset)) continue;
    const isGiven = set.destinationRules.some((one) => namesService(one, service));
    const where = `${describeRule(route, rule)}: no DestinationRule`;
    const share = `${Number(((backend.weight / total) * 100).toPrecision(3))} % of the requests`;
    const text = isGiven
      ? `${where} that applies to ${printable(host)} has the subset ${printable(backend.subset)}: Istio answers its share, ${share}, with 503 and an empty body.`
      : `${where} among the manifests is for ${printable(host)}, so it is not known whether the cluster has its subsets. Istio answers the share of a missing one with 503 and an empty body.`;
    notes.set(text, { code: isGiven ? 'missing-subset' : 'subset-not-given', text });
  }
  return [...notes.values()];
}
