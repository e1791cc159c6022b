/**
 * The lab: demo backends behind a gateway, on loopback only, made from manifests. The gateway is the
 * embedded one, or a real Envoy configured as istiod would.
 */
import { OptionError, UserError } from '../errors.js';
import { withIstio } from '../plan/gateways/find-istio.js';
import type { ManifestSet } from '../plan/manifests/model.js';
import { seededRandom } from '../random.js';
import { type Backends, startBackends } from './backends/backends.js';
import { type ControlServer, startControl } from './backends/control.js';
import { parseFault } from './backends/fault-spec.js';
import { FaultBoard, type FaultState } from './backends/faults.js';
import type { GatewayListener } from './embedded/gateway.js';
import type { EjectionEvent } from './embedded/outlier-model.js';
import { Weights } from './embedded/weights.js';
import { startLabGateway } from './lab-gateway.js';
import { certificateFor } from './mesh/listener-ports.js';
import { planTopology } from './mesh/plan-topology.js';
import { faultTargets, type PodGroups, podsByVersion } from './mesh/pod-groups.js';
import { readWeights } from './mesh/read-weights.js';
import type { Topology } from './mesh/topology.js';

export interface LabOptions {
  readonly manifests: ManifestSet;
  /** Port of the first HTTP listener; 0, the default, is any free one. The same for the other two. */
  readonly port?: number;
  readonly tlsPort?: number;
  readonly controlPort?: number;
  /** `v2-0:status=503,after=5s,for=10s` (fault-spec.ts) */
  readonly faults?: readonly string[];
  /** For everything drawn at random; a random one by default. */
  readonly seed?: number;
  /** Backends add their pod's name to responses as `x-pod`; false by default, as in http-echo. */
  readonly tellEndpoint?: boolean;
  /** Istio's two default retries; true by default. */
  readonly defaultRetries?: boolean;
  /** Version of Istio, such as `1.30`; default: the manifests', else the newest that is known. */
  readonly istio?: string;
  /** A real Envoy in place of the embedded gateway. `path` null: it is looked for. It has two worker threads by default. */
  readonly envoy?: { readonly path: string | null; readonly workers?: number } | null;
  /** File to which Envoy writes its outlier events as JSON lines; only with `envoy`. */
  readonly outlierLogPath?: string;
  /** Called for each request that arrives at a pod, with the time of the monotonic clock (`monotonicUs`), µs. */
  readonly onArrival?: (pod: string, monotonicUs: number) => void;
}

/** What reached the backends, and what was ejected. */
interface LabCounts {
  readonly pods: Readonly<Record<string, number>>;
  /** By what the routes call their backends. */
  readonly versions: Readonly<Record<string, number>>;
  /** The last 1000 events, oldest first; none with Envoy, which keeps its own log. `atMs` since the start. */
  readonly ejections: readonly LabEjection[];
}

type LabEjection = EjectionEvent & { readonly cluster: string };

export interface Lab {
  readonly urls: { readonly http: string | null; readonly https: string | null; readonly control: string };
  readonly listeners: readonly GatewayListener[];
  /** The certificate of the HTTPS listeners, which is its own authority; null without any. */
  readonly caPem: string | null;
  readonly topology: Topology;
  readonly seed: number;
  /** Envoy's admin interface; null with the embedded gateway. */
  readonly adminUrl: string | null;
  /** Path of Envoy's outlier event log; null without one. */
  readonly outlierLog: string | null;
  /** Values that no manifest sets, one readable line each. */
  readonly defaults: readonly string[];
  /** What is left out or should be known, one readable line each. */
  readonly notes: readonly string[];
  /** @throws UserError for a fault that cannot be read or has no such target */
  setFault(fault: string): void;
  clearFaults(): void;
  faults(): readonly FaultState[];
  /**
   * Changes weights by the backends' names; the others keep theirs.
   *
   * @throws UserError for unknown names, bad weights, and with Envoy
   */
  setWeights(weights: Readonly<Record<string, number>>): void;
  counts(): LabCounts;
  /** Ejected pods by cluster; always empty with Envoy. */
  ejected(): Readonly<Record<string, readonly string[]>>;
  /** Resolves with the last lines of Envoy's log when Envoy ends by itself; never with the embedded gateway. */
  readonly gatewayEnded: Promise<string>;
  /** Ends everything. May be called again. */
  close(): Promise<void>;
}

const MAX_EVENTS = 1000;

/**
 * Starts backends, gateway and control endpoint.
 *
 * @throws UserError for bad options, bad faults, ports in use, values that Istio would refuse, and when Envoy is not found
 */
export async function startLab(options: LabOptions): Promise<Lab> {
  const manifests = withIstio(options.manifests, options.istio);
  if (options.outlierLogPath !== undefined && !options.envoy) {
    throw new OptionError(
      (name) =>
        `${name('outlierLogPath')}: only a real Envoy writes an outlier event log: give ${name('envoy')} too. Without it the control endpoint's /state has the ejections.`,
    );
  }
  const startMs = performance.now();
  const now = () => performance.now() - startMs;
  const seed = options.seed ?? Math.floor(Math.random() * 2 ** 32);
  const random = seededRandom(seed);
  const weights = new Weights();
  const plan = planTopology(manifests);
  const events: LabEjection[] = [];
  const onEjection = (event: LabEjection) => {
    events.push(event);
    if (events.length > MAX_EVENTS) events.shift();
  };
  const closers: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    // Pods ask the board, and the board needs the pods' names.
    let board: FaultBoard | null = null;
    const backends = await startBackends(plan, {
      tellEndpoint: options.tellEndpoint ?? false,
      treat: (pod) => board?.treat(pod) ?? { delayMs: 0, answer: null },
      onArrival: options.onArrival,
    });
    closers.push(() => backends.close());
    const { topology } = backends;
    const faults = new FaultBoard({
      targets: faultTargets(manifests, topology),
      now,
      random,
      onRefusing: (pod, refusing) => void backends.setRefusing(pod, refusing).catch(() => {}),
    });
    board = faults;
    closers.push(async () => faults.clear());
    const versions = podsByVersion(manifests, topology);
    const certificate = await certificateFor(manifests);
    const gateway = await startLabGateway({
      manifests,
      port: options.port ?? 0,
      tlsPort: options.tlsPort ?? 0,
      defaultRetries: options.defaultRetries ?? true,
      envoy: options.envoy ?? null,
      outlierLogPath: options.outlierLogPath,
      topology,
      certificate,
      weights,
      now,
      random,
      onEjection,
    });
    closers.push(() => gateway.close());
    const setFault = (fault: string, where: string) => faults.set(parseFault(fault, where), where);
    const setWeights = (given: unknown, where = 'weights') => {
      if (options.envoy) {
        throw new UserError(
          `${where}: with Envoy weights come from the manifests only: change them and start again`,
        );
      }
      weights.set(readWeights(given, manifests, where));
    };
    for (const fault of options.faults ?? []) setFault(fault, '--fault');
    const counts = (): LabCounts => {
      // Brings the ejections up to now.
      gateway.ejected();
      return { ...countArrivals(versions, backends), ejections: [...events] };
    };
    const control: ControlServer = await startControl({
      port: options.controlPort ?? 0,
      state: () => ({
        listeners: gateway.listeners,
        services: topology.services,
        ...counts(),
        ejected: gateway.ejected(),
        faults: faults.list(),
      }),
      setFault: (fault) => setFault(fault, 'fault'),
      clearFaults: () => faults.clear(),
      setWeights,
    });
    closers.push(() => control.close());
    const urlOf = (scheme: string) =>
      gateway.listeners.find(({ url }) => url.startsWith(`${scheme}:`))?.url ?? null;
    return {
      urls: { http: urlOf('http'), https: urlOf('https'), control: control.url },
      listeners: gateway.listeners,
      caPem: certificate?.certPem ?? null,
      topology,
      seed,
      adminUrl: gateway.adminUrl,
      outlierLog: options.outlierLogPath ?? null,
      defaults: [...plan.defaults, ...gateway.defaults],
      notes: gateway.notes,
      setFault: (fault) => setFault(fault, 'fault'),
      clearFaults: () => faults.clear(),
      faults: () => faults.list(),
      setWeights,
      counts,
      ejected: () => gateway.ejected(),
      gatewayEnded: gateway.ended,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function countArrivals(versions: PodGroups, backends: Backends): Pick<LabCounts, 'pods' | 'versions'> {
  const arrivals = backends.arrivals();
  const sums = [...versions].map(([name, pods]) => [
    name,
    pods.reduce((sum, pod) => sum + (arrivals.get(pod) ?? 0), 0),
  ]);
  return { pods: Object.fromEntries(arrivals), versions: Object.fromEntries(sums) };
}
