/** The sinks of a run, as one. */
import { asError } from '../errors.js';
import type { RunEnd, RunHeader, SampleSink } from './run-record.js';
import type { SampleBlock } from './sample-block.js';

/** Feeds all sinks. Its methods never throw: a sink that does gets nothing more, and the others are not affected. */
export class SinkGroup {
  /** The first error of a sink; null if there was none. */
  failure: Error | null = null;
  readonly #working: Set<SampleSink>;

  constructor(sinks: readonly SampleSink[]) {
    this.#working = new Set(sinks);
  }

  begin(header: RunHeader): void {
    this.#each((sink) => sink.begin(header));
  }

  /** @returns null, or a promise that is fulfilled when all sinks can take more */
  add(block: SampleBlock): Promise<void> | null {
    const full = this.#each((sink) => sink.add(block));
    return full.length === 0 ? null : Promise.all(full).then(() => {});
  }

  /** @param deadline when it is aborted, sinks that have not ended are not awaited any longer */
  async end(end: RunEnd, deadline: AbortSignal): Promise<void> {
    const ends = this.#each((sink) => sink.end(end, deadline));
    const late = new Promise<void>((resolve) => {
      // In the next round of the event loop, so that sinks that settle at the deadline are still in time.
      const giveUp = () => setImmediate(resolve);
      if (deadline.aborted) giveUp();
      else deadline.addEventListener('abort', giveUp, { once: true });
    });
    await Promise.race([Promise.all(ends), late]);
  }

  /**
   * Calls each sink.
   *
   * @param call what it returns is not trusted: `begin` may be an async function, `add` may return nothing in JavaScript
   * @returns promises that were returned; they are fulfilled also if a sink rejects its own
   */
  #each(call: (sink: SampleSink) => unknown): Promise<void>[] {
    const promises: Promise<void>[] = [];
    for (const sink of this.#working) {
      const fail = (error: unknown) => this.#fail(sink, error);
      try {
        const returned = call(sink);
        if (returned !== null && returned !== undefined)
          promises.push(Promise.resolve(returned).then(() => {}, fail));
      } catch (error) {
        fail(error);
      }
    }
    return promises;
  }

  #fail(sink: SampleSink, thrown: unknown): void {
    this.#working.delete(sink);
    const error = asError(thrown);
    this.failure ??= new Error(`a sink failed: ${error.message}`, { cause: error });
  }
}
