/** The gateway's pods as DestinationRules see them: the lab has one gateway, with one set of clusters. */
import type { ManifestSet } from '../../plan/manifests/model.js';
import { clientDoubts } from '../../plan/policy/client-doubts.js';
import type { ClientRules } from '../../plan/policy/destination-rules.js';
import { servicesOf } from '../../plan/policy/kept-policies.js';
import { gatewayPodsOf } from '../../plan/routes/gateway-pods.js';

/** The manifests' DestinationRules for the pods of the first route's gateway. */
export function labRules(set: ManifestSet): ClientRules {
  const [route] = set.routes;
  const client = route === undefined ? { namespace: '', labels: {} } : gatewayPodsOf(set, route)[0];
  return { ...set, client };
}

/** A line if other DestinationRules apply at another gateway of the manifests, or where its pods run is not known. */
export function labClientNotes(set: ManifestSet): readonly string[] {
  const [first, ...others] = set.routes.flatMap((route) => gatewayPodsOf(set, route));
  if (first === undefined) return [];
  const services = new Map(
    set.routes.flatMap(({ rules }) => rules.flatMap(servicesOf)).map((service) => [service.host, service]),
  );
  return clientDoubts(set, [...services.values()], [first, ...others]);
}
