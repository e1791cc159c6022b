/** The run over time: a row per interval and version, by when requests ended. */

import { OUTCOMES } from '../blocks/outcome.js';
import { COARSE, LogHistogram } from '../log-histogram.js';
import type { TimelineRow } from './result.js';
import { errorsOf, SlotCounts } from './slot-counts.js';
import { shownPercentile } from './stats/percentile-bounds.js';
import { NONE, OTHER } from './version-slots.js';

const FIRST_INTERVAL_MS = 100;
/** Past either bound two intervals become one. */
const MAX_INTERVALS = 240;
const MAX_ROWS = 1024;
/** Slots with rows of their own; later ones share OTHER's. */
const MAX_SLOTS = 18;

/** By outcome code: 1 for requests that never left this machine, which ended at no time. */
const IS_NOT_SENT = Uint8Array.from(OUTCOMES, ({ class: kind, sent }) =>
  kind === 'cutOff' && !sent ? 1 : 0,
);

/** The spans of time of {@link Timeline.recent}, and how long they are at most while intervals are not longer themselves. */
const RECENT = 16;
const RECENT_MS = 1600;

/** Of backends' answers in a span of time; null: too few, or none. */
export interface RecentLatency {
  readonly p50Us: number | null;
  readonly p99Us: number | null;
}

class Row {
  readonly counts = new SlotCounts();
  /** Of backends' answers. */
  readonly latency = new LogHistogram(COARSE);

  merge(other: Row): void {
    this.counts.merge(other.counts);
    this.latency.merge(other.latency);
  }
}

/** What ended in an interval. */
export interface TimelineInterval {
  readonly endMs: number;
  /** By slot; those beyond the bound are together in OTHER. */
  readonly slots: ReadonlyMap<number, SlotCounts>;
}

export class Timeline {
  #intervalUs = FIRST_INTERVAL_MS * 1000;
  /** By interval × MAX_SLOTS + slot. */
  #rows = new Map<number, Row>();
  /** The last interval that has a row. */
  #newest = 0;

  get intervalMs(): number {
    return this.#intervalUs / 1000;
  }

  /**
   * Counts a request.
   *
   * @param endUs on the run clock
   * @param outcome its code
   * @param origin ORIGIN
   * @param latencyUs whole microseconds; -1 unless a backend answered
   */
  add(slot: number, endUs: number, outcome: number, status: number, origin: number, latencyUs: number): void {
    if (IS_NOT_SENT[outcome] === 1) return;
    while (endUs >= this.#intervalUs * MAX_INTERVALS) this.#double();
    const interval = endUs > 0 ? Math.floor(endUs / this.#intervalUs) : 0;
    const row = this.#row(interval * MAX_SLOTS + (slot < MAX_SLOTS ? slot : OTHER));
    row.counts.add(outcome, status, origin);
    if (latencyUs >= 0) row.latency.record(latencyUs);
    while (this.#rows.size > MAX_ROWS) this.#double();
  }

  /** Length of a span in {@link recent}. */
  get recentMs(): number {
    return this.#intervalsOfRecent() * this.intervalMs;
  }

  /**
   * The latest spans of time of a slot, the newest last: of the whole run while it is short. Empty for slots without rows of
   * their own.
   */
  recent(slot: number): RecentLatency[] {
    if (slot >= MAX_SLOTS) return [];
    const per = this.#intervalsOfRecent();
    const newest = Math.floor(this.#newest / per);
    const length = Math.min(RECENT, newest + 1);
    return Array.from({ length }, (_, i) => {
      const from = (newest - length + 1 + i) * per;
      const latency = new LogHistogram(COARSE);
      for (let interval = from; interval < from + per; interval++) {
        const row = this.#rows.get(interval * MAX_SLOTS + slot);
        if (row !== undefined) latency.merge(row.latency);
      }
      return { p50Us: shownPercentile(latency, 50), p99Us: shownPercentile(latency, 99) };
    });
  }

  /** A power of two, so that two intervals that become one belong to the same span. */
  #intervalsOfRecent(): number {
    const atMost = RECENT_MS / this.intervalMs;
    const forAll = (this.#newest + 1) / RECENT;
    return 2 ** Math.max(0, Math.ceil(Math.log2(Math.min(atMost, forAll))));
  }

  /**
   * Rows by time, then in the order of `slots`, without those in which nothing was answered and nothing failed.
   *
   * @param isError whether a status is an error
   */
  result(
    slots: readonly number[],
    names: readonly string[],
    isError: (status: number) => boolean,
  ): TimelineRow[] {
    const attributed = new Map(
      this.intervals().map(({ endMs, slots: counts }) => [endMs, attributedIn(counts)]),
    );
    const place = new Map(slots.map((slot, i) => [slot, i]));
    return [...this.#rows]
      .map(([key, row]) => ({ interval: Math.floor(key / MAX_SLOTS), slot: key % MAX_SLOTS, row }))
      .sort(
        (a, b) =>
          a.interval - b.interval ||
          (place.get(a.slot) ?? slots.length) - (place.get(b.slot) ?? slots.length),
      )
      .map(({ interval, slot, row: { counts, latency } }) => {
        const { requests } = counts.responses;
        const all = attributed.get((interval + 1) * this.intervalMs) ?? 0;
        return {
          startMs: interval * this.intervalMs,
          version: names[slot] as string,
          requests,
          share: slot === NONE || all === 0 ? null : requests / all,
          statuses: counts.responses.toRecord(),
          errors: { ...errorsOf([counts], isError).kinds },
          p50Us: shownPercentile(latency, 50),
          p99Us: shownPercentile(latency, 99),
          maxUs: latency.count === 0 ? null : latency.max,
        };
      })
      .filter(({ requests, errors }) => requests > 0 || Object.keys(errors).length > 0);
  }

  /** By time, without empty ones. */
  intervals(): TimelineInterval[] {
    const slots = new Map<number, Map<number, SlotCounts>>();
    for (const [key, { counts }] of this.#rows) {
      const interval = Math.floor(key / MAX_SLOTS);
      const own = slots.get(interval) ?? new Map<number, SlotCounts>();
      slots.set(interval, own.set(key % MAX_SLOTS, counts));
    }
    return [...slots]
      .sort(([a], [b]) => a - b)
      .map(([interval, own]) => ({ endMs: (interval + 1) * this.intervalMs, slots: own }));
  }

  #row(key: number): Row {
    const known = this.#rows.get(key);
    if (known !== undefined) return known;
    const row = new Row();
    this.#rows.set(key, row);
    this.#newest = Math.max(this.#newest, Math.floor(key / MAX_SLOTS));
    return row;
  }

  /**
   * The interval that is reached in the end is the shortest within both bounds for the whole run, whatever
   * the order in which its responses came.
   */
  #double(): void {
    this.#intervalUs *= 2;
    this.#newest >>= 1;
    const before = this.#rows;
    this.#rows = new Map();
    for (const [key, row] of before) {
      const slot = key % MAX_SLOTS;
      const interval = Math.floor(key / MAX_SLOTS) >> 1;
      this.#row(interval * MAX_SLOTS + slot).merge(row);
    }
  }
}

/** Responses that name a version. */
export function attributedIn(slots: TimelineInterval['slots']): number {
  let all = 0;
  for (const [slot, { responses }] of slots) if (slot !== NONE) all += responses.requests;
  return all;
}
