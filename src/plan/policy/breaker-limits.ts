/** The limits of circuit breakers in force for each version of a rule, whatever kind of gateway it is. */
import type { PolicyKind } from '../gateways/facts.js';
import type { Backend, ManifestSet, Route, RouteRule } from '../manifests/model.js';
import { gatewayPodsOf } from '../routes/gateway-pods.js';
import { gatewayOfRoute } from '../routes/route-gateway.js';
import { backendPort } from './backend-port.js';
import { UNLIMITED } from './connection-pool.js';
import { backendHost, namesService } from './destination-rules.js';
import { effectivePolicy } from './effective-policy.js';
import { limitsOf } from './envoy-gateway-limits.js';
import { isOneCluster, policiesOfRule } from './envoy-gateway-policy.js';
import { servicesOf, sourceOf } from './kept-policies.js';
import { policiesOfKind } from './unused-policies.js';

/** Limits of one cluster of the gateway; null: no limit. Each replica of the gateway counts by itself. */
export interface BreakerLimits {
  /** Name of the backend; null: all versions of the rule together. */
  readonly version: string | null;
  /** The resource that gives them; null: they are the gateway's defaults. */
  readonly source: string | null;
  /** Connections to all endpoints; soft, each worker thread of the gateway may open one to each endpoint. */
  readonly maxConnections: number | null;
  /** Requests waiting for a connection. */
  readonly maxPendingRequests: number | null;
  /** Requests under way. */
  readonly maxRequests: number | null;
}

/**
 * @returns one for each backend with weight, or one for all; null: the limits of this gateway are not read
 * @throws UserError for a value of the wrong type or out of range, naming resource and field
 */
export function breakerLimits(
  set: ManifestSet,
  { route, rule }: { readonly route: Route; readonly rule: RouteRule },
): readonly BreakerLimits[] | null {
  const weighted = [
    ...new Map(rule.backends.filter(({ weight }) => weight > 0).map((one) => [one.name, one])).values(),
  ];
  switch (kindOf(set, route, rule)) {
    case 'DestinationRule':
      return weighted.flatMap((backend) => istioLimits(set, route, backend) ?? []);
    case 'BackendTrafficPolicy':
      return envoyGatewayLimits(set, route, rule, weighted);
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
function istioLimits(set: ManifestSet, route: Route, backend: Backend): BreakerLimits | null {
  const host = backendHost(backend);
  if (host === null) return null;
  const [client] = gatewayPodsOf(set, route);
  const service = { namespace: backend.namespace, host };
  const policy = effectivePolicy({ ...set, client }, service, backendPort(set, backend), backend.subset);
  const pool = policy.connectionPool;
  return {
    version: backend.name,
    source: policy.poolFrom === null ? null : sourceOf({ ref: policy.poolFrom }),
    maxConnections: limitOf(pool.maxConnections),
    maxPendingRequests: limitOf(pool.http1MaxPendingRequests),
    maxRequests: limitOf(pool.http2MaxRequests),
  };
}

function limitOf(value: number): number | null {
  return value >= UNLIMITED ? null : value;
}

function envoyGatewayLimits(
  set: ManifestSet,
  route: Route,
  rule: RouteRule,
  weighted: readonly Backend[],
): BreakerLimits[] {
  const { layers } = policiesOfRule(set, policiesOfKind(set, 'BackendTrafficPolicy'), route, rule);
  const limits = limitsOf(layers);
  const from = layers.find(({ spec }) => spec.get('circuitBreaker').present);
  const one: BreakerLimits = {
    version: null,
    source: from === undefined ? null : sourceOf(from),
    maxConnections: limitOf(limits.maxConnections),
    maxPendingRequests: limitOf(limits.maxPendingRequests),
    maxRequests: limitOf(limits.maxParallelRequests),
  };
  return isOneCluster(rule) ? [one] : weighted.map(({ name }) => ({ ...one, version: name }));
}
