/** What a gateway answers where no backend of a rule has a weight above 0. */
import { holdsInIstio, nameIstio } from '../gateways/istio-versions.js';
import { istio } from '../gateways/rows/istio.js';
import { GATEWAY_API } from '../manifests/dialect.js';
import type { ManifestSet, Route, RouteRule } from '../manifests/model.js';
import { gatewayOfRoute } from './route-gateway.js';

/** The status of its empty reply. */
export function statusWithoutBackend(set: ManifestSet, route: Route, rule: RouteRule): 404 | 500 {
  return dependsOnVersion(set, route, rule) && holdsInIstio('no backendRefs: 404', set.istio) ? 404 : 500;
}

/** Why a rule without backends sends no requests on, and what is answered: `has no backends: Istio 1.30 answers 404.` */
export function whyNoBackends(set: ManifestSet, route: Route, rule: RouteRule): string {
  const status = statusWithoutBackend(set, route, rule);
  if (!dependsOnVersion(set, route, rule)) return 'has no backends.';
  return set.istio === undefined
    ? `has no backends: Istio answers ${status} (1.30: 404).`
    : `has no backends: ${nameIstio(set.istio)} answers ${status}.`;
}

/** Whether the version of Istio decides: HTTPRoutes alone, and gateways that are or may be Istio's. */
function dependsOnVersion(set: ManifestSet, route: Route, rule: RouteRule): boolean {
  const { protocol, gateways } = route.dialect;
  if (rule.backends.length > 0 || rule.answersItself !== null) return false;
  if (protocol !== 'http' || gateways.group !== GATEWAY_API.group) return false;
  const { facts } = gatewayOfRoute(set, route);
  return facts === null || facts === istio;
}
