/** `lab --envoy`: a real Envoy in front of the lab's pods, configured as istiod would configure it. */
import { type Bootstrap, type BootstrapOptions, buildBootstrap } from './bootstrap.js';
import { findEnvoy } from './find-envoy.js';
import { type RunningEnvoy, startEnvoy } from './launch.js';

export interface LabEnvoyOptions extends BootstrapOptions {
  /** `--envoy-path`; null or absent: found by findEnvoy. */
  readonly envoyPath?: string | null;
  /** Worker threads; 2 by default. */
  readonly concurrency?: number;
}

/** A listener that takes requests. */
interface LabEnvoyListener {
  /** `istio-test/istio-gateway` */
  readonly gateway: string;
  /** Port of the Gateway listener in the manifests. */
  readonly port: number;
  /** `http://127.0.0.1:41234` */
  readonly url: string;
}

export interface LabEnvoy extends Bootstrap {
  readonly envoy: RunningEnvoy;
  readonly adminUrl: string;
  /** Envoy's version, `1.40.0`. */
  readonly version: string;
  /** Path of the binary that runs. */
  readonly binary: string;
  readonly running: readonly LabEnvoyListener[];
  /** The first listener of each scheme. */
  readonly urls: { readonly http: string | null; readonly https: string | null };
  /** Ends Envoy; the pods are the caller's. */
  stop(): Promise<void>;
}

/**
 * Starts an Envoy for the manifests in front of running pods.
 *
 * @throws UserError when no Envoy is found, a manifest has a bad value, or Envoy refuses the configuration
 */
export async function startLabEnvoy(options: LabEnvoyOptions): Promise<LabEnvoy> {
  const binary = findEnvoy({ envoyPath: options.envoyPath ?? null });
  const built = buildBootstrap(options);
  const envoy = await startEnvoy({
    binary,
    bootstrap: built.bootstrap,
    ...(options.concurrency === undefined ? {} : { concurrency: options.concurrency }),
  });
  const address = options.address ?? '127.0.0.1';
  const [ports, version] = await Promise.all([envoy.listenerPorts(), envoy.version()]).catch(
    async (error: unknown) => {
      await envoy.stop();
      throw error;
    },
  );
  const running = built.listeners.map(({ name, gateway, port, scheme }) => ({
    gateway,
    port,
    url: `${scheme}://${address}:${ports.get(name) ?? 0}`,
  }));
  const first = (scheme: string) => running.find(({ url }) => url.startsWith(`${scheme}:`))?.url ?? null;
  return {
    ...built,
    envoy,
    adminUrl: envoy.adminUrl,
    version,
    binary,
    running,
    urls: { http: first('http'), https: first('https') },
    stop: () => envoy.stop(),
  };
}
