/** The timers of a worker's engine, which are all cleared when it has finished. */
import { timerMs } from '../../blocks/clock.js';

export class Timers {
  readonly #timers = new Set<NodeJS.Timeout>();

  /** Calls `action` every `ms` milliseconds. */
  every(ms: number, action: () => void): void {
    this.#timers.add(setInterval(action, ms));
  }

  /** Calls `action` once, after `ms` milliseconds or the longest time that a timer can wait. */
  after(ms: number, action: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      action();
    }, timerMs(ms));
    this.#timers.add(timer);
  }

  clear(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }
}
