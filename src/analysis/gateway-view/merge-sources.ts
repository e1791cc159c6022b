/** Merges what the event log and the admin interfaces report, so that each ejection counts once. */

import type { Span } from '../../blocks/gateway-observations.js';
import { SLACK_MS } from '../envoy-timing.js';
import type { ReportedEjection } from './reported-ejection.js';

/**
 * An ejection that both report counts once, with the log's times; if the log has no end, the interface's end is taken.
 * An endpoint may have been back between two looks, so one ejection of the interface may be several of the log.
 */
export function mergeLogAndAdmin(reported: readonly ReportedEjection[]): ReportedEjection[] {
  const logged = reported.filter(({ from }) => from === 'event-log');
  const onlyAdmin: ReportedEjection[] = [];
  const [started, ended] = [new Set<number>(), new Set<number>()];
  for (const looked of reported) {
    if (looked.from !== 'admin') continue;
    const own = [...logged.keys()].filter((at) => mayBeSame(logged[at] as ReportedEjection, looked));
    const starts = own.filter((at) => !started.has(at));
    const ends = own.filter((at) => !ended.has(at)).toReversed();
    const first = firstNear(starts, (at) => logged[at]?.ejectedMs, looked.ejectedMs);
    const last = firstNear(ends, (at) => logged[at]?.unejectedMs, looked.unejectedMs);
    const merged = last === undefined ? null : withEndOf(logged[last] as ReportedEjection, looked);
    if (first === undefined || last === undefined || merged === null || last < first) {
      onlyAdmin.push(looked);
      continue;
    }
    started.add(first);
    ended.add(last);
    logged[last] = merged;
  }
  return [...logged, ...onlyAdmin];
}

/** The log's ejection, with the interface's end if the log has none; null: that end is before it began. */
function withEndOf(
  logged: ReportedEjection,
  { unejectedMs, gone }: ReportedEjection,
): ReportedEjection | null {
  if (logged.unejectedMs !== null || unejectedMs === null) return logged;
  const began = logged.ejectedMs?.[1] ?? Number.NEGATIVE_INFINITY;
  if (unejectedMs[1] <= began) return null;
  return { ...logged, unejectedMs: [Math.max(unejectedMs[0], began), unejectedMs[1]], gone, cleared: true };
}

/** The first whose time is near; one whose time is unknown only if there is no other. */
function firstNear(
  all: readonly number[],
  timeOf: (at: number) => Span | null | undefined,
  looked: Span | null,
): number | undefined {
  const near = all.filter((at) => isNear(timeOf(at), looked));
  const isAsKnown = (at: number) => (timeOf(at) === null) === (looked === null);
  return near.find(isAsKnown) ?? near[0];
}

/** Whether both belong to the same endpoint and neither ended before the other began. */
function mayBeSame(logged: ReportedEjection, looked: ReportedEjection): boolean {
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
