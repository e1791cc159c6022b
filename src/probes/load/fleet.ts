/** The main thread's part of the load: starts workers, merges their labels, passes their blocks on. */
import { Worker } from 'node:worker_threads';
import { monotonicUs } from '../../blocks/clock.js';
import { type LabelNumbers, type RunLabels, translateLabels } from '../../blocks/run-labels.js';
import { SampleBlock } from '../../blocks/sample-block.js';
import { wallClockUs } from '../../blocks/wall-clock.js';
import type { Plan } from '../../plan/plan.js';
import { connectionCount } from '../lane/connection-share.js';
import type { FromWorker, ToWorker, WorkerJob, WorkerSummary } from './worker-messages.js';

export interface FleetOptions {
  /** Called when the run clock starts, before the first block. `startedAtUs`: the wall clock, µs since 1970. */
  readonly onStart?: (startedAtUs: number) => void;
  /**
   * Called with each block, in the order in which blocks arrive. Its memory is reused when this returns null, or
   * when the returned promise is fulfilled. While promises are pending and many blocks wait, workers send nothing.
   */
  readonly onBlock: (block: SampleBlock) => Promise<void> | null;
  /** Ends the run early: requests in flight get the outcome `cut-off`. */
  readonly signal?: AbortSignal | undefined;
}

export interface FleetResult {
  /** Wall clock when the run clock was 0, µs since 1970. */
  readonly startedAtUs: number;
  /** By how much the wall clock was adjusted during the run, µs: how much further than the run clock it ran. */
  readonly clockStepUs: number;
  /** One for each worker. */
  readonly summaries: readonly WorkerSummary[];
  /** There were more labels than are kept apart: the rest was counted as `(other)`. */
  readonly labelsOverflowed: boolean;
}

/**
 * Sends the plan's requests and resolves when every request has ended.
 *
 * @param labels the run's label tables, which get the labels of all workers
 * @throws Error if a worker died, or what `onBlock` threw; blocks that had arrived were passed on
 */
export async function runFleet(plan: Plan, labels: RunLabels, options: FleetOptions): Promise<FleetResult> {
  const { load } = plan;
  // A worker without a connection could not send its part of the requests.
  const count = Math.min(load.threads, connectionCount(load));
  let startedAtUs = wallClockUs();
  let startMonotonicUs = monotonicUs();
  const workers: Worker[] = [];
  const broadcast = (message: ToWorker) => {
    for (const worker of workers) worker.postMessage(message);
  };
  const stop = () => broadcast({ kind: 'stop' });
  let notReady = count;
  const onReady = () => {
    notReady -= 1;
    if (notReady > 0) return;
    startedAtUs = wallClockUs();
    startMonotonicUs = monotonicUs();
    options.onStart?.(startedAtUs);
    broadcast({ kind: 'start', runStartMonotonicUs: startMonotonicUs });
  };
  options.signal?.addEventListener('abort', stop, { once: true });
  try {
    const summaries = await Promise.all(
      Array.from({ length: count }, (_, index) => {
        const job: WorkerJob = { plan, worker: index, workers: count };
        const worker = new Worker(new URL('./worker.js', import.meta.url), { workerData: job });
        workers.push(worker);
        return superviseWorker(worker, labels, {
          ...options,
          onReady,
          stopped: () => options.signal?.aborted === true,
        });
      }),
    );
    return {
      startedAtUs,
      clockStepUs: Math.round(wallClockUs() - startedAtUs - (monotonicUs() - startMonotonicUs)),
      summaries,
      labelsOverflowed: labels.overflowed || summaries.some((summary) => summary.labelsOverflowed),
    };
  } catch (error) {
    await Promise.all(workers.map((worker) => worker.terminate()));
    throw error;
  } finally {
    options.signal?.removeEventListener('abort', stop);
  }
}

interface WorkerOptions extends Pick<FleetOptions, 'onBlock'> {
  readonly onReady: () => void;
  readonly stopped: () => boolean;
}

/** Passes a worker's blocks on until it is done. */
function superviseWorker(
  worker: Worker,
  labels: RunLabels,
  { onBlock, onReady, stopped }: WorkerOptions,
): Promise<WorkerSummary> {
  const numbers: LabelNumbers = { versions: [], endpoints: [], addresses: [] };
  return new Promise((resolve, reject) => {
    worker.once('online', () => {
      if (stopped()) worker.postMessage({ kind: 'stop' });
    });
    worker.on('message', (message: FromWorker) => {
      if (message.kind === 'ready') {
        onReady();
        return;
      }
      if (message.kind === 'done') {
        resolve(message.summary);
        return;
      }
      labels.learn(message.labels, numbers);
      const block = new SampleBlock(message.buffer);
      block.length = message.length;
      translateLabels(block, numbers);
      const recycle = () => worker.postMessage({ kind: 'recycle', buffer: message.buffer }, [message.buffer]);
      try {
        const room = onBlock(block);
        if (room === null) recycle();
        else room.then(recycle, reject);
      } catch (error) {
        reject(error);
      }
    });
    worker.once('error', reject);
    worker.once('exit', (code) =>
      reject(new Error(`A worker thread ended with code ${code} before its work was done.`)),
    );
  });
}
