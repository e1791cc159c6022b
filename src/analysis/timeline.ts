/** The run over time: a row per interval and version, by when requests ended. */

import { COARSE, LogHistogram } from '../log-histogram.js';
import type { TimelineRow } from './result.js';
import { shownPercentile } from './stats/percentile-bounds.js';
import { StatusCounts } from './status-counts.js';
import { NONE, OTHER } from './version-slots.js';

const FIRST_INTERVAL_MS = 100;
/** Past either bound two intervals become one. */
const MAX_INTERVALS = 240;
const MAX_ROWS = 1024;
/** Slots with rows of their own; later ones share OTHER's. */
const MAX_SLOTS = 18;

class Row {
  readonly responses = new StatusCounts();
  /** Of backends' answers. */
  readonly latency = new LogHistogram(COARSE);

  merge(other: Row): void {
    this.responses.merge(other.responses);
    this.latency.merge(other.latency);
  }
}

export class Timeline {
  #intervalUs = FIRST_INTERVAL_MS * 1000;
  /** By interval × MAX_SLOTS + slot. */
  #rows = new Map<number, Row>();

  get intervalMs(): number {
    return this.#intervalUs / 1000;
  }

  /**
   * Counts a whole response.
   *
   * @param endUs on the run clock
   * @param latencyUs whole microseconds; -1 for a reply that the gateway made itself
   */
  add(slot: number, endUs: number, status: number, latencyUs: number): void {
    while (endUs >= this.#intervalUs * MAX_INTERVALS) this.#double();
    const interval = endUs > 0 ? Math.floor(endUs / this.#intervalUs) : 0;
    const row = this.#row(interval * MAX_SLOTS + (slot < MAX_SLOTS ? slot : OTHER));
    row.responses.add(status);
    if (latencyUs >= 0) row.latency.record(latencyUs);
    while (this.#rows.size > MAX_ROWS) this.#double();
  }

  /** Rows by time, then in the order of `slots`. */
  result(slots: readonly number[], names: readonly string[]): TimelineRow[] {
    const attributed = this.#attributed();
    const place = new Map(slots.map((slot, i) => [slot, i]));
    return [...this.#rows]
      .map(([key, row]) => ({ interval: Math.floor(key / MAX_SLOTS), slot: key % MAX_SLOTS, row }))
      .sort(
        (a, b) =>
          a.interval - b.interval ||
          (place.get(a.slot) ?? slots.length) - (place.get(b.slot) ?? slots.length),
      )
      .map(({ interval, slot, row }) => ({
        startMs: interval * this.intervalMs,
        version: names[slot] as string,
        requests: row.responses.requests,
        share: slot === NONE ? null : row.responses.requests / (attributed.get(interval) as number),
        statuses: row.responses.toRecord(),
        p50Us: shownPercentile(row.latency, 50),
        p99Us: shownPercentile(row.latency, 99),
        maxUs: row.latency.count === 0 ? null : row.latency.max,
      }));
  }

  /** Responses that name a version, by interval. */
  #attributed(): Map<number, number> {
    const counts = new Map<number, number>();
    for (const [key, { responses }] of this.#rows) {
      if (key % MAX_SLOTS === NONE) continue;
      const interval = Math.floor(key / MAX_SLOTS);
      counts.set(interval, (counts.get(interval) ?? 0) + responses.requests);
    }
    return counts;
  }

  #row(key: number): Row {
    const known = this.#rows.get(key);
    if (known !== undefined) return known;
    const row = new Row();
    this.#rows.set(key, row);
    return row;
  }

  /**
   * The interval that is reached in the end is the shortest within both bounds for the whole run, whatever
   * the order in which its responses came.
   */
  #double(): void {
    this.#intervalUs *= 2;
    const before = this.#rows;
    this.#rows = new Map();
    for (const [key, row] of before) {
      const slot = key % MAX_SLOTS;
      const interval = Math.floor(key / MAX_SLOTS) >> 1;
      this.#row(interval * MAX_SLOTS + slot).merge(row);
    }
  }
}
