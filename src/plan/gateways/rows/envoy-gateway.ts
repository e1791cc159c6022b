import { type GatewayFacts, readIn } from '../facts.js';
import { ENVOY_GATEWAY_ORDER } from '../match-order.js';

const VERSION = '2026-08-21, d32f282';
const MEASURED = readIn('1.9', 'measured: three times 90/10 of 100 requests');
const SORT = readIn(VERSION, 'envoyproxy/gateway internal/gatewayapi/sort.go');
const FILTERS = readIn(VERSION, 'envoyproxy/gateway internal/gatewayapi/validate.go');
const ROUTE = readIn(VERSION, 'envoyproxy/gateway internal/xds/translator/route.go');
const CLUSTER = readIn(VERSION, 'envoyproxy/gateway internal/xds/translator/cluster.go');
const POLICIES = readIn(VERSION, 'envoyproxy/gateway internal/gatewayapi/backendtrafficpolicy.go');

export const envoyGateway: GatewayFacts = {
  name: 'Envoy Gateway',
  controllers: ['gateway.envoyproxy.io/gatewayclass-controller'],
  classNames: ['eg'],
  draw: MEASURED(
    'rotates',
    'at random where a backendRef has a filter, or a backend is missing or has no endpoints',
  ),
  order: SORT(ENVOY_GATEWAY_ORDER),
  backendFilters: FILTERS(
    'applied',
    'with filters each version gets a cluster of its own: the gateway draws at random instead of rotating, and circuit breakers count per version',
  ),
  retries: ROUTE('none'),
  retriesGo: CLUSTER(
    'to any version',
    'to the same version where a backendRef has a filter, or a backend is missing or has no endpoints',
  ),
  countsPer: MEASURED(
    'route',
    'per version where a backendRef has a filter, or a backend is missing or has no endpoints',
  ),
  policies: POLICIES('BackendTrafficPolicy'),
  missingBackend: ROUTE('500 for its share', '503 if another backend of the rule has no endpoints'),
  unknownHost: null,
};
