/** A time limit for what follows a signal. */

export interface DeadlineOptions {
  /** The deadline is so many milliseconds after this signal. */
  readonly signal: AbortSignal | undefined;
  readonly graceMs: number;
  /** The deadline is so many milliseconds after this one, if that is earlier. */
  readonly forceSignal?: AbortSignal | undefined;
  readonly forceGraceMs?: number;
}

/** Without a signal there is no deadline. */
export class Deadline {
  readonly #controller = new AbortController();
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #release: (() => void)[] = [];

  constructor({ signal, graceMs, forceSignal, forceGraceMs = 0 }: DeadlineOptions) {
    this.#after(signal, graceMs);
    this.#after(forceSignal, forceGraceMs);
  }

  /** Aborted at the deadline. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Forgets the deadline. */
  clear(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    for (const release of this.#release) release();
  }

  #after(signal: AbortSignal | undefined, ms: number): void {
    const start = () => {
      this.#timers.push(setTimeout(() => this.#controller.abort(), ms));
    };
    if (signal?.aborted === true) start();
    else signal?.addEventListener('abort', start, { once: true });
    this.#release.push(() => signal?.removeEventListener('abort', start));
  }
}
