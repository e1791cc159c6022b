/** Starts the gateway of a lab: the embedded one, or a real Envoy. Both look the same to the lab. */
import type { ManifestSet } from '../plan/manifests/model.js';
import { type GatewayListener, startGateway } from './embedded/gateway.js';
import type { EjectionEvent } from './embedded/outlier-model.js';
import type { Weights } from './embedded/weights.js';
import type { Certificate } from './mesh/certificates.js';
import { portsToListenOn } from './mesh/listener-ports.js';
import type { Topology } from './mesh/topology.js';

/** The running gateway of a lab. */
export interface LabGateway {
  readonly listeners: readonly GatewayListener[];
  readonly defaults: readonly string[];
  readonly notes: readonly string[];
  readonly adminUrl: string | null;
  readonly ended: Promise<string>;
  ejected(): Readonly<Record<string, readonly string[]>>;
  close(): Promise<void>;
}

export interface LabGatewayOptions {
  readonly manifests: ManifestSet;
  /** Ports of the first HTTP and the first HTTPS listener; 0: any free one. */
  readonly port: number;
  readonly tlsPort: number;
  readonly defaultRetries: boolean;
  /** Null: the embedded gateway. `path` null: Envoy is searched for. */
  readonly envoy: { readonly path: string | null; readonly workers?: number } | null;
  readonly outlierLogPath: string | undefined;
  readonly topology: Topology;
  readonly certificate: Certificate | null;
  readonly weights: Weights;
  readonly now: () => number;
  readonly random: () => number;
  readonly onEjection: (event: EjectionEvent & { readonly cluster: string }) => void;
}

/** @throws UserError for ports in use, values that Istio would refuse, and if Envoy is not found */
export async function startLabGateway(options: LabGatewayOptions): Promise<LabGateway> {
  const { manifests, topology, certificate, defaultRetries, port, tlsPort } = options;
  if (options.envoy === null) {
    const gateway = await startGateway(options);
    return { ...gateway, adminUrl: null, ended: new Promise(() => {}) };
  }
  const { startLabEnvoy } = await import('./envoy/start-lab-envoy.js');
  const envoy = await startLabEnvoy({
    manifests,
    topology,
    certificate,
    defaultRetries,
    envoyPath: options.envoy.path,
    ...(options.envoy.workers === undefined ? {} : { concurrency: options.envoy.workers }),
    ...(options.outlierLogPath === undefined ? {} : { outlierLogPath: options.outlierLogPath }),
    listenOn: portsToListenOn(manifests, port, tlsPort),
  });
  return {
    listeners: envoy.running,
    defaults: envoy.defaults,
    notes: [`The gateway is Envoy ${envoy.version}: ${envoy.binary}`, ...envoy.notes],
    adminUrl: envoy.adminUrl,
    ended: envoy.envoy.ended.then(() => envoy.envoy.logTail().slice(-5).join('\n')),
    ejected: () => ({}),
    close: () => envoy.stop(),
  };
}
