/** How the shares settle: of all requests that had ended by the end of each interval of the timeline. */
import type { JudgePlan } from '../plan/plan.js';
import { tolerancesOf } from '../plan/tolerance.js';
import { shareIntervalOf } from './checks/split.js';
import type { RunningShare } from './result.js';
import type { SlotCounts } from './slot-counts.js';
import { shareTest } from './stats/share-test.js';
import { attributedIn, type TimelineInterval } from './timeline.js';
import { NONE, type VersionSlots } from './version-slots.js';

/**
 * A row per expected version that has rows of its own in the timeline, and interval. The intervals are those of a test that holds at
 * every look, since they are there to be looked at one after the other: all of them together are right with the confidence.
 *
 * @param areDraws false: requests are no draws of their own, so that no interval is known
 */
export function runningShares(
  intervals: readonly TimelineInterval[],
  { expected }: Pick<VersionSlots, 'expected'>,
  judge: JudgePlan,
  areDraws: boolean,
): RunningShare[] {
  if (judge.expected === null) return [];
  const tolerances = tolerancesOf(judge);
  const seen = new Set(intervals.flatMap(({ slots }) => [...slots.keys()]));
  const followed = judge.expected.flatMap(({ name }, i) => {
    const [slot, tolerance] = [expected[i] as number, tolerances[i] as number];
    return seen.has(slot)
      ? [{ name, slot, test: shareTest('sequential', tolerance), drawn: 0, requests: 0 }]
      : [];
  });
  const rows: RunningShare[] = [];
  let [attributed, drawn, unknown] = [0, 0, 0];
  for (const { endMs, slots } of intervals) {
    attributed += attributedIn(slots);
    drawn += drawnIn(slots);
    unknown += unknownIn(slots);
    for (const one of followed) {
      one.drawn += slots.get(one.slot)?.drawn ?? 0;
      one.requests += slots.get(one.slot)?.responses.requests ?? 0;
      if (attributed === 0) continue;
      const counts = { drawn: one.drawn, unknown, all: drawn + unknown };
      rows.push({
        endMs,
        version: one.name,
        requests: one.requests,
        share: one.requests / attributed,
        shareInterval: areDraws ? shareIntervalOf(one.test, counts, 1 - judge.confidence) : null,
      });
    }
  }
  return rows;
}

function drawnIn(slots: TimelineInterval['slots']): number {
  let all = 0;
  for (const [slot, { drawn }] of slots) if (slot !== NONE) all += drawn;
  return all;
}

/** Requests whose version is not known though the gateway may have drawn one: as Counts.unknownVersion. */
function unknownIn(slots: TimelineInterval['slots']): number {
  let all = 0;
  for (const [slot, counts] of slots) all += unknownOf(slot, counts);
  return all;
}

function unknownOf(slot: number, { sent, cutOff }: SlotCounts): number {
  return (slot === NONE ? sent : 0) + cutOff;
}
