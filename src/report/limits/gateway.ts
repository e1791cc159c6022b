/** The gateway's counters beside what the client saw. */
import type { GatewayCounts, LimitsResult } from '../../analysis/limits/result.js';
import { count, counted } from '../../text/numbers.js';
import type { GridData } from '../layout/grid.js';
import { paragraph } from '../layout/page.js';
import { shortName } from '../layout/text.js';
import { label, more, number } from '../table/columns.js';
import { rankedData, rankedGrid } from './optional-columns.js';
import { versionName } from './words.js';

/** Clusters, and remarks, that are shown; `--json` has them all. */
const MAX_CLUSTERS = 20;
const MAX_REMARKS = 12;

/** Empty where the gateway was not asked, or keeps no counters. */
export function gatewaySection({ gateway }: LimitsResult, columns: number): string[] {
  if (gateway === null) return [];
  const { clusters } = gateway;
  const shown = clusters.slice(0, MAX_CLUSTERS);
  return [
    ...(shown.length === 0 ? ['Gateway'] : rankedGrid(COLUMNS, shown, columns)),
    ...more(clusters.length - shown.length, 'clusters'),
    ...gatewayLines(gateway).flatMap((line) => paragraph('-', [line], 2, columns)),
  ];
}

export function gatewayTable({ clusters }: GatewayCounts): GridData {
  return rankedData(COLUMNS, clusters);
}

/** Both counts of overflows, what was left of the limits, and remarks. */
export function gatewayLines({ clusters, overflows, remarks }: GatewayCounts): string[] {
  const shown = clusters.slice(0, MAX_CLUSTERS);
  const hidden = remarks.length - MAX_REMARKS;
  return [
    ...(overflows === null
      ? []
      : [
          `Overflows: ${count(overflows.client)} seen by the client, ${count(overflows.gateway)} counted by the gateway.`,
        ]),
    ...shown.flatMap(leastLeft),
    ...remarks.slice(0, MAX_REMARKS),
    ...(hidden > 0 ? [`And ${count(hidden)} more remarks: see --json.`] : []),
  ];
}

/** Empty where the gateway does not tell. */
function leastLeft({ cluster, version, lowestRemaining: left }: Cluster): string[] {
  if (left === null) return [];
  const name = version === null ? shortName(cluster) : versionName(version);
  const parts = [
    counted(left.connections, 'connection'),
    `${count(left.pending)} waiting`,
    counted(left.requests, 'request'),
  ];
  return [
    `Least left of the limits of ${name}, when they were looked at between steps: ${parts.join(', ')}.`,
  ];
}

type Cluster = NonNullable<LimitsResult['gateway']>['clusters'][number];

const COLUMNS = [
  { column: label('Gateway'), cell: ({ cluster }: Cluster) => cluster, rank: 0 },
  {
    column: { head: 'version', align: 'left', fit: 'cut' } as const,
    cell: ({ version }: Cluster) => (version === null ? '-' : versionName(version)),
    rank: 1,
  },
  { column: number('queue full'), cell: ({ pendingOverflow }: Cluster) => count(pendingOverflow), rank: 0 },
  {
    column: number('requests full'),
    cell: ({ activeOverflow }: Cluster) => (activeOverflow === null ? '-' : count(activeOverflow)),
    rank: 0,
  },
  {
    column: number('connections full'),
    cell: ({ connectionOverflow }: Cluster) => count(connectionOverflow),
    rank: 3,
  },
  { column: number('retries full'), cell: ({ retryOverflow }: Cluster) => count(retryOverflow), rank: 2 },
];
