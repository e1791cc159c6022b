/** What runs behind a gateway: Services, Deployments, and their namespaces. */
import type { ResourceRef } from './resource.js';

/** A Namespace, for its labels. */
export interface Namespace {
  readonly ref: ResourceRef;
  readonly labels: Readonly<Record<string, string>>;
}

/** A core/v1 Service: the lab builds backends from these. */
export interface Service {
  readonly ref: ResourceRef;
  readonly selector: Readonly<Record<string, string>>;
  readonly ports: readonly {
    readonly name: string | null;
    readonly port: number;
    readonly targetPort: number | string | null;
    readonly appProtocol: string | null;
  }[];
  /** Addresses of its load balancer; absent or empty: none. */
  readonly loadBalancer?: readonly string[];
}

/** An apps/v1 Deployment: how many pods, their labels and arguments. */
export interface Deployment {
  readonly ref: ResourceRef;
  readonly replicas: number;
  readonly podLabels: Readonly<Record<string, string>>;
  /** args of the first container, e.g. `-text=hello from backend v1`. */
  readonly args: readonly string[];
  /** Of its containers, in order. Absent: none. */
  readonly images?: readonly string[];
  /** Its own labels that have a version. Absent: none. */
  readonly versionLabels?: Readonly<Record<string, string>>;
}
