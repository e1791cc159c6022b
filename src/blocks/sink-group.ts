/** The sinks of a run, as one. */
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
    const full: Promise<void>[] = [];
    this.#each((sink) => {
      const room = sink.add(block);
      if (room !== null) full.push(room.catch((error: unknown) => this.#fail(sink, error)));
    });
    return full.length === 0 ? null : Promise.all(full).then(() => {});
  }

  /** @param deadline when it is aborted, sinks that have not ended are not awaited any longer */
  async end(end: RunEnd, deadline: AbortSignal): Promise<void> {
    const ends: Promise<void>[] = [];
    this.#each((sink) => {
      ends.push(sink.end(end, deadline).catch((error: unknown) => this.#fail(sink, error)));
    });
    const late = new Promise<void>((resolve) => {
      // In the next round of the event loop, so that sinks that settle at the deadline are still in time.
      const giveUp = () => setImmediate(resolve);
      if (deadline.aborted) giveUp();
      else deadline.addEventListener('abort', giveUp, { once: true });
    });
    await Promise.race([Promise.all(ends), late]);
  }

  #each(call: (sink: SampleSink) => void): void {
    for (const sink of this.#working) {
      try {
        call(sink);
      } catch (error) {
        this.#fail(sink, error);
      }
    }
  }

  #fail(sink: SampleSink, error: unknown): void {
    this.#working.delete(sink);
    this.failure ??= new Error(`a sink failed: ${(error as Error)?.message ?? error}`, { cause: error });
  }
}
