/** How late the requests of an open loop were written. */
import { PHASE, type SampleBlock } from '../../blocks/sample-block.js';
import type { OpenLoopResult } from './result.js';

export class Lateness {
  readonly #us: number[] = [];

  /** Keeps the measured requests of a block that were sent. */
  add({ length, phase, dueUs, sendUs }: SampleBlock): void {
    for (let row = 0; row < length; row += 1) {
      const lateUs = (sendUs[row] as number) - (dueUs[row] as number);
      if (phase[row] === PHASE.measured && !Number.isNaN(lateUs)) this.#us.push(Math.max(0, lateUs));
    }
  }

  result(): OpenLoopResult['latenessUs'] {
    const sorted = Float64Array.from(this.#us).sort();
    if (sorted.length === 0) return null;
    // The smallest value that so many are not above.
    const at = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] as number;
    return { p50: at(0.5), p99: at(0.99), max: at(1) };
  }
}
