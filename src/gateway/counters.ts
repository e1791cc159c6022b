/** Envoy's counters of outlier detection and overflows: by how much each grew during a run. */
import { MAX_CLUSTERS, MAX_COUNTERS } from '../blocks/gateway-observations.js';
import { compareText } from '../collections.js';
import { printable } from '../text/printable.js';

/** Names of the counters that are requested: the regular expression in `filter` of `/stats`. */
export const STATS_FILTER =
  'outlier_detection|upstream_rq_(pending|active)_overflow|cluster_updated_via_merge';

/** The same for Istio's proxyStatsMatcher, whose expressions must match a whole name. */
const ISTIO_STATS = ['.*outlier_detection.*', '.*upstream_rq_(pending|active)_overflow'];

const OF_A_CLUSTER = /^cluster\.(.+?);?\.(outlier_detection\.\w+|upstream_rq_(?:pending|active)_overflow)$/s;
const MERGED = 'cluster_manager.cluster_updated_via_merge';
/** A gauge (how many are out now), and deprecated names that Envoy still keeps. */
const LEFT_OUT: ReadonlySet<string> = new Set(
  ['active', 'total', 'consecutive_5xx', 'success_rate'].map((name) => `outlier_detection.ejections_${name}`),
);
/** Kept even if they did not grow. */
const ALWAYS: ReadonlySet<string> = new Set([
  'outlier_detection.ejections_enforced_total',
  'outlier_detection.ejections_overflow',
]);
const MAX_NAME = 512;

export interface Deltas {
  /** Growth by cluster and counter; null if the gateway keeps no counters of clusters. */
  readonly counters: Record<string, Record<string, number>> | null;
  readonly remarks: readonly string[];
}

/** By how much counters grew between two answers of `/stats`, by name. */
export function counterDeltas(
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
): Deltas {
  const clusters = new Map<string, Record<string, number>>();
  let detects = false;
  let fell = false;
  let known = 0;
  for (const [name, value] of after) {
    const [, cluster, counter] = OF_A_CLUSTER.exec(name) ?? [];
    if (cluster === undefined || counter === undefined || isOwn(cluster)) continue;
    known += 1;
    detects ||= counter.startsWith('outlier_detection.');
    if (LEFT_OUT.has(counter)) continue;
    const was = before.get(name) ?? 0;
    // Counters never fall: Envoy was restarted and counts from 0.
    fell ||= value < was;
    const grew = value < was ? value : value - was;
    if (grew === 0 && !ALWAYS.has(counter)) continue;
    const kept = clusters.get(cluster) ?? {};
    if (Object.keys(kept).length >= MAX_COUNTERS) continue;
    kept[counter] = grew;
    clusters.set(cluster, kept);
  }
  if (known === 0) return { counters: null, remarks: [noCounters(ISTIO_STATS)] };
  const remarks: string[] = [];
  if (!detects) {
    remarks.push(
      'The gateway has no cluster with outlier detection: no DestinationRule with outlierDetection is in effect.',
    );
  }
  if (fell) remarks.push('Counters of the gateway fell: it was restarted during the run.');
  const merged = (after.get(MERGED) ?? 0) - (before.get(MERGED) ?? 0);
  if (merged > 0) {
    remarks.push(
      `Envoy delayed host-set changes by its merge window ${merged === 1 ? 'once' : `${merged} times`} during the run ` +
        '(cluster_manager.cluster_updated_via_merge).',
    );
  }
  const sorted = [...clusters].sort(([a], [b]) => compareText(a, b));
  const hasGrown = ([, counters]: (typeof sorted)[number]) => Object.values(counters).some((n) => n > 0);
  // Clusters with a counter that grew come first.
  const grown = sorted.filter(hasGrown);
  const others = sorted.filter((cluster) => !hasGrown(cluster));
  const kept = [...grown, ...others].slice(0, MAX_CLUSTERS);
  if (kept.length < sorted.length) {
    remarks.push(`Counters of ${MAX_CLUSTERS} of ${sorted.length} clusters are kept.`);
  }
  return {
    counters: Object.fromEntries(kept.map(([name, counters]) => [printable(name, MAX_NAME), counters])),
    remarks,
  };
}

/** Clusters of Istio's proxy itself; it keeps their counters by default. */
export function isOwn(cluster: string): boolean {
  return (
    cluster === 'xds-grpc' || cluster === 'prometheus_stats' || cluster === 'agent' || cluster === 'sds-grpc'
  );
}

/**
 * How to get counters from an Istio proxy, which keeps none of its clusters by default.
 *
 * @param stats regular expressions for their names
 */
export function noCounters(stats: readonly string[]): string {
  return (
    'The gateway keeps no counters of its clusters, which is the default of an Istio proxy. This annotation enables them, under ' +
    "spec.infrastructure.annotations of a Gateway (Gateway API) or spec.template.metadata.annotations of a gateway's own " +
    'Deployment; its pods restart: proxy.istio.io/config: ' +
    `'{"proxyStatsMatcher": {"inclusionRegexps": ["${stats.join('", "')}"]}}'`
  );
}
