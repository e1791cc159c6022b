/** The whole configuration of a real Envoy that behaves as istiod would make it behave. */
import type { ManifestSet, Route, RouteRule } from '../../plan/manifests/model.js';
import { attachRoutes } from '../mesh/attached-listeners.js';
import type { Certificate } from '../mesh/certificates.js';
import { whyNoCluster } from '../mesh/clusters.js';
import { leftOutNotes } from '../mesh/left-out-notes.js';
import { defaultRetryRemarks } from '../mesh/route-timing.js';
import type { Topology } from '../mesh/topology.js';
import { buildClusters } from './clusters.js';
import type { Json } from './json.js';
import { type BuiltListener, buildListeners } from './listeners.js';
import { ruleClusterName } from './rule-cluster.js';

export interface BootstrapOptions {
  readonly manifests: ManifestSet;
  readonly topology: Topology;
  /** One certificate for all HTTPS listeners; null leaves them out. */
  readonly certificate: Certificate | null;
  /** False removes Istio's two default retries (`--no-default-retries`); those of manifests stay. */
  readonly defaultRetries: boolean;
  /** Address of listeners and admin interface; `127.0.0.1` by default. */
  readonly address?: string;
  /** Port of a Gateway listener → port to listen on. Others, and all by default, are chosen by the system. */
  readonly listenOn?: ReadonlyMap<number, number>;
  /** Where outlier detection writes its events (JSON lines); no log by default. */
  readonly outlierLogPath?: string;
}

export interface Bootstrap {
  /** Envoy's bootstrap in JSON form, for `envoy -c FILE.json`. */
  readonly bootstrap: Json;
  readonly listeners: readonly Omit<BuiltListener, 'listener'>[];
  /** Values that no manifest sets, one readable line each. */
  readonly defaults: readonly string[];
  /** What is left out or should be known, one readable line each. */
  readonly notes: readonly string[];
}

/**
 * Builds a static bootstrap: clusters with their endpoints inline, routes inline, certificates inline.
 *
 * @throws UserError for values in manifests that Istio would refuse
 */
export function buildBootstrap(options: BootstrapOptions): Bootstrap {
  const { manifests, topology, defaultRetries } = options;
  const address = options.address ?? '127.0.0.1';
  const notes = new Set<string>();
  const used = new Set<string>();
  const ruleClusters = new Map<string, Json>();
  const built = buildListeners(
    attachRoutes(manifests, notes),
    {
      address,
      listenOn: (port) => options.listenOn?.get(port) ?? 0,
      certificate: options.certificate,
    },
    { manifests, topology, defaultRetries, notes, used, ruleClusters },
  );
  const clusters = buildClusters(manifests, topology);
  const defaults = new Set<string>();
  for (const { name, policy } of clusters) {
    if (used.has(name)) {
      for (const line of policy.defaults) defaults.add(line);
      for (const line of policy.notes) notes.add(line);
      if (policy.loadBalancer.policy === 'PASSTHROUGH') {
        notes.add(`${name}: PASSTHROUGH finds no original destination here: expect 503`);
      }
    }
  }
  const isInOneCluster = (route: Route, rule: RouteRule) => ruleClusters.has(ruleClusterName(route, rule));
  for (const line of leftOutNotes(manifests, isInOneCluster)) notes.add(line);
  const retries = defaultRetryRemarks(defaultRetries, manifests.istio);
  for (const line of retries.defaults) defaults.add(line);
  for (const line of retries.notes) notes.add(line);
  const existing = new Set(clusters.map(({ name }) => name));
  for (const name of used) {
    if (!existing.has(name)) {
      const why = whyNoCluster(name, (other) => existing.has(other));
      notes.add(`${why}: its share is answered with an empty 500 or 503`);
    }
  }
  return {
    bootstrap: {
      node: { id: 'weighbridge-lab', cluster: 'weighbridge-lab' },
      admin: { address: { socket_address: { address, port_value: 0 } } },
      ...(options.outlierLogPath === undefined
        ? {}
        : { cluster_manager: { outlier_detection: { event_log_path: options.outlierLogPath } } }),
      layered_runtime: {
        layers: [
          {
            name: 'static',
            static_layer: { 'overload.global_downstream_max_connections': '2147483647' },
          },
          { name: 'admin', admin_layer: {} },
        ],
      },
      static_resources: {
        listeners: built.map(({ listener }) => listener),
        clusters: [...clusters.map(({ cluster }) => cluster), ...ruleClusters.values()],
      },
    },
    listeners: built.map(({ name, gateway, port, scheme }) => ({ name, gateway, port, scheme })),
    defaults: [...defaults],
    notes: [...notes],
  };
}
