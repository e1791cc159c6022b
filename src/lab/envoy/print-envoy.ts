/** `lab --print-envoy`: the configuration alone, for an Envoy that somebody else starts. */

import { withIstio } from '../../plan/gateways/find-istio.js';
import type { LabOptions } from '../lab.js';
import { certificateFor, portsToListenOn } from '../mesh/listener-ports.js';
import { planTopology } from '../mesh/plan-topology.js';
import { type Bootstrap, buildBootstrap } from './bootstrap.js';

/** http-echo's own port: nothing listens yet, so the pods are named as a cluster would have them. */
const HTTP_ECHO_PORT = 5678;

/**
 * Builds Envoy's bootstrap for these manifests, with every pod at its address in the lab and port 5678.
 *
 * @throws UserError for values that Istio would refuse
 */
export async function printEnvoy(options: LabOptions): Promise<Bootstrap> {
  const { port = 0, tlsPort = 0, defaultRetries = true } = options;
  const manifests = withIstio(options.manifests, options.istio);
  const { services, defaults } = planTopology(manifests);
  const withPorts = services.map((service) => ({
    ...service,
    pods: service.pods.map((pod) => ({ ...pod, port: HTTP_ECHO_PORT })),
  }));
  const built = buildBootstrap({
    manifests,
    topology: { services: withPorts },
    certificate: await certificateFor(manifests),
    defaultRetries,
    listenOn: portsToListenOn(manifests, port, tlsPort),
    ...(options.outlierLogPath === undefined ? {} : { outlierLogPath: options.outlierLogPath }),
  });
  return { ...built, defaults: [...defaults, ...built.defaults] };
}
