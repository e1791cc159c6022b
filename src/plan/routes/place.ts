/** Where a request arrives, and which conditions of a VirtualService's match on it are met there. */
import { ISTIO_ORDER, type MatchOrder } from '../gateways/match-order.js';
import type { Arrival, Gateway, ManifestSet, RouteMatch } from '../manifests/model.js';
import { type GatewayPods, podsOf } from './gateway-pods.js';
import { factsOf } from './route-gateway.js';

/** A port of a gateway. */
export interface Place extends GatewayPods {
  /** `namespace/name`; `mesh` for sidecars. */
  readonly gateway: string;
  /** The port as the Gateway has it; null when it is not known. */
  readonly port: number | null;
  /** In which order the gateway tries the matches of routes of the Gateway API; Istio's if it is not known. */
  readonly order: MatchOrder;
}

/** The place of a gateway's port. */
export function placeOf(set: ManifestSet, gateway: Gateway, port: number | null): Place {
  const { namespace, name } = gateway.ref;
  const order = factsOf(set, gateway)?.order?.value ?? ISTIO_ORDER;
  return { ...podsOf(set, gateway)[0], gateway: `${namespace}/${name}`, port, order };
}

/**
 * Whether a match is for requests that arrive at the place (istio/istio, pilot/pkg/networking/core/route/route.go,
 * `TranslateRoute` and `sourceMatchHTTP`).
 *
 * @param place null: every place
 * @param unknown what a condition counts as if the manifests do not tell whether it is met
 */
export function isServedAt(match: RouteMatch | null, place: Place | null, unknown: boolean): boolean {
  const arrival = match?.arrival ?? null;
  return (
    arrival === null || place === null || arrivalConditions(arrival, place).every(({ met }) => met ?? unknown)
  );
}

/** The conditions on the place in words, and whether they are met there; null when that is not known. */
export function arrivalConditions(
  { gateways, port, sourceLabels, sourceNamespace }: Arrival,
  place: Place,
): readonly { readonly words: string; readonly met: boolean | null }[] {
  const conditions: { words: string; met: boolean | null }[] = [];
  if (port !== null) {
    conditions.push({ words: `port ${port}`, met: place.port === null ? null : place.port === port });
  }
  if (gateways.length > 0) {
    const met = gateways.includes(place.gateway);
    return [...conditions, { words: `gateway ${gateways.join(' or ')}`, met }];
  }
  for (const [key, value] of Object.entries(sourceLabels)) {
    const given = place.labels[key];
    const met = given === undefined && !place.labelsKnown ? null : given === value;
    conditions.push({ words: `source label ${key}: ${value}`, met });
  }
  if (sourceNamespace !== null) {
    const met = place.placeKnown ? place.namespace === sourceNamespace : null;
    conditions.push({ words: `source namespace ${sourceNamespace}`, met });
  }
  return conditions;
}
