/**
 * Draws by connection: where the gateway chooses a version for each connection, its first request is the draw, and the others tell
 * nothing new. The first one is known without knowing when the connection ends.
 */
import type { ConnectionDraws } from '../connections.js';
import { Counts } from '../counts.js';

const SERIALS = 2 ** 32;

export class FirstRequests {
  readonly #counts = new Counts();
  readonly #seen = new Set<number>();

  /**
   * Counts a request, in the order of sending, if it is the first of its connection.
   *
   * @param connection serial number within the worker; 0: it had none
   */
  add(
    worker: number,
    connection: number,
    slot: number,
    outcome: number,
    status: number,
    origin: number,
  ): void {
    if (connection === 0) return;
    const key = worker * SERIALS + connection;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    this.#counts.add(slot, outcome, status, origin);
  }

  draws(): ConnectionDraws {
    return {
      connections: this.#seen.size,
      unknown: this.#counts.unknownVersion,
      of: (slot) => this.#counts.drawn(slot),
    };
  }
}
