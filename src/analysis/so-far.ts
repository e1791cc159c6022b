/**
 * What a run shows while it goes on, by the same code as its result. It costs more than {@link liveCounts}: whoever shows it asks
 * for it about once a second.
 *
 * Of a run that is judged once, at its end, intervals and checks are as they were if it ended now. Their chance of error is that
 * of one look: who stops the run at a look that he likes is wrong more often.
 */
import { intervalConfidence } from './checks/check-input.js';
import { makeChecks } from './checks/index.js';
import { shareFigures } from './checks/split.js';
import { listedSlots } from './counted.js';
import type { EjectionsSoFar } from './ejections/ejection-fold.js';
import { type JudgedTotals, judgedInput } from './judged-input.js';
import type { Check, ConnectionsResult, VersionResult } from './result.js';
import { shownPercentile } from './stats/percentile-bounds.js';
import type { TestMethod } from './stats/share-test.js';
import type { RecentLatency, Timeline } from './timeline.js';

export interface SoFar {
  /** `sequential`: the run ends by itself when its verdict is known. */
  readonly method: TestMethod;
  /** Of the shares' intervals. */
  readonly intervalConfidence: number;
  /** The expected versions in their order, then others that answered. */
  readonly versions: readonly VersionSoFar[];
  /** Without those that are made at the end only: whether all was sent, and ejections. Empty: nothing is judged. */
  readonly checks: readonly Check[];
  /** Requests without a good answer, by status or by the outcome's name. */
  readonly errorKinds: Readonly<Record<string, number>>;
  /** Until the verdict: how often it was looked for; null: the run is judged once. */
  readonly looks: number | null;
  /** Length of the latest spans of time in `recent`. */
  readonly recentMs: number;
  /** Null: ejections are not looked for. */
  readonly ejections: EjectionsSoFar | null;
}

export interface VersionSoFar
  extends Pick<VersionResult, 'version' | 'expectedShare' | 'share' | 'shareBounds' | 'shareInterval'> {
  /** Of backends' answers; null: too few. */
  readonly p50Us: number | null;
  readonly p99Us: number | null;
  /** The latest spans of time, the newest last; empty for versions beyond those that have a timeline. */
  readonly recent: readonly RecentLatency[];
}

/** @param connections how the connections compare; null: nothing can be compared */
export function soFar(
  totals: JudgedTotals & { readonly timeline: Timeline },
  connections: ConnectionsResult | null,
  ejections: EjectionsSoFar | null,
): SoFar {
  const { looks, latency, timeline, slots } = totals;
  const decided = looks?.decided ?? null;
  const input = judgedInput(totals, connections, {
    scheduled: 0,
    gatewayLeft: false,
    rules: [],
    endpointsMissing: false,
  });
  const shares = shareFigures(input, decided?.input ?? input);
  return {
    method: input.method,
    intervalConfidence: intervalConfidence(input),
    versions: listedSlots(totals).map((slot, i) => {
      const {
        expectedShare = null,
        share = null,
        shareBounds = null,
        shareInterval = null,
      } = shares[i] ?? {};
      const histogram = latency.histogram(slot);
      return {
        version: slots.names[slot] as string,
        expectedShare,
        share,
        shareBounds,
        shareInterval,
        p50Us: shownPercentile(histogram, 50),
        p99Us: shownPercentile(histogram, 99),
        recent: timeline.recent(slot),
      };
    }),
    checks: decided?.checks ?? [...makeChecks(input, 'any look'), ...makeChecks(input, 'doublings')],
    errorKinds: input.errors.kinds,
    looks: looks?.count ?? null,
    recentMs: timeline.recentMs,
    ejections,
  };
}
