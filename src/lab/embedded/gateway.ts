/** The embedded gateway: listeners on loopback, each with its routes, in front of the lab's pods. */
import { describeRule } from '../../plan/manifests/describe.js';
import type { Backend, ManifestSet } from '../../plan/manifests/model.js';
import { effectivePolicy } from '../../plan/policy/effective-policy.js';
import type { Entry } from '../../plan/routes/precedence.js';
import { attachRoutes } from '../mesh/attached-listeners.js';
import type { Certificate } from '../mesh/certificates.js';
import { meshClusters, whyNoCluster } from '../mesh/clusters.js';
import { resolveBackend } from '../mesh/destinations.js';
import { labRules } from '../mesh/lab-client.js';
import { leftOutNotes } from '../mesh/left-out-notes.js';
import { groupListeners } from '../mesh/listener-groups.js';
import { copiedTo } from '../mesh/mirrors.js';
import { defaultRetryRemarks } from '../mesh/route-timing.js';
import type { Topology } from '../mesh/topology.js';
import { Cluster, type ClusterOptions } from './cluster.js';
import { Forwarder } from './forwarder.js';
import { type OpenPort, openPort } from './open-port.js';
import type { Weights } from './weights.js';

export interface GatewayOptions {
  readonly manifests: ManifestSet;
  readonly topology: Topology;
  readonly certificate: Certificate | null;
  readonly defaultRetries: boolean;
  readonly weights: Weights;
  readonly now: () => number;
  readonly random: () => number;
  readonly onEjection: ClusterOptions['onEjection'];
  /** Ports of the first HTTP and of the first HTTPS listener; 0: any free one. Others get free ones. */
  readonly port: number;
  readonly tlsPort: number;
}

/** A port that takes requests. */
export interface GatewayListener {
  /** `istio-test/istio-gateway` */
  readonly gateway: string;
  /** Port of the Gateway listener in the manifests. */
  readonly port: number;
  /** `http://127.0.0.1:8080` */
  readonly url: string;
}

export interface RunningGateway {
  readonly listeners: readonly GatewayListener[];
  readonly defaults: readonly string[];
  readonly notes: readonly string[];
  /** Ejected pods by cluster; clusters without any are left out. */
  ejected(): Readonly<Record<string, readonly string[]>>;
  close(): Promise<void>;
}

/** Starts the gateway. @throws UserError when a port is taken or a manifest has a bad value */
export async function startGateway(options: GatewayOptions): Promise<RunningGateway> {
  const notes = new Set<string>();
  const defaults = new Set<string>();
  const clusters = new Map<string, Cluster>();
  const opened: OpenPort[] = [];
  const close = async () => {
    await Promise.all(opened.map((port) => port.close()));
    for (const cluster of clusters.values()) cluster.close();
  };
  const groups = groupListeners(attachRoutes(options.manifests, notes), options.certificate !== null, notes);
  const listeners: GatewayListener[] = [];
  try {
    const firstOf = { http: options.port, https: options.tlsPort };
    for (const { scheme, gateway, port, attached } of groups) {
      const forwarder = new Forwarder({
        ...options,
        clusterOf: resolver(options, port, clusters, notes, defaults),
        gatewayPort: port,
        addsEndpoint: attached[0].addsEndpoint,
      });
      const open = await openPort({
        attached,
        forwarder,
        certificate: scheme === 'https' ? options.certificate : null,
        port: firstOf[scheme],
        flag: scheme === 'http' ? '--port' : '--tls-port',
      });
      firstOf[scheme] = 0;
      opened.push(open);
      listeners.push({ gateway, port, url: open.url });
    }
  } catch (error) {
    await close();
    throw error;
  }
  for (const line of leftOutNotes(options.manifests, () => false)) notes.add(line);
  const retries = defaultRetryRemarks(options.defaultRetries, options.manifests.istio);
  for (const line of retries.defaults) defaults.add(line);
  for (const line of retries.notes) notes.add(line);
  return {
    listeners,
    defaults: [...defaults],
    notes: [...notes],
    ejected: () => {
      const found = [...clusters].map(([name, cluster]) => [name, cluster.ejected()] as const);
      return Object.fromEntries(found.filter(([, pods]) => pods.length > 0));
    },
    close,
  };
}

/** Finds or makes the cluster for a backend, once per backend. */
function resolver(
  options: GatewayOptions,
  gatewayPort: number,
  clusters: Map<string, Cluster>,
  notes: Set<string>,
  defaults: Set<string>,
): (backend: Backend, entry: Pick<Entry, 'route' | 'rule'>) => Cluster | null {
  const known = new Map<Backend, Cluster | null>();
  const rules = labRules(options.manifests);
  const specs = new Map(meshClusters(options.manifests, options.topology).map((spec) => [spec.name, spec]));
  const find = (backend: Backend): Cluster | null => {
    const { cluster: name } = resolveBackend(backend, options.topology, gatewayPort);
    const existing = clusters.get(name);
    if (existing !== undefined) return existing;
    const spec = specs.get(name);
    if (spec === undefined) return null;
    const { service, port, subset, pods } = spec;
    const policy = effectivePolicy(rules, service, port.port, subset);
    for (const line of policy.defaults) defaults.add(line);
    for (const line of policy.notes) notes.add(line);
    if (policy.retryBudget !== null) {
      notes.add(
        `the retry budget of ${service.host} is not applied by the embedded gateway, as no limit of retries is`,
      );
    }
    const cluster = new Cluster({ ...options, name, pods, policy });
    clusters.set(name, cluster);
    return cluster;
  };
  const clusterOf = (backend: Backend, { route, rule }: Pick<Entry, 'route' | 'rule'>): Cluster | null => {
    const found = known.get(backend);
    if (found !== undefined) return found;
    const cluster = find(backend);
    known.set(backend, cluster);
    if (cluster === null && backend.granted !== false) {
      const { cluster: name } = resolveBackend(backend, options.topology, gatewayPort);
      const why = whyNoCluster(name, (other) => specs.has(other));
      const what = rule.backends.includes(backend)
        ? `its share is answered with an empty ${route.dialect.missingBackendStatus}`
        : 'it gets no copies';
      notes.add(`${why}: ${what}`);
    }
    return cluster;
  };
  // Sweeps of outlier detection count from the start, and bad values in manifests are errors at once.
  for (const route of options.manifests.routes) {
    for (const rule of route.rules) {
      if (route.dialect.protocol === 'grpc')
        notes.add(`${describeRule(route, rule)}: gRPC needs HTTP/2, which --envoy has`);
      for (const backend of [...rule.backends, ...copiedTo(rule)]) clusterOf(backend, { route, rule });
    }
  }
  return clusterOf;
}
