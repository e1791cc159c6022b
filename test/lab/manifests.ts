/** Manifests for the lab's tests. */

import { readManifests } from '../../src/plan/manifests/index.js';
import type { ManifestSet } from '../../src/plan/manifests/model.js';

/** Reads YAML as if it came from standard input. */
export function readYaml(text: string): Promise<ManifestSet> {
  return readManifests(['-'], async () => text);
}

export interface RouteOptions {
  /** Lines of a rule's body besides backendRefs, indented by four. */
  readonly rule?: string;
  readonly weights?: readonly [number, number];
}

/** The tutorial's gateway and route: backend-v1 and backend-v2 on test.devopscube.com. */
export function tutorialRoute({ rule = '', weights = [90, 10] }: RouteOptions = {}): string {
  return `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: istio-gateway, namespace: istio-test}
spec:
  gatewayClassName: istio
  listeners:
  - {name: http, port: 80, protocol: HTTP}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: backend-route, namespace: istio-test}
spec:
  parentRefs:
  - name: istio-gateway
  hostnames: [test.devopscube.com]
  rules:
  - backendRefs:
    - {name: backend-v1, port: 80, weight: ${weights[0]}}
    - {name: backend-v2, port: 80, weight: ${weights[1]}}
${rule}`;
}

/** A Deployment of http-echo and a Service that selects it. */
export function app(name: string, version: string, replicas: number): string {
  return `---
apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}, namespace: istio-test}
spec:
  replicas: ${replicas}
  selector:
    matchLabels: {app: backend, version: ${version}}
  template:
    metadata:
      labels: {app: backend, version: ${version}}
    spec:
      containers:
      - name: http-echo
        image: hashicorp/http-echo:1.0.0
        args: ["-text=hello from ${name.replaceAll('-', ' ')}"]
        ports: [{containerPort: 5678}]
---
apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: istio-test}
spec:
  selector: {app: backend, version: ${version}}
  ports: [{name: http, port: 80, targetPort: 5678}]
`;
}

/** A DestinationRule with the given trafficPolicy (one line of YAML). */
export function destinationRule(host: string, trafficPolicy: string, rest = ''): string {
  return `---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: ${host}, namespace: istio-test}
spec:
  host: ${host}.istio-test.svc.cluster.local
  trafficPolicy: ${trafficPolicy}
${rest}`;
}
