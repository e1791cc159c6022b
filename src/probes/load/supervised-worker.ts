/** A worker thread as the main thread sees it: its messages, its end, and whether it hangs. */
import { Worker } from 'node:worker_threads';
import { asError } from '../../errors.js';
import type {
  BlockMessage,
  FromWorker,
  ToWorker,
  WorkerJob,
  WorkerStart,
  WorkerSummary,
} from './worker-messages.js';
import { WorkerProgress } from './worker-progress.js';

/** How often it is checked that a worker's event loop runs. */
const WATCH_EVERY_MS = 1_000;
/**
 * A worker without a beat in so many checks hangs: it should have 25 beats in that time. Checks are counted, and not time,
 * so that a process that was suspended does not take its workers for dead.
 */
const MAX_SILENT_CHECKS = 5;
/**
 * With a higher body limit it may be silent for one check more for each so many bytes: searching a body for labels takes up to
 * a second of CPU for a megabyte, and longer on a busy machine.
 */
const BODY_BYTES_PER_CHECK = 256 << 10;
/** Before it is ready it has no beats. Many threads on a busy machine may take several seconds to load their code. */
const MAX_START_CHECKS = 30;
/**
 * Memory for new objects: three parts, of which two are in use. V8 lets it grow to 48 MB, though hardly anything outlives a request: 12 MB
 * more in a run of 600,000 requests, and no less CPU.
 */
const YOUNG_MB = 6;

interface WorkerEvents {
  /** It has loaded its code. */
  readonly onReady: () => void;
  readonly onBlock: (message: BlockMessage) => void;
  /** It died, or hangs and was ended. Called at most once; `ended` resolves after it. */
  readonly onFailure: (error: Error) => void;
}

export class SupervisedWorker {
  readonly progress = new WorkerProgress();
  /** Resolves when no more blocks come: with what the worker reported at its end, or null if it died before. */
  readonly ended: Promise<WorkerSummary | null>;
  readonly #worker: Worker;
  readonly #name: string;
  readonly #events: WorkerEvents;
  readonly #maxSilentChecks: number;
  #resolve: (summary: WorkerSummary | null) => void = () => {};
  /** Its end is already explained: by a failure, or because it was terminated. */
  #explained = false;
  #watch: NodeJS.Timeout | null = null;

  constructor(job: WorkerJob, events: WorkerEvents) {
    this.#events = events;
    this.#maxSilentChecks =
      MAX_SILENT_CHECKS + Math.floor(job.plan.identify.bodyLimitBytes / BODY_BYTES_PER_CHECK);
    this.#name = `worker thread ${job.worker + 1} of ${job.workers}`;
    this.#worker = new Worker(new URL('./worker.js', import.meta.url), {
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
      workerData: { job, progress: this.progress.memory } satisfies WorkerStart,
    });
    this.#worker.on('message', (message: FromWorker) => this.#receive(message));
    this.#worker.once('error', (thrown: unknown) => {
      const error: NodeJS.ErrnoException = asError(thrown);
      const memory = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
      this.#fail(memory ? 'ran out of memory' : `failed: ${error.message}`, error);
    });
    this.#worker.once('exit', (code) => {
      this.#fail(`ended with code ${code} before its work was done`);
      this.#end(null);
    });
    this.ended = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    this.#expectBeats(MAX_START_CHECKS);
  }

  send(message: ToWorker): void {
    this.#worker.postMessage(message);
  }

  /** Gives back the buffer of a block. */
  recycle(buffer: ArrayBuffer): void {
    this.#worker.postMessage({ kind: 'recycle', buffer } satisfies ToWorker, [buffer]);
  }

  /** It is started now: from here on it must not be silent. */
  watch(): void {
    this.#expectBeats(this.#maxSilentChecks);
  }

  /** Ends the thread, also one that hangs in a loop. */
  terminate(): void {
    this.#explained = true;
    void this.#worker.terminate();
  }

  #expectBeats(maxSilentChecks: number): void {
    this.#stopWatching();
    let beats = this.progress.beats;
    let silent = 0;
    this.#watch = setInterval(() => {
      silent = this.progress.beats === beats ? silent + 1 : 0;
      beats = this.progress.beats;
      if (silent < maxSilentChecks) return;
      this.#fail(`did not respond for ${(maxSilentChecks * WATCH_EVERY_MS) / 1000} s and was ended`);
      this.terminate();
    }, WATCH_EVERY_MS);
  }

  #stopWatching(): void {
    if (this.#watch !== null) clearInterval(this.#watch);
  }

  #receive(message: FromWorker): void {
    switch (message.kind) {
      case 'ready':
        // It has nothing to do until all threads are ready.
        this.#stopWatching();
        this.#events.onReady();
        break;
      case 'block':
        this.#events.onBlock(message);
        break;
      case 'done':
        this.#explained = true;
        this.#end(message.summary);
        // Whatever it still does, it must not keep the process from ending.
        this.#worker.unref();
    }
  }

  #end(summary: WorkerSummary | null): void {
    this.#stopWatching();
    this.#resolve(summary);
  }

  #fail(what: string, cause?: Error): void {
    if (this.#explained) return;
    this.#explained = true;
    const error = new Error(`${this.#name} ${what}`, cause === undefined ? {} : { cause });
    // Where the end was noticed says nothing about why it came.
    delete error.stack;
    this.#events.onFailure(error);
  }
}
