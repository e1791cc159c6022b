/** Versions by connection, to see whether connections keep to versions. */
import { MAX_ADDRESSES_PER_RUN } from '../blocks/interner.js';
import { sum } from '../collections.js';
import type { SendOrder } from './findings/send-order.js';
import type { ConnectionsResult } from './result.js';
import type { Part } from './send-windows.js';
import { type Counts, sharesOf, sizeOf, totalsOf } from './stats/counts-table.js';
import { type Dispersion, smallerP, varianceWithin } from './stats/dispersion.js';
import { chiSquareTail } from './stats/gamma-tail.js';
import { stickiness } from './stats/stickiness.js';
import { columnCount, columnOf } from './version-columns.js';

/** Counts kept, of all connections and versions together; later connections are left out. 4 MiB. */
const MAX_CELLS = 1_048_576;
/** Connections of a page of memory. */
const PAGE = 256;
const PAGES_PER_WORKER = 2 ** 32 / PAGE;
const WORKERS = 2 ** 16;
/** Connections that are compared: to one address, and used at about the same time, since they were used first one after the other. */
const GROUP = 32;
/** So large a part of the connections got one version only. */
const MOST = 0.9;
/**
 * Chance of finding stickiness where there is none, whether shares are constant or change. It alone of the findings changes the
 * verdict: a correct run may then be inconclusive. So it is less than theirs.
 */
const CONNECTIONS_ALPHA = 0.001;
/** Chance of taking connections that differ for turns. Turns in 10 parts of a run are far less likely than this. */
const CLEAR_TURNS_ALPHA = 1e-4;

/** A connection with responses. */
interface Connection {
  /** By column. */
  readonly counts: Uint32Array;
  /** When its first and its last response were asked for. */
  readonly firstUs: number;
  readonly lastUs: number;
}

/** Draws of a run whose connections keep to versions: each connection counts as one. */
export interface ConnectionDraws {
  readonly connections: number;
  /** Besides, those whose version is not known; null: they are not counted. */
  readonly unknown: number | null;
  /** Of a version's slot: the sum over connections of its part of the responses. */
  readonly of: (slot: number) => number;
}

class Page {
  readonly counts: Uint32Array;
  readonly firstUs = new Float64Array(PAGE).fill(Number.POSITIVE_INFINITY);
  readonly lastUs = new Float64Array(PAGE).fill(Number.NEGATIVE_INFINITY);

  constructor(columns: number) {
    this.counts = new Uint32Array(PAGE * columns);
  }
}

export class ConnectionFold {
  readonly #columns: number;
  /** By address, worker and serial number ÷ PAGE. */
  readonly #pages = new Map<number, Page>();
  #lastKey = -1;
  #lastPage: Page | null = null;

  /** @param expected number of expected versions: their slots are the first */
  constructor(expected: number) {
    this.#columns = columnCount(expected);
  }

  /**
   * @param address of the address column
   * @param worker of the worker column
   * @param connection of the connection column; 0: none is known
   * @param slot of the response's version
   * @param sendUs on the run clock
   */
  add(address: number, worker: number, connection: number, slot: number, sendUs: number): void {
    if (connection === 0) return;
    const to = Math.min(address, MAX_ADDRESSES_PER_RUN);
    const key = (to * WORKERS + worker) * PAGES_PER_WORKER + Math.floor(connection / PAGE);
    if (key !== this.#lastKey) {
      this.#lastKey = key;
      this.#lastPage = this.#pages.get(key) ?? this.#addPage(key);
    }
    if (this.#lastPage === null) return;
    const { counts, firstUs, lastUs } = this.#lastPage;
    const row = connection % PAGE;
    const at = row * this.#columns + columnOf(slot, this.#columns);
    (counts[at] as number)++;
    if (sendUs < (firstUs[row] as number)) firstUs[row] = sendUs;
    if (sendUs > (lastUs[row] as number)) lastUs[row] = sendUs;
  }

  /** Null when nothing can be compared. */
  result({
    spread,
    change,
    parts,
  }: Pick<SendOrder, 'spread' | 'change' | 'parts'>): ConnectionsResult | null {
    const groups = this.#groups();
    const found = stickiness(groups.map((group) => group.map(({ counts }) => counts)));
    if (found === null) return null;
    const connections = groups.flat();
    const oneVersion = connections.filter(({ counts }) => isOneVersion(counts)).length;
    const differ = found.p <= CONNECTIONS_ALPHA && !(change !== null && differByTime(connections, parts));
    const keepToOne = areMostlyOneVersion(connections);
    const takesTurns = spread !== null && variesTooLittle(spread, this.counts(), CLEAR_TURNS_ALPHA);
    return {
      compared: connections.length,
      ...found,
      takesTurns,
      keepVersion: differ && (!takesTurns || keepToOne),
      oneVersion,
      keepToOne: differ && keepToOne,
    };
  }

  /** Responses of each connection by column. */
  counts(): readonly Uint32Array[] {
    return this.#groups().flatMap((group) => group.map(({ counts }) => counts));
  }

  /** The same of the address with most connections. */
  countsOfOneAddress(): readonly Uint32Array[] {
    const longest = this.#byAddress().reduce<readonly Connection[]>(
      (most, connections) => (connections.length > most.length ? connections : most),
      [],
    );
    return longest.map(({ counts }) => counts);
  }

  draws(): ConnectionDraws {
    const connections = this.counts();
    const sums = new Float64Array(this.#columns);
    for (const counts of connections) {
      const size = sum(counts);
      counts.forEach((count, column) => {
        sums[column] = (sums[column] as number) + count / size;
      });
    }
    return {
      connections: connections.length,
      unknown: null,
      of: (slot) => sums[columnOf(slot, this.#columns)] as number,
    };
  }

  #groups(): readonly (readonly Connection[])[] {
    return this.#byAddress().flatMap((connections) =>
      Array.from({ length: Math.ceil(connections.length / GROUP) }, (_, g) =>
        connections.slice(g * GROUP, (g + 1) * GROUP),
      ),
    );
  }

  /** In the order in which connections were first used; those of all workers together. */
  #byAddress(): readonly (readonly Connection[])[] {
    const byAddress = new Map<number, Connection[]>();
    for (const key of [...this.#pages.keys()].sort((a, b) => a - b)) {
      const address = Math.floor(key / PAGES_PER_WORKER / WORKERS);
      const rows = byAddress.get(address) ?? [];
      rows.push(...this.#rows(this.#pages.get(key) as Page));
      byAddress.set(address, rows);
    }
    return [...byAddress.values()].map((rows) => rows.sort((a, b) => a.firstUs - b.firstUs));
  }

  #rows({ counts, firstUs, lastUs }: Page): Connection[] {
    return Array.from(firstUs).flatMap((first, row) => {
      if (first === Number.POSITIVE_INFINITY) return [];
      const own = counts.subarray(row * this.#columns, (row + 1) * this.#columns);
      return [{ counts: own, firstUs: first, lastUs: lastUs[row] as number }];
    });
  }

  #addPage(key: number): Page | null {
    if ((this.#pages.size + 1) * PAGE * this.#columns > MAX_CELLS) return null;
    const page = new Page(this.#columns);
    this.#pages.set(key, page);
    return page;
  }
}

/**
 * Whether parts of the run vary so little that the gateway takes versions in turn: less than draws do, and less than connections
 * that differ explain, of which every part of the run has the same.
 *
 * @param alpha chance of finding turns where there are none
 */
export function variesTooLittle(spread: Dispersion, connections: readonly Counts[], alpha: number): boolean {
  const variance = Math.min(1, varianceWithin(connections));
  return variance > 0 && smallerP(spread, variance) <= alpha;
}

function isOneVersion(counts: Uint32Array): boolean {
  return Math.max(...counts) === sum(counts);
}

/**
 * Whether most connections got one version only, and most responses of rarer versions came on such connections too: those of
 * replicas of which most give one version everything do not.
 */
function areMostlyOneVersion(connections: readonly Connection[]): boolean {
  const all = connections.map(({ counts }) => counts);
  const pure = all.filter(isOneVersion);
  const [totals, pureTotals] = [totalsOf(all), totalsOf(pure)];
  const frequent = totals.indexOf(Math.max(...totals));
  const rarer = (counts: Float64Array) => sizeOf(counts) - (counts[frequent] ?? 0);
  return pure.length >= MOST * all.length && rarer(pureTotals) >= MOST * rarer(totals);
}

/**
 * Whether what was sent at the same time explains how connections differ, so that shares that change during a run are not taken
 * for connections that differ: each connection is compared with all responses of the parts of the run in which it was used.
 *
 *     X² = Σ over connections, versions of  (x_cv − m_c q_cv)² ÷ (m_c q_cv)        q_cv: the version's share meanwhile
 *
 * For any m_c its mean is (V − 1) a connection, and its variance 2 (V − 1) + (Σ_v 1 ÷ q_v − V² − 2 V + 2) ÷ m_c (J. B. S. Haldane,
 * Biometrika 29, 1937). A multiple of the chi-square distribution with this mean and variance gives p (F. E. Satterthwaite,
 * Biometrics Bulletin 2, 1946).
 */
function differByTime(connections: readonly Connection[], parts: readonly Part[]): boolean {
  let [chiSquare, mean, variance] = [0, 0, 0];
  for (const { counts, firstUs, lastUs } of connections) {
    const meanwhile = totalsOf(
      parts.filter(({ fromUs, toUs }) => fromUs <= lastUs && toUs > firstUs).map((part) => part.counts),
    );
    const size = sizeOf(counts);
    const shares = sharesOf(meanwhile);
    const versions = shares.filter((share) => share > 0).length;
    // Its own responses are among those that it is compared with.
    const others = 1 - size / sizeOf(meanwhile);
    let inverse = 0;
    shares.forEach((share, v) => {
      if (share === 0) return;
      inverse += 1 / share;
      chiSquare += ((counts[v] as number) - size * share) ** 2 / (size * share);
    });
    mean += (versions - 1) * others;
    variance += (2 * (versions - 1) + (inverse - versions ** 2 - 2 * versions + 2) / size) * others;
  }
  const scale = variance / (2 * mean);
  return mean > 0 && variance > 0 && chiSquareTail(chiSquare / scale, mean / scale) > CONNECTIONS_ALPHA;
}
