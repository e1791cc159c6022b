/** The gateway's absences, from wherever they are known, as one list. */

import type { GatewayWindow } from '../analysis/ejections/result.js';
import { SLACK_MS } from '../analysis/ejections/sequence.js';
import type { ClusterMeans } from './cluster-versions.js';
import type { LogAbsence } from './log-absences.js';
import type { Told } from './match.js';
import type { AdminAbsence, Span } from './observations.js';

/** An absence in the gateway's word, with what is known about it besides times. */
export interface ToldAbsence extends Told {
  readonly from: GatewayWindow['from'];
  /** Of the log. */
  readonly type: string | null;
  /** No line, or no look, says how it ended; `unejectedMs` is when it must have. */
  readonly cleared: boolean;
  /** It is no endpoint of the cluster any more. */
  readonly gone: boolean;
}

/** As {@link ToldAbsence}. */
export function fromLog(absence: LogAbsence, means: ReadonlyMap<string, ClusterMeans>): ToldAbsence {
  return {
    ...absence,
    version: versionOf(absence.cluster, means),
    from: 'event-log',
    source: 'log',
    gone: false,
    glimpsed: false,
  };
}

/** As {@link ToldAbsence}. */
export function fromAdmin(
  absence: AdminAbsence,
  url: string,
  means: ReadonlyMap<string, ClusterMeans>,
): ToldAbsence {
  const version = versionOf(absence.cluster, means);
  return { ...absence, version, from: 'admin', source: url, type: null, cleared: false, glimpsed: true };
}

function versionOf(cluster: string, means: ReadonlyMap<string, ClusterMeans>): string | null {
  const meant = means.get(cluster);
  return meant?.kind === 'version' ? meant.version : null;
}

/** The absence as far as it was during the run, if it was: what began before has no beginning, what ended after it no end. */
export function inRun(absence: ToldAbsence, [from, to]: Span): ToldAbsence[] {
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
 * log has not. Between two looks an endpoint may have been back: then one absence of the interface is two of the log.
 */
export function withoutTwins(told: readonly ToldAbsence[]): ToldAbsence[] {
  const kept = told.filter(({ from }) => from === 'event-log');
  const started = new Set<number>();
  const ended = new Set<number>();
  for (const looked of told) {
    if (looked.from !== 'admin') continue;
    const isOf = (at: number) => isSameHost(kept[at] as ToldAbsence, looked);
    const all = kept.flatMap(({ from }, at) => (from === 'event-log' && isOf(at) ? [at] : []));
    const first = all.find((at) => !started.has(at) && isNear(kept[at]?.ejectedMs, looked.ejectedMs));
    const last = all.findLast((at) => !ended.has(at) && isNear(kept[at]?.unejectedMs, looked.unejectedMs));
    const logged = last === undefined ? undefined : kept[last];
    if (first === undefined || last === undefined || logged === undefined || last < first) {
      kept.push(looked);
      continue;
    }
    started.add(first);
    ended.add(last);
    const { unejectedMs, gone } = looked;
    if (logged.unejectedMs === null)
      kept[last] = { ...logged, unejectedMs, gone, cleared: unejectedMs !== null };
  }
  return kept;
}

function isSameHost(logged: ToldAbsence, looked: ToldAbsence): boolean {
  if (logged.cluster !== looked.cluster || logged.address !== looked.address) return false;
  const endsAfterStart = (one: ToldAbsence, other: ToldAbsence) =>
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
