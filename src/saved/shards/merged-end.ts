/** What the shards of a run knew at their ends, merged. */
import { mergeGeneratorUse } from '../../blocks/generator-use.js';
import { mergeCounters, type RunCounters, type SeenCounters } from '../../blocks/run-counters.js';
import { LABELS_BOUNDED, type RunEnd } from '../../blocks/run-record.js';
import { mergedObservations } from '../../gateway/merge.js';
import type { Shard } from './shard.js';
import { apartNotes, cutNote, mergedNotes, shardsNote } from './shard-notes.js';

/** What a run knew at its end. Where its file has no end, it is made from the rows, and the rest is null. */
export function endOf({ run, rows }: Shard): RunEnd {
  const end = run.end();
  if (end !== null) return end;
  const { load } = run.plan;
  return {
    ended: 'truncated',
    scheduled: rows.measured,
    threads: Math.min(load.threads, load.mode === 'open' ? load.maxInFlight : load.connections),
    counters: { connectionsOpened: rows.connections },
    generator: null,
    clockStepUs: 0,
    settle: null,
    gateway: null,
    notes: [cutNote(run.file, rows.measured)],
  };
}

/**
 * The end of the run that the shards are.
 *
 * @param ends of each shard, in the same order
 * @param labelsOverflowed whether the shards have more labels together than the tables of one run hold
 */
export function mergedEnd(
  shards: readonly Shard[],
  ends: readonly RunEnd[],
  labelsOverflowed: boolean,
): RunEnd {
  const worst = (['truncated', 'failed', 'terminated', 'interrupted'] as const).find((how) =>
    ends.some(({ ended }) => ended === how),
  );
  const clockStepUs = ends.reduce(
    (most, end) => (Math.abs(end.clockStepUs) > Math.abs(most) ? end.clockStepUs : most),
    0,
  );
  return {
    ended: worst ?? 'completed',
    scheduled: ends.reduce((sum, { scheduled }) => sum + scheduled, 0),
    threads: ends.reduce((sum, { threads }) => sum + threads, 0),
    counters: mergedCounters(ends.map(({ counters }) => counters)),
    generator: mergeGeneratorUse(ends.map(({ generator }) => generator)),
    clockStepUs,
    settle: mergedSettle(ends.map(({ settle }) => settle)),
    gateway: mergedObservations(
      ends.map(({ gateway }, i) => ({ gateway, shiftMs: (shards[i] as Shard).shiftUs / 1000 })),
    ),
    notes: [
      shardsNote(shards, clockStepUs),
      ...apartNotes(shards),
      ...(labelsOverflowed ? [LABELS_BOUNDED] : []),
      ...mergedNotes(ends.map(({ notes }, i) => ({ file: (shards[i] as Shard).run.file, notes }))),
    ],
  };
}

/** The generators waited at the same time: the longest wait is that of the run. */
function mergedSettle(all: readonly RunEnd['settle'][]): RunEnd['settle'] {
  const known = all.filter((settle) => settle !== null);
  if (known.length === 0) return null;
  return {
    durationMs: Math.max(...known.map(({ durationMs }) => durationMs)),
    requests: known.reduce((sum, { requests }) => sum + requests, 0),
    complete: known.every(({ complete }) => complete),
  };
}

/** Sums of the counters; where a file has no end, only its connections are known. */
function mergedCounters(all: readonly RunEnd['counters'][]): RunCounters | SeenCounters {
  const known = all.filter((counters): counters is RunCounters => 'connectSumUs' in counters);
  if (known.length < all.length) {
    const opened = all.map(({ connectionsOpened }) => connectionsOpened);
    return {
      connectionsOpened: opened.some((n) => n === null)
        ? null
        : opened.reduce<number>((sum, n) => sum + (n ?? 0), 0),
    };
  }
  return mergeCounters(known);
}
