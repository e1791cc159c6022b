/** Policies for the traffic to backends. What they ask for stays Fields, so that errors in it name their line. */
import type { Field } from '../fields.js';
import type { ResourceRef } from './resource.js';
import type { SessionPersistence } from './routes.js';

/** Session persistence for all requests to some Services. */
export interface SessionPolicy {
  readonly ref: ResourceRef;
  /** Names of Services in its namespace. */
  readonly services: readonly string[];
  readonly session: SessionPersistence;
}

/** Asks gateways to use TLS to some Services. */
export interface BackendTlsPolicy {
  readonly ref: ResourceRef;
  /** Names of Services in its namespace. */
  readonly services: readonly string[];
}

/** Lets resources of other namespaces refer to resources of its own. */
export interface ReferenceGrant {
  readonly ref: ResourceRef;
  readonly from: readonly { readonly group: string; readonly kind: string; readonly namespace: string }[];
  /** `name` null: all of the kind. */
  readonly to: readonly { readonly group: string; readonly kind: string; readonly name: string | null }[];
}

/** A retry budget for all requests to some Services. */
export interface RetryBudgetPolicy {
  readonly ref: ResourceRef;
  /** Names of Services in its namespace. */
  readonly services: readonly string[];
  /** `retryConstraint` */
  readonly constraint: Field;
}

export interface DestinationRule {
  readonly ref: ResourceRef;
  readonly host: string;
  /** Namespaces whose workloads see it, as written: names, `.` for its own, `*` for all. Empty: the mesh's default. */
  readonly exportTo: readonly string[];
  /** Labels of the only client pods that it is for, in its own namespace; null: for all. */
  readonly workloadSelector: Readonly<Record<string, string>> | null;
  /** Null when absent. */
  readonly trafficPolicy: Field | null;
  readonly subsets: readonly {
    readonly name: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly trafficPolicy: Field | null;
  }[];
}

/** A policy of one kind of gateway for the traffic to backends. */
export interface GatewayPolicy {
  readonly ref: ResourceRef;
  /** In its own namespace. */
  readonly targets: readonly PolicyTarget[];
  /** Whether it chooses targets by their labels too, which are not read. */
  readonly selectsByLabels: boolean;
  readonly spec: Field;
}

/** What a policy is for. */
export interface PolicyTarget {
  /** Empty for the core group. */
  readonly group: string;
  /** `HTTPRoute` */
  readonly kind: string;
  readonly name: string;
  /** A rule of a route, or a listener of a Gateway; null: all of them. */
  readonly sectionName: string | null;
}
