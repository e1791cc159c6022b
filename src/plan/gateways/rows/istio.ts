import { type GatewayFacts, readIn } from '../facts.js';
import { ISTIO_ORDER } from '../match-order.js';

const MEASURED = readIn('1.31-dev, Envoy 1.40', 'measured (docs/envoy.md)');
const SOURCES = readIn('2026-08-22, 86c9f01', 'istio/istio pilot/pkg/config/kube/gateway/conversion.go');
const RETRY = readIn('2026-08-22, 86c9f01', 'istio/istio pilot/pkg/networking/core/route/retry/retry.go');
const POLICIES = readIn(
  '2026-08-22, 86c9f01',
  'istio/istio pilot/pkg/config/kube/gateway/backend_policies.go',
);

export const istio: GatewayFacts = {
  name: 'Istio',
  controllers: ['istio.io/gateway-controller', 'istio.io/unmanaged-gateway', 'istio.io/mesh-controller'],
  classNames: ['istio', 'istio-remote', 'istio-waypoint'],
  draw: MEASURED('at random'),
  order: SOURCES(ISTIO_ORDER),
  backendFilters: MEASURED('applied'),
  retries: MEASURED('2, of failed connections', 'up to 1.23 also of 503'),
  retriesGo: RETRY(
    'to the same version',
    'to another one where an EnvoyFilter sets refresh_cluster_on_retry, which Envoy has since 1.39',
  ),
  countsPer: MEASURED('version'),
  policies: POLICIES('DestinationRule', 'XBackendTrafficPolicy only with PILOT_ENABLE_ALPHA_GATEWAY_API'),
  missingBackend: MEASURED('500 for its share'),
  unknownHost: MEASURED('404'),
};
