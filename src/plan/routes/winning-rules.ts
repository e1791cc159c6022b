/** Which rule answers a request whose values are all known. */
import type { ManifestSet, Route } from '../manifests/model.js';
import { bareHost, mostSpecific } from './hostnames.js';
import type { Entry } from './precedence.js';
import type { GivenRequest, RequestLine } from './request-match.js';
import { inGatewayOrder } from './route-order.js';
import { compete, fitting, hostnamesOf } from './rule-search.js';
import { ServedRoutes } from './served-routes.js';

/**
 * The rule that wins for a complete request; none if a gateway would answer 404, several if it depends on a gateway that
 * is not known.
 */
export function winningRules(
  set: ManifestSet,
  route: Route,
  host: string,
  request: RequestLine & Pick<GivenRequest, 'connect'>,
): readonly Entry[] {
  if (route.dialect.order === 'written') {
    const served = new ServedRoutes(set, request.connect ?? null);
    return served.at(host).flatMap((at) => fitting(at.routes, at.place, request, false)[0] ?? []);
  }
  const rivals = set.routes.filter((one) => compete(one, route));
  const best = mostSpecific(rivals.flatMap(hostnamesOf), bareHost(host));
  const routes = rivals.filter((one) => best !== null && hostnamesOf(one).includes(best));
  return inGatewayOrder(set, fitting(routes, null, request, false)).winners;
}
