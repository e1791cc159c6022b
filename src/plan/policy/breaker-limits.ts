/** The limits of circuit breakers in force for each version of a rule, whatever kind of gateway it is. */
import type { PolicyKind } from '../gateways/facts.js';
import type { BackendProtocol, ClusterLimits } from '../limit-facts.js';
import type { Backend, ManifestSet, Route, RouteRule } from '../manifests/model.js';
import { gatewayPodsOf } from '../routes/gateway-pods.js';
import { gatewayOfRoute } from '../routes/route-gateway.js';
import { backendPort } from './backend-port.js';
import { envoyGatewayProtocol, isHttp2Port, portOf } from './backend-protocol.js';
import { limitOf } from './connection-pool.js';
import { backendHost, namesService } from './destination-rules.js';
import { effectivePolicy } from './effective-policy.js';
import { limitsOf } from './envoy-gateway-limits.js';
import { isOneCluster, policiesOfRule } from './envoy-gateway-policy.js';
import { servicesOf, sourceOf } from './kept-policies.js';
import { policiesOfKind } from './unused-policies.js';

/** What manifests say of the clusters of a rule. */
export interface RuleLimits {
  readonly from: 'DestinationRule' | 'BackendTrafficPolicy';
  /** One for each backend with weight that is a Service, or one for all. */
  readonly clusters: readonly ClusterLimits[];
}

/**
 * @param clientProtocol what the client speaks to the gateway, which some gateways are told to speak to the backend too
 * @returns null: the limits of this gateway are not read
 * @throws UserError for a value of the wrong type or out of range, naming resource and field
 */
export function breakerLimits(
  set: ManifestSet,
  { route, rule }: { readonly route: Route; readonly rule: RouteRule },
  clientProtocol: BackendProtocol,
): RuleLimits | null {
  const weighted = [
    ...new Map(rule.backends.filter(({ weight }) => weight > 0).map((one) => [one.name, one])).values(),
  ];
  const from = kindOf(set, route, rule);
  switch (from) {
    case 'DestinationRule':
      return {
        from,
        clusters: weighted.flatMap((one) => istioLimits(set, route, one, clientProtocol) ?? []),
      };
    case 'BackendTrafficPolicy':
      return { from, clusters: envoyGatewayLimits(set, { route, rule }, weighted, clientProtocol) };
    default:
      return null;
  }
}

/** The policies that the gateway goes by; of a gateway that is not known, those that there are. */
function kindOf(set: ManifestSet, route: Route, rule: RouteRule): PolicyKind | null {
  const known = gatewayOfRoute(set, route).facts;
  if (known !== null) return known.policies?.value ?? null;
  const services = servicesOf(rule);
  if (set.destinationRules.some((one) => services.some((service) => namesService(one, service))))
    return 'DestinationRule';
  return policiesOfRule(set, policiesOfKind(set, 'BackendTrafficPolicy'), route, rule).layers.length > 0
    ? 'BackendTrafficPolicy'
    : null;
}

/** Null for a backend that is no Service. */
function istioLimits(
  set: ManifestSet,
  route: Route,
  backend: Backend,
  clientProtocol: BackendProtocol,
): ClusterLimits | null {
  const host = backendHost(backend);
  if (host === null) return null;
  const [client] = gatewayPodsOf(set, route);
  const service = { namespace: backend.namespace, host };
  const policy = effectivePolicy({ ...set, client }, service, backendPort(set, backend), backend.subset);
  const pool = policy.connectionPool;
  const port = portOf(set, backend);
  const own = pool.h2Upgrade || (port !== undefined && isHttp2Port(port)) ? 'h2' : 'http/1.1';
  return {
    version: backend.name,
    from: 'DestinationRule',
    source: policy.poolFrom === null ? null : sourceOf({ ref: policy.poolFrom }),
    maxConnections: limitOf(pool.maxConnections),
    maxPendingRequests: limitOf(pool.http1MaxPendingRequests),
    maxRequests: limitOf(pool.http2MaxRequests),
    backendProtocol: pool.useClientProtocol ? clientProtocol : own,
    maxConcurrentStreams: pool.maxConcurrentStreams,
    maxRequestsPerConnection: pool.maxRequestsPerConnection,
    maxRetries: limitOf(pool.maxRetries),
  };
}

function envoyGatewayLimits(
  set: ManifestSet,
  { route, rule }: { readonly route: Route; readonly rule: RouteRule },
  weighted: readonly Backend[],
  clientProtocol: BackendProtocol,
): ClusterLimits[] {
  const { layers } = policiesOfRule(set, policiesOfKind(set, 'BackendTrafficPolicy'), route, rule);
  const limits = limitsOf(layers);
  const from = layers.find(({ spec }) => spec.get('circuitBreaker').present);
  const clusterOf = (version: string | null, backends: readonly Backend[]): ClusterLimits => ({
    version,
    from: 'BackendTrafficPolicy',
    source: from === undefined ? null : sourceOf(from),
    maxConnections: limitOf(limits.maxConnections),
    maxPendingRequests: limitOf(limits.maxPendingRequests),
    maxRequests: limitOf(limits.maxParallelRequests),
    backendProtocol: limits.useClientProtocol ? clientProtocol : envoyGatewayProtocol(set, route, backends),
    maxConcurrentStreams: limits.maxConcurrentStreams,
    maxRequestsPerConnection: limits.maxRequestsPerConnection,
    maxRetries: limitOf(limits.maxParallelRetries),
  });
  return isOneCluster(rule)
    ? [clusterOf(null, weighted)]
    : weighted.map((backend) => clusterOf(backend.name, [backend]));
}
