/** The kinds that are read. A new kind is a file in this folder, and a line here. */
import type { Reader } from '../resource.js';
import { backendTlsPolicy } from './backend-tls-policy.js';
import { deployment } from './deployment.js';
import { destinationRule } from './destination-rule.js';
import { endpointFilter } from './endpoint-filter.js';
import { gateway } from './gateway.js';
import { gatewayClass } from './gateway-class.js';
import { backendConfigPolicy, backendTrafficPolicy } from './gateway-policy.js';
import { grpcRoute } from './grpc-route.js';
import { httpRoute } from './http-route.js';
import { istioGateway } from './istio-gateway.js';
import { experimentalListenerSet, listenerSet } from './listener-set.js';
import { istioOperator, meshConfigMap } from './mesh-config.js';
import { namespace } from './namespace.js';
import { referenceGrant } from './reference-grant.js';
import { service } from './service.js';
import { backendLbPolicy, xBackendTrafficPolicy } from './session-policy.js';
import { virtualService } from './virtual-service.js';

export const READERS: readonly Reader[] = [
  httpRoute,
  grpcRoute,
  gateway,
  gatewayClass,
  listenerSet,
  experimentalListenerSet,
  namespace,
  istioGateway,
  virtualService,
  destinationRule,
  service,
  deployment,
  endpointFilter,
  meshConfigMap,
  istioOperator,
  xBackendTrafficPolicy,
  backendLbPolicy,
  backendTrafficPolicy,
  backendConfigPolicy,
  backendTlsPolicy,
  referenceGrant,
];

/** `HTTPRoute, GRPCRoute or VirtualService`: the kinds of routes that are read, for messages. */
export const ROUTE_KINDS: string = READERS.filter(({ dialect }) => dialect !== undefined)
  .map(({ kind }) => kind)
  .join(', ')
  .replace(/, (?=[^,]*$)/, ' or ');
