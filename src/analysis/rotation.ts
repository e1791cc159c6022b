/**
 * Does the gateway take versions in turn? Then parts of the run, in the order of sending, vary far less than draws would. It matters
 * because turns of connections and turns of versions can keep in step: each connection then gets the versions of its own
 * places in the turn, which looks as if it kept to versions.
 *
 *     X² = Σ over parts j of  (x_j − n_j p)² ÷ (n_j p (1 − p))        with J − 1 degrees of freedom
 *
 * The index of dispersion (R. A. Fisher, Statistical Methods for Research Workers, 1925): about its degrees of freedom for draws.
 */
import { chiSquareTail } from './stats/gamma-tail.js';

/** Width of a window at first. */
const FIRST_US = 1000;
/** If a run needs more, each two neighbours become one. */
const MAX_WINDOWS = 16_384;
/** Parts that a run must have at least. */
const MIN_PARTS = 10;
/** Requests of a part for each one in flight. The gateway may see those in flight in another order, which blurs the ends of a part. */
const PER_IN_FLIGHT = 4;
/** Expected requests in a part that are not for the most frequent version. */
const MIN_EXPECTED = 5;
const ALPHA = 0.005;
/** Largest X² ÷ (J − 1) of turns. Connections to replicas that do not agree have 0.6 and more. */
const MAX_RATIO = 0.35;

export class RotationFold {
  readonly #all = new Uint32Array(MAX_WINDOWS);
  readonly #others = new Uint32Array(MAX_WINDOWS);
  #widthUs = FIRST_US;

  /**
   * @param sendUs on the run clock, from 0; readers of files bound it
   * @param isOther whether the response is not of the most frequent version expected
   */
  add(sendUs: number, isOther: boolean): void {
    while (sendUs >= this.#widthUs * MAX_WINDOWS) this.#join();
    const window = Math.max(0, Math.floor(sendUs / this.#widthUs));
    (this.#all[window] as number)++;
    if (isOther) (this.#others[window] as number)++;
  }

  /** @param inFlight requests at once */
  takesTurns(inFlight: number): boolean {
    const n = this.#all.reduce((sum, count) => sum + count, 0);
    const p = this.#others.reduce((sum, count) => sum + count, 0) / n;
    if (!(p > 0 && p < 1)) return false;
    const size = Math.max(MIN_EXPECTED / Math.min(p, 1 - p), PER_IN_FLIGHT * inFlight);
    const { parts, chiSquare } = this.#dispersion(size, p);
    if (parts < MIN_PARTS) return false;
    const df = parts - 1;
    return chiSquare <= MAX_RATIO * df && 1 - chiSquareTail(chiSquare, df) <= ALPHA;
  }

  #dispersion(size: number, p: number): { parts: number; chiSquare: number } {
    let [parts, chiSquare, all, others] = [0, 0, 0, 0];
    this.#all.forEach((count, window) => {
      all += count;
      others += this.#others[window] as number;
      if (all < size) return;
      chiSquare += (others - all * p) ** 2 / (all * p * (1 - p));
      parts += 1;
      [all, others] = [0, 0];
    });
    return { parts, chiSquare };
  }

  #join(): void {
    for (const counts of [this.#all, this.#others]) {
      for (let i = 0; i < MAX_WINDOWS; i++) {
        const joined = (counts[2 * i] ?? 0) + (counts[2 * i + 1] ?? 0);
        counts[i] = joined;
      }
    }
    this.#widthUs *= 2;
  }
}
