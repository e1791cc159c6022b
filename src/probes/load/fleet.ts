/** The main thread's side of the probes: starts workers, merges their labels, hands their blocks on. */
import { Worker } from 'node:worker_threads';
import { monotonicUs } from '../../blocks/clock.js';
import { type LabelNumbers, type RunLabels, translateLabels } from '../../blocks/run-labels.js';
import { SampleBlock } from '../../blocks/sample-block.js';
import { wallClockUs } from '../../blocks/wall-clock.js';
import type { Plan } from '../../plan/plan.js';
import { connectionCount } from '../lane/connection-share.js';
import type { FromWorker, ToWorker, WorkerJob, WorkerSummary } from './worker-messages.js';

export interface FleetOptions {
  /** Called when the run clock starts, before the first block, with the wall clock (µs since 1970). */
  readonly onStart?: (startedAtUs: number) => void;
  /**
   * Called with each block, in the order in which they come. What is wanted of it must be taken before this
   * returns: its memory is used again, at once or when the promise is fulfilled. Promises that stay open slow
   * the workers down, once many blocks wait.
   */
  readonly onBlock: (block: SampleBlock) => Promise<void> | null;
  /** Cuts the run off. */
  readonly signal?: AbortSignal | undefined;
}

export interface FleetResult {
  /** Wall clock when the run clock was 0, µs since 1970. */
  readonly startedAtUs: number;
  /** By how much the wall clock was moved during the run, µs: what it ran further than the run clock. */
  readonly clockStepUs: number;
  readonly summaries: readonly WorkerSummary[];
  readonly labelsOverflowed: boolean;
}

/**
 * Sends the plan's requests and resolves when every one has ended.
 *
 * @throws Error when a worker died; what the others measured was handed on
 */
export async function runFleet(plan: Plan, labels: RunLabels, options: FleetOptions): Promise<FleetResult> {
  const { load } = plan;
  // A worker without a connection could send nothing of its part.
  const count = Math.min(load.threads, connectionCount(load));
  let startedAtUs = wallClockUs();
  let startMonotonicUs = monotonicUs();
  const workers: Worker[] = [];
  const tell = (message: ToWorker) => {
    for (const worker of workers) worker.postMessage(message);
  };
  const stop = () => tell({ kind: 'stop' });
  let notReady = count;
  const onReady = () => {
    notReady -= 1;
    if (notReady > 0) return;
    startedAtUs = wallClockUs();
    startMonotonicUs = monotonicUs();
    options.onStart?.(startedAtUs);
    tell({ kind: 'start', runStartMonotonicUs: startMonotonicUs });
  };
  options.signal?.addEventListener('abort', stop, { once: true });
  try {
    const summaries = await Promise.all(
      Array.from({ length: count }, (_, index) => {
        const job: WorkerJob = { plan, worker: index, workers: count };
        const worker = new Worker(new URL('./worker.js', import.meta.url), { workerData: job });
        workers.push(worker);
        return attend(worker, labels, {
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

interface Attendance extends Pick<FleetOptions, 'onBlock'> {
  readonly onReady: () => void;
  readonly stopped: () => boolean;
}

function attend(
  worker: Worker,
  labels: RunLabels,
  { onBlock, onReady, stopped }: Attendance,
): Promise<WorkerSummary> {
  const tables: LabelNumbers = { versions: [], endpoints: [], addresses: [] };
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
      labels.learn(message.labels, tables);
      const block = new SampleBlock(message.buffer);
      block.length = message.length;
      translateLabels(block, tables);
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
      reject(new Error(`a worker thread ended with code ${code} before its work was done`)),
    );
  });
}
