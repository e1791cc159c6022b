/** The gateway's absences, from wherever they are known, as one list. */

import type { AdminEjection, Span } from '../../blocks/gateway-observations.js';
import type { LoggedEjection } from '../../gateway/log-ejections.js';
import type { GatewayWindow } from '../ejections/result.js';
import { SLACK_MS } from '../envoy-timing.js';
import type { ClusterMeans } from './cluster-versions.js';
import type { Told } from './match-windows.js';

/** An absence in the gateway's word, with what is known about it besides times. */
export interface ReportedEjection extends Told {
  readonly from: GatewayWindow['from'];
  /** Of the log. */
  readonly type: string | null;
  /** No line, or no look, says how it ended; `unejectedMs` is when it must have. */
  readonly cleared: boolean;
  /** It is no endpoint of the cluster any more. */
  readonly gone: boolean;
}

/** As {@link ReportedEjection}. */
export function fromLog(absence: LoggedEjection, means: ReadonlyMap<string, ClusterMeans>): ReportedEjection {
  return {
    ...absence,
    version: versionOf(absence.cluster, means),
    from: 'event-log',
    source: 'log',
    gone: false,
    glimpsed: false,
  };
}

/** As {@link ReportedEjection}. */
export function fromAdmin(
  absence: AdminEjection,
  url: string,
  means: ReadonlyMap<string, ClusterMeans>,
): ReportedEjection {
  const version = versionOf(absence.cluster, means);
  return { ...absence, version, from: 'admin', source: url, type: null, cleared: false, glimpsed: true };
}

function versionOf(cluster: string, means: ReadonlyMap<string, ClusterMeans>): string | null {
  const meant = means.get(cluster);
  return meant?.kind === 'version' ? meant.version : null;
}

/** The absence as far as it was during the run, if it was: what began before has no beginning, what ended after it no end. */
export function inRun(absence: ReportedEjection, [from, to]: Span): ReportedEjection[] {
  const { ejectedMs, unejectedMs } = absence;
  if (ejectedMs !== null && ejectedMs[0] > to) return [];
  if (unejectedMs !== null && unejectedMs[1] < from) return [];
  return [
    {
      ...absence,
      ejectedMs: ejectedMs !== null && ejectedMs[1] < from ? null : ejectedMs,
      unejectedMs: unejectedMs !== null && unejectedMs[0] > to ? null : unejectedMs,
    },
  ];
}

/**
 * An absence of which log and interface tell counts once, by the log's times; the interface may know an end that the
 * log has not. Between two looks an endpoint may have been back: then one absence of the interface is several of the log.
 */
export function mergeLogAndAdmin(told: readonly ReportedEjection[]): ReportedEjection[] {
  const logged = told.filter(({ from }) => from === 'event-log');
  const alone: ReportedEjection[] = [];
  const [started, ended] = [new Set<number>(), new Set<number>()];
  for (const looked of told) {
    if (looked.from !== 'admin') continue;
    const own = [...logged.keys()].filter((at) => isSameHost(logged[at] as ReportedEjection, looked));
    const [starts, ends] = [
      own.filter((at) => !started.has(at)),
      own.filter((at) => !ended.has(at)).toReversed(),
    ];
    const first = firstNear(starts, (at) => logged[at]?.ejectedMs, looked.ejectedMs);
    const last = firstNear(ends, (at) => logged[at]?.unejectedMs, looked.unejectedMs);
    const end = last === undefined ? null : withEndOf(logged[last] as ReportedEjection, looked);
    if (first === undefined || last === undefined || end === null || last < first) {
      alone.push(looked);
      continue;
    }
    started.add(first);
    ended.add(last);
    logged[last] = end;
  }
  return [...logged, ...alone];
}

/** The log's absence, with the interface's end where the log has none; null when that came before it began. */
function withEndOf(
  logged: ReportedEjection,
  { unejectedMs, gone }: ReportedEjection,
): ReportedEjection | null {
  if (logged.unejectedMs !== null || unejectedMs === null) return logged;
  const began = logged.ejectedMs?.[1] ?? Number.NEGATIVE_INFINITY;
  if (unejectedMs[1] <= began) return null;
  return { ...logged, unejectedMs: [Math.max(unejectedMs[0], began), unejectedMs[1]], gone, cleared: true };
}

/** The first one whose time is near; one whose time is not known only where none is. */
function firstNear(
  all: readonly number[],
  timeOf: (at: number) => Span | null | undefined,
  looked: Span | null,
): number | undefined {
  const near = all.filter((at) => isNear(timeOf(at), looked));
  const isSure = (at: number) => (timeOf(at) === null) === (looked === null);
  return near.find(isSure) ?? near[0];
}

function isSameHost(logged: ReportedEjection, looked: ReportedEjection): boolean {
  if (logged.cluster !== looked.cluster || logged.address !== looked.address) return false;
  const endsAfterStart = (one: ReportedEjection, other: ReportedEjection) =>
    one.unejectedMs === null ||
    other.ejectedMs === null ||
    other.ejectedMs[0] <= one.unejectedMs[1] + SLACK_MS;
  return endsAfterStart(logged, looked) && endsAfterStart(looked, logged);
}

function isNear(logged: Span | null = null, looked: Span | null): boolean {
  return (
    logged === null ||
    looked === null ||
    (logged[0] - SLACK_MS <= looked[1] && looked[0] - SLACK_MS <= logged[1])
  );
}
