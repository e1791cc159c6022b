/**
 * Manifests in one shape for all kinds: what `run` needs to derive a plan, and what the lab
 * needs to build a gateway. Plain data, but for traffic policies: those stay Fields, so that
 * errors in them name their line.
 */
import type {
  EndpointHeader,
  Gateway,
  GatewayClass,
  IstioVersion,
  ListenerSet,
  MeshConfig,
} from './model/gateways.js';
import type {
  BackendTlsPolicy,
  DestinationRule,
  GatewayPolicy,
  ReferenceGrant,
  RetryBudgetPolicy,
  SessionPolicy,
} from './model/policies.js';
import type { Route } from './model/routes.js';
import type { Deployment, Namespace, Service } from './model/workloads.js';

export type * from './model/backends.js';
export type * from './model/gateways.js';
export type * from './model/matches.js';
export type * from './model/policies.js';
export type * from './model/resource.js';
export type * from './model/routes.js';
export type * from './model/workloads.js';

export interface ManifestSet {
  readonly routes: readonly Route[];
  readonly gateways: readonly Gateway[];
  /** Absent: none. */
  readonly gatewayClasses?: readonly GatewayClass[];
  readonly destinationRules: readonly DestinationRule[];
  readonly services: readonly Service[];
  readonly deployments: readonly Deployment[];
  /** Absent: none. */
  readonly listenerSets?: readonly ListenerSet[];
  /** Absent: none. */
  readonly namespaces?: readonly Namespace[];
  /** Absent: none. */
  readonly endpointHeaders?: readonly EndpointHeader[];
  /** Absent: none. */
  readonly meshConfigs?: readonly MeshConfig[];
  /** Absent: none. */
  readonly gatewayPolicies?: readonly GatewayPolicy[];
  /** Absent: none. */
  readonly sessionPolicies?: readonly SessionPolicy[];
  /** Absent: none. */
  readonly retryBudgets?: readonly RetryBudgetPolicy[];
  /** Absent: none. */
  readonly backendTlsPolicies?: readonly BackendTlsPolicy[];
  /** Absent: none. */
  readonly referenceGrants?: readonly ReferenceGrant[];
  /** The version of Istio whose answers are wanted (plan/gateways/find-istio.ts). Absent: the newest that is known. */
  readonly istio?: IstioVersion;
  /** Resources that were skipped, one readable line each. */
  readonly skipped: readonly string[];
}
