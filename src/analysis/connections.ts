/** Versions by connection, to see whether connections keep to versions. */
import { MAX_ADDRESSES_PER_RUN } from '../blocks/interner.js';
import { sum } from '../collections.js';
import type { ConnectionsResult } from './result.js';
import { type ConnectionGroup, stickiness } from './stats/stickiness.js';
import { OTHER } from './version-slots.js';

/** Counts kept, of all connections and versions together; later connections are left out. 4 MiB. */
const MAX_CELLS = 1_048_576;
/** Connections of a page of memory. */
const PAGE = 256;
const PAGES_PER_WORKER = 2 ** 32 / PAGE;
const WORKERS = 2 ** 16;
/** Columns for versions that are not expected; the last is for all others. */
const UNEXPECTED = 8;
/** Connections that are compared: to one address, and open at about the same time, since they were opened one after the other. */
const GROUP = 32;
/** So large a part of the connections got one version only. */
const MOST = 0.9;
/** Chance of finding stickiness where there is none. */
const ALPHA = 0.01;

/** Draws of a run whose connections keep to versions: each connection counts as one. */
export interface ConnectionDraws {
  readonly connections: number;
  /** Of a version's slot: the sum over connections of its part of the responses. */
  readonly of: (slot: number) => number;
}

export class ConnectionFold {
  readonly #columns: number;
  /** By address, worker and serial number ÷ PAGE. */
  readonly #pages = new Map<number, Uint32Array>();
  #lastKey = -1;
  #lastPage: Uint32Array | null = null;

  /** @param expected number of expected versions: their slots are the first */
  constructor(expected: number) {
    this.#columns = expected + UNEXPECTED;
  }

  /**
   * @param address of the address column
   * @param worker of the worker column
   * @param connection of the connection column; 0: none is known
   * @param slot of the response's version
   */
  add(address: number, worker: number, connection: number, slot: number): void {
    if (connection === 0) return;
    const to = Math.min(address, MAX_ADDRESSES_PER_RUN);
    const key = (to * WORKERS + worker) * PAGES_PER_WORKER + Math.floor(connection / PAGE);
    if (key !== this.#lastKey) {
      this.#lastKey = key;
      this.#lastPage = this.#pages.get(key) ?? this.#addPage(key);
    }
    if (this.#lastPage === null) return;
    const at = (connection % PAGE) * this.#columns + this.#columnOf(slot);
    (this.#lastPage[at] as number)++;
  }

  /**
   * Null when nothing can be compared.
   *
   * @param takesTurns whether the gateway takes versions in turn: then connections may differ though they keep to none
   */
  result(takesTurns: boolean): ConnectionsResult | null {
    const groups = this.#groups();
    const found = stickiness(groups);
    if (found === null) return null;
    const connections = groups.flat();
    const oneVersion = connections.filter((counts) => Math.max(...counts) === sum(counts)).length;
    return {
      compared: connections.length,
      ...found,
      takesTurns,
      keepVersion: found.p <= ALPHA && (!takesTurns || keepsToOne(oneVersion, connections.length)),
      oneVersion,
    };
  }

  draws(): ConnectionDraws {
    const connections = this.#groups().flat();
    const sums = new Float64Array(this.#columns);
    for (const counts of connections) {
      const size = sum(counts);
      counts.forEach((count, column) => {
        sums[column] = (sums[column] as number) + count / size;
      });
    }
    return { connections: connections.length, of: (slot) => sums[this.#columnOf(slot)] as number };
  }

  /** Connections with responses, by address and worker and in the order in which they were opened. */
  #groups(): readonly (ConnectionGroup & readonly Uint32Array[])[] {
    const byWorker = new Map<number, Uint32Array[]>();
    for (const key of [...this.#pages.keys()].sort((a, b) => a - b)) {
      const worker = Math.floor(key / PAGES_PER_WORKER);
      const rows = byWorker.get(worker) ?? [];
      rows.push(...this.#rows(this.#pages.get(key) as Uint32Array));
      byWorker.set(worker, rows);
    }
    return [...byWorker.values()].flatMap((rows) =>
      Array.from({ length: Math.ceil(rows.length / GROUP) }, (_, g) =>
        rows.slice(g * GROUP, (g + 1) * GROUP),
      ),
    );
  }

  #rows(page: Uint32Array): Uint32Array[] {
    const rows: Uint32Array[] = [];
    for (let at = 0; at < page.length; at += this.#columns) {
      const row = page.subarray(at, at + this.#columns);
      if (row.some((count) => count > 0)) rows.push(row);
    }
    return rows;
  }

  #columnOf(slot: number): number {
    const column = slot - OTHER - 1;
    return column < 0 || column >= this.#columns ? this.#columns - 1 : column;
  }

  #addPage(key: number): Uint32Array | null {
    const cells = PAGE * this.#columns;
    if ((this.#pages.size + 1) * cells > MAX_CELLS) return null;
    const counts = new Uint32Array(cells);
    this.#pages.set(key, counts);
    return counts;
  }
}

/** Whether so many connections got one version only that they keep to versions. */
export function keepsToOne(oneVersion: number, connections: number): boolean {
  return oneVersion >= MOST * connections;
}
