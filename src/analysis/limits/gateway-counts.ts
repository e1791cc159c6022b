/** What the gateway counted of its circuit breakers, beside what the client saw. */
import { sum } from '../../collections.js';
import type { BreakerReport, Overflows } from '../../gateway/breaker-watch.js';
import { clusterVersions } from '../gateway-view/cluster-versions.js';
import type { GatewayCounts, OverflowCounts } from './result.js';

/**
 * @param versions names of all versions that answered
 * @param clientOverflows overflows that the client saw
 */
export function gatewayCounts(
  breakers: BreakerReport,
  versions: readonly string[],
  clientOverflows: number,
): GatewayCounts {
  const rows = ownClusters(breakers.clusters ?? new Map(), versions).map(
    ({ cluster, version, counts: { overflows, remaining } }) => ({
      cluster,
      version,
      pendingOverflow: overflows.pending,
      activeOverflow: overflows.active,
      connectionOverflow: overflows.connection,
      retryOverflow: overflows.retry,
      lowestRemaining: remaining === null ? null : { ...remaining },
    }),
  );
  return {
    clusters: rows,
    overflows:
      breakers.clusters === null
        ? null
        : {
            client: clientOverflows,
            gateway: sum(rows.map((row) => row.pendingOverflow + (row.activeOverflow ?? 0))),
          },
    remarks: [...breakers.remarks],
  };
}

/** Refusals of the gateway's limits, of the clusters of these versions together. */
export function overflowsOf(
  clusters: ReadonlyMap<string, Overflows>,
  versions: readonly string[],
): OverflowCounts {
  const own = ownClusters(clusters, versions).map(({ counts }) => counts);
  const known = own.flatMap(({ active }) => active ?? []);
  return {
    pending: sum(own.map(({ pending }) => pending)),
    active: known.length === 0 && own.length > 0 ? null : sum(known),
  };
}

/** Without those that belong to no version of the search; with a null version where names do not show it. */
function ownClusters<Counts>(
  clusters: ReadonlyMap<string, Counts>,
  versions: readonly string[],
): { cluster: string; version: string | null; counts: Counts }[] {
  const means = clusterVersions(clusters.keys(), versions);
  return [...clusters].flatMap(([cluster, counts]) => {
    const meaning = means.get(cluster);
    if (meaning?.kind === 'foreign') return [];
    return [{ cluster, version: meaning?.kind === 'version' ? meaning.version : null, counts }];
  });
}
