/** Counts the endpoints of each version that answered, as responses name them. */
import { NO_LABEL } from '../blocks/sample-block.js';
import { compareText } from '../collections.js';
import type { VersionResult } from './result.js';
import { StatusCounts } from './status-counts.js';
import { OTHER_NAME } from './version-slots.js';

/** Endpoints listed per version; the rest are summed up in one row. */
const MAX_LISTED = 256;
/** Cells kept in all: a server can invent endpoints without end. */
const MAX_CELLS = 4096;
/** A cell's key is slot × this + endpoint label. */
const LABELS = NO_LABEL + 1;

export class EndpointFold {
  #cells = new Map<number, StatusCounts>();
  /** Labels from here on are summed up under this one; it shrinks when there are too many cells. */
  #limit = NO_LABEL;

  constructor(
    /** Endpoint labels; grows as the run goes. */
    readonly labels: readonly string[],
  ) {}

  add(slot: number, label: number, status: number): void {
    if (label === NO_LABEL) return;
    const key = slot * LABELS + (label < this.#limit ? label : NO_LABEL);
    const known = this.#cells.get(key);
    if (known !== undefined) {
      known.add(status);
      return;
    }
    const cell = new StatusCounts();
    cell.add(status);
    this.#cells.set(key, cell);
    while (this.#cells.size > MAX_CELLS && this.#limit > 0) this.#halve();
  }

  /** The endpoints with most requests first, what is summed up last. */
  result(slot: number): VersionResult['endpoints'] {
    const own = [...this.#cells]
      .filter(([key]) => Math.floor(key / LABELS) === slot)
      .map(([key, counts]) => ({ label: key % LABELS, counts }));
    const beyond = own.filter(({ label }) => label === NO_LABEL);
    const listed = own
      .filter(({ label }) => label !== NO_LABEL)
      .map(({ label, counts }) => ({ name: this.labels[label] ?? `#${label}`, counts }))
      // By name among equals, and not by who came first: shards of a run are met in another order than the whole.
      .sort((a, b) => b.counts.requests - a.counts.requests || compareText(a.name, b.name));
    const rest = new StatusCounts();
    for (const { counts } of [...beyond, ...listed.splice(MAX_LISTED)]) rest.merge(counts);
    const rows = listed.map(({ name, counts }) => row(name, counts));
    return rest.requests > 0 ? [...rows, row(OTHER_NAME, rest)] : rows;
  }

  /**
   * Sums up the upper half of the labels. The limit that is reached in the end depends on which cells the
   * whole run has, not on when they came.
   */
  #halve(): void {
    this.#limit >>= 1;
    const before = this.#cells;
    this.#cells = new Map();
    for (const [key, cell] of before) {
      const label = key % LABELS;
      const kept = label < this.#limit ? key : key - label + NO_LABEL;
      const same = this.#cells.get(kept);
      if (same === undefined) this.#cells.set(kept, cell);
      else same.merge(cell);
    }
  }
}

function row(endpoint: string, counts: StatusCounts): VersionResult['endpoints'][number] {
  return { endpoint, requests: counts.requests, statuses: counts.toRecord() };
}
