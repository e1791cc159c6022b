/** Envoy's counters about outlier detection and refusals: what they grew by during a run. */
import { compareText } from '../collections.js';
import { printable } from '../text/printable.js';

/** Names that are asked for, as the admin interface's regular expression. */
export const STATS_FILTER =
  'outlier_detection|upstream_rq_(pending|active)_overflow|cluster_updated_via_merge';

/** The same for Istio's proxyStatsMatcher, which holds each against a whole name. */
const ISTIO_STATS = ['.*outlier_detection.*', '.*upstream_rq_(pending|active)_overflow'];

const OF_A_CLUSTER = /^cluster\.(.+?);?\.(outlier_detection\.\w+|upstream_rq_(?:pending|active)_overflow)$/s;
const MERGED = 'cluster_manager.cluster_updated_via_merge';
/** A gauge, of how many are out now; and old names of counters that Envoy still keeps. */
const LEFT_OUT: ReadonlySet<string> = new Set(
  ['active', 'total', 'consecutive_5xx', 'success_rate'].map((name) => `outlier_detection.ejections_${name}`),
);
/** Shown also when they did not grow. */
const ALWAYS: ReadonlySet<string> = new Set([
  'outlier_detection.ejections_enforced_total',
  'outlier_detection.ejections_overflow',
]);
const MAX_CLUSTERS = 256;
const MAX_NAME = 512;

export interface Deltas {
  /** By cluster and counter; null when the gateway keeps none of a cluster. */
  readonly counters: Record<string, Record<string, number>> | null;
  readonly remarks: readonly string[];
}

/** What counters grew by from one answer of `/stats` to another. */
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
    // A counter does not fall: Envoy was started again, and counted from 0.
    fell ||= value < was;
    const grew = value < was ? value : value - was;
    if (grew === 0 && !ALWAYS.has(counter)) continue;
    const kept = clusters.get(cluster) ?? {};
    kept[counter] = grew;
    clusters.set(cluster, kept);
  }
  if (known === 0) return { counters: null, remarks: [NO_COUNTERS] };
  const remarks: string[] = [];
  if (!detects) {
    remarks.push(
      'The gateway has no cluster with outlier detection: no DestinationRule that asks for it is in force.',
    );
  }
  if (fell) remarks.push('Counters of the gateway fell: it was started again during the run.');
  const merged = (after.get(MERGED) ?? 0) - (before.get(MERGED) ?? 0);
  if (merged > 0) {
    remarks.push(
      `Envoy held host-set changes back for its merge window ${merged === 1 ? 'once' : `${merged} times`} during the run ` +
        '(cluster_manager.cluster_updated_via_merge).',
    );
  }
  const sorted = [...clusters].sort(([a], [b]) => compareText(a, b));
  // Those of which something was counted come first.
  const grown = sorted.filter(([, counters]) => Object.values(counters).some((n) => n > 0));
  const others = sorted.filter((cluster) => !grown.includes(cluster));
  const kept = [...grown, ...others].slice(0, MAX_CLUSTERS);
  if (kept.length < sorted.length) {
    remarks.push(`Counters of ${MAX_CLUSTERS} of ${sorted.length} clusters are kept.`);
  }
  return {
    counters: Object.fromEntries(kept.map(([name, counters]) => [printable(name, MAX_NAME), counters])),
    remarks,
  };
}

/** Clusters to which Istio's proxy itself speaks; it keeps their counters by default. */
function isOwn(cluster: string): boolean {
  return (
    cluster === 'xds-grpc' || cluster === 'prometheus_stats' || cluster === 'agent' || cluster === 'sds-grpc'
  );
}

/** How to get counters of an Istio proxy, which keeps none of its clusters by default. */
const NO_COUNTERS =
  'The gateway keeps no counters of its clusters, as an Istio proxy does by default. This annotation brings them, under ' +
  "spec.infrastructure.annotations of a Gateway (Gateway API) or spec.template.metadata.annotations of a gateway's own " +
  'Deployment; its pods are started anew: proxy.istio.io/config: ' +
  `'{"proxyStatsMatcher": {"inclusionRegexps": ["${ISTIO_STATS.join('", "')}"]}}'`;
