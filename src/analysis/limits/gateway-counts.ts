/** What the gateway counted of its circuit breakers, beside what the client saw. */
import type { BreakerReport } from '../../gateway/breaker-watch.js';
import { clusterVersions } from '../gateway-view/cluster-versions.js';
import type { GatewayCounts } from './result.js';

/**
 * @param versions names of all versions that answered
 * @param clientOverflows overflows that the client saw
 */
export function gatewayCounts(
  breakers: BreakerReport,
  versions: readonly string[],
  clientOverflows: number,
): GatewayCounts {
  const clusters = [...(breakers.clusters ?? [])];
  const means = clusterVersions(
    clusters.map(([cluster]) => cluster),
    versions,
  );
  const rows = clusters.flatMap(([cluster, { overflows, remaining }]) => {
    const meaning = means.get(cluster);
    if (meaning?.kind === 'foreign') return [];
    return [
      {
        cluster,
        version: meaning?.kind === 'version' ? meaning.version : null,
        pendingOverflow: overflows.pending,
        activeOverflow: overflows.active,
        connectionOverflow: overflows.connection,
        retryOverflow: overflows.retry,
        lowestRemaining: remaining === null ? null : { ...remaining },
      },
    ];
  });
  return {
    clusters: rows,
    overflows:
      breakers.clusters === null
        ? null
        : {
            client: clientOverflows,
            gateway: rows.reduce((sum, row) => sum + row.pendingOverflow + (row.activeOverflow ?? 0), 0),
          },
    remarks: [...breakers.remarks],
  };
}
