/** Counts while a run goes on. */
import { errorStatusTest } from '../plan/error-limits.js';
import { type Counted, listedSlots } from './counted.js';
import { shownPercentile } from './stats/percentile-bounds.js';

export interface LiveCounts {
  attributed: number;
  unattributed: number;
  failed: number;
  cutOff: number;
  /** Requests of the phases before the measured one. */
  before: number;
  versions: LiveVersion[];
}

export interface LiveVersion {
  version: string;
  /** Null: it is not expected. */
  expectedShare: number | null;
  /** Whole responses. */
  requests: number;
  /** Null: nothing was answered, and nothing failed. */
  errorRate: number | null;
  /** Of backends' answers; null: too few. */
  p99Us: number | null;
}

/** @param before requests of the phases before the measured one */
export function liveCounts(
  { judge, slots, counts, latency }: Omit<Counted, 'method'>,
  before: number,
): LiveCounts {
  const isError = errorStatusTest(judge.errorStatuses);
  return {
    attributed: counts.attributed,
    unattributed: counts.unattributed,
    failed: counts.ofClass('failed'),
    cutOff: counts.ofClass('cutOff'),
    before,
    versions: listedSlots({ slots, counts }).map((slot, i) => {
      const { errors, requests } = counts.errors(isError, slot);
      return {
        version: slots.names[slot] as string,
        expectedShare: judge.expected?.[i]?.share ?? null,
        requests: counts.slot(slot).responses.requests,
        errorRate: requests === 0 ? null : errors / requests,
        p99Us: shownPercentile(latency.histogram(slot), 99),
      };
    }),
  };
}
