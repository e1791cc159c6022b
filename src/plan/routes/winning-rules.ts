/** Which rule answers a request whose values are all known. */
import type { ManifestSet, Route } from '../manifests/model.js';
import type { Entry } from './precedence.js';
import type { GivenRequest, RequestLine } from './request-match.js';
import { inGatewayOrder } from './route-order.js';
import { fitting } from './rule-search.js';
import { ifAny, ServedRoutes } from './served-routes.js';

/**
 * The rule that wins for a complete request; none if a gateway would answer 404, several if it depends on a gateway that
 * is not known. Places that serve the route count before others.
 */
export function winningRules(
  set: ManifestSet,
  route: Route,
  host: string,
  request: RequestLine & Pick<GivenRequest, 'connect'>,
): readonly Entry[] {
  const places = new ServedRoutes(set, request.connect ?? null).at(host);
  return ifAny(places, ({ routes }) => routes.includes(route)).flatMap(
    ({ routes, place }) => inGatewayOrder(set, fitting(routes, place, request, false)).winners,
  );
}
