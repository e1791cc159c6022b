/** The gateway's pods as DestinationRules see them: the lab has one gateway, with one set of clusters. */
import type { ManifestSet, Route, RouteRule } from '../../plan/manifests/model.js';
import { mayGoByDestinationRules, notesOnRehearsal } from '../../plan/policy/applied-policies.js';
import { clientDoubts } from '../../plan/policy/client-doubts.js';
import type { ClientRules } from '../../plan/policy/destination-rules.js';
import { servicesOf } from '../../plan/policy/kept-policies.js';
import { gatewayPodsOf } from '../../plan/routes/gateway-pods.js';

/** The manifests' DestinationRules for the pods of the first route's gateway; none if no gateway goes by such rules. */
export function labRules(set: ManifestSet): ClientRules {
  const [route] = set.routes;
  const client = route === undefined ? { namespace: '', labels: {} } : gatewayPodsOf(set, route)[0];
  const applies = set.routes.length === 0 || set.routes.some((each) => mayGoByDestinationRules(set, each));
  return applies ? { ...set, client } : { destinationRules: [], client };
}

/**
 * Lines on policies that are not in force in the lab: those of a kind that the gateway does not go by, those that the lab does not
 * apply or applies to a rule as a whole, and DestinationRules that may differ at another gateway, or where its pods run.
 *
 * @param isInOneCluster whether the lab has all versions of a rule in one cluster, with the policies that apply to the rule
 */
export function labPolicyNotes(
  set: ManifestSet,
  isInOneCluster: (route: Route, rule: RouteRule) => boolean,
): readonly string[] {
  const unused = notesOnRehearsal(set, isInOneCluster);
  const [first, ...others] = set.routes.flatMap((route) => gatewayPodsOf(set, route));
  if (first === undefined) return unused;
  const services = new Map(
    set.routes.flatMap(({ rules }) => rules.flatMap(servicesOf)).map((service) => [service.host, service]),
  );
  return [...unused, ...clientDoubts(labRules(set), [...services.values()], [first, ...others])];
}
