/**
 * The lab's pods and Services, which the gateway sends requests to. Built from the manifests' Services and
 * Deployments; where those are missing, from the routes' backends.
 */
import type { Service } from '../../plan/manifests/model.js';

/** One pod: an HTTP server on a loopback address. */
export interface LabPod {
  /** `v1-0`: also what the endpoint is called in faults and in reports. */
  readonly name: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly address: string;
  /** The port it listens on. */
  readonly port: number;
  /** The body it answers, as http-echo's `-text`. */
  readonly text: string;
}

/** A Service with the pods that its selector picks. */
export interface LabService {
  readonly name: string;
  readonly namespace: string;
  /** `backend-v1.istio-test.svc.cluster.local` */
  readonly host: string;
  readonly ports: Service['ports'];
  readonly pods: readonly LabPod[];
}

export interface Topology {
  readonly services: readonly LabService[];
}
