/** Ejections as the gateway reports them, from its event log or an admin interface, in one form. */

import type { AdminEjection, Span } from '../../blocks/gateway-observations.js';
import type { LoggedEjection } from '../../gateway/log-ejections.js';
import type { GatewayWindow } from '../ejections/result.js';
import type { ClusterMeans } from './cluster-versions.js';

/** Times in ms on the run clock. */
export interface ReportedEjection {
  readonly cluster: string;
  /** Null: the cluster's name does not show it. */
  readonly version: string | null;
  /** `10.0.3.17:8080` */
  readonly address: string;
  /** Null: before the run, or before the first look. */
  readonly ejectedMs: Span | null;
  /** Null: after the end of the run, or not known. */
  readonly unejectedMs: Span | null;
  readonly from: GatewayWindow['from'];
  /** The log or the interface that reports it: one source reports an ejection once. */
  readonly source: string;
  /** `CONSECUTIVE_5XX`; null: not from a log. */
  readonly type: string | null;
  /** No line of the log and no look shows how it ended; `unejectedMs` bounds when it did. */
  readonly cleared: boolean;
  /** It ended because the endpoint was removed from the cluster. */
  readonly gone: boolean;
  /** It is from looks at intervals, so the endpoint may have been back between two looks. */
  readonly sampled: boolean;
}

export function fromLog(
  ejection: LoggedEjection,
  means: ReadonlyMap<string, ClusterMeans>,
): ReportedEjection {
  return {
    ...ejection,
    version: versionOf(ejection.cluster, means),
    from: 'event-log',
    source: 'log',
    gone: false,
    sampled: false,
  };
}

/** @param url of the admin interface */
export function fromAdmin(
  ejection: AdminEjection,
  url: string,
  means: ReadonlyMap<string, ClusterMeans>,
): ReportedEjection {
  return {
    ...ejection,
    version: versionOf(ejection.cluster, means),
    from: 'admin',
    source: url,
    type: null,
    cleared: false,
    sampled: true,
  };
}

function versionOf(cluster: string, means: ReadonlyMap<string, ClusterMeans>): string | null {
  const meant = means.get(cluster);
  return meant?.kind === 'version' ? meant.version : null;
}

/**
 * The part of an ejection that lies in the run: one that began earlier has no beginning, one that ended later no end.
 *
 * @returns no element if it was over before, or began afterwards
 */
export function clippedToRun(ejection: ReportedEjection, [from, to]: Span): ReportedEjection[] {
  const { ejectedMs, unejectedMs } = ejection;
  if (ejectedMs !== null && ejectedMs[0] > to) return [];
  if (unejectedMs !== null && unejectedMs[1] < from) return [];
  return [
    {
      ...ejection,
      ejectedMs: ejectedMs !== null && ejectedMs[1] < from ? null : ejectedMs,
      unejectedMs: unejectedMs !== null && unejectedMs[0] > to ? null : unejectedMs,
    },
  ];
}
