/** The main thread's part of the load: starts workers, merges their labels, passes their blocks on. */
import { monotonicUs } from '../../blocks/clock.js';
import { type GeneratorUse, generatorUse } from '../../blocks/generator-use.js';
import { type LabelNumbers, type RunLabels, translateLabels } from '../../blocks/run-labels.js';
import { PHASE, SampleBlock } from '../../blocks/sample-block.js';
import { wallClockUs } from '../../blocks/wall-clock.js';
import { asError } from '../../errors.js';
import type { Plan } from '../../plan/plan.js';
import { workerCount } from '../lane/connection-share.js';
import { checkLevel, type LoadControl, type LoadLevel } from './level.js';
import { meterProcess } from './process-meter.js';
import { SupervisedWorker } from './supervised-worker.js';
import type { BlockMessage, ToWorker, WorkerSummary } from './worker-messages.js';

/** When a run is stopped, its workers have this time to end. */
const STOP_GRACE_MS = 1_000;

export interface FleetOptions {
  /**
   * Called when the run clock starts, before the first block. `startedAtUs`: the wall clock, µs since 1970. `control`
   * steers the run, with `level` only.
   */
  readonly onStart?: (startedAtUs: number, control: LoadControl) => void;
  /**
   * The load begins with this level, and the control may change it: the run is steered. It ends by `finish` or with the
   * plan's duration, because a worker without a connection in use does not get through its part of the plan's
   * `requests`. A closed loop then has no ramp. Absent: the plan's load from start to end.
   */
  readonly level?: LoadLevel | undefined;
  /**
   * Called with each block, in the order in which blocks arrive. Its memory is reused when this returns null, or
   * when the returned promise is fulfilled. While promises are pending and many blocks wait, workers send nothing.
   */
  readonly onBlock: (block: SampleBlock) => Promise<void> | null;
  /** Until the verdict: asked after each block. */
  readonly looks?: {
    /** Nothing more is to be sent. */
    readonly isDecided: boolean;
    /** Measured requests that may be sent in all. */
    readonly allowedRequests: number;
    /** Connections are to be closed after so many requests from now on; null: as planned. */
    readonly requestsPerConnection: number | null;
  };
  /**
   * Ends the run early: requests in flight get the outcome `cut-off`. A worker that has not ended a second later is
   * terminated.
   */
  readonly signal?: AbortSignal | undefined;
  /** Terminates all workers at once. */
  readonly forceSignal?: AbortSignal | undefined;
}

export interface FleetResult {
  /** Wall clock when the run clock was 0, µs since 1970. */
  readonly startedAtUs: number;
  /** By how much the wall clock was adjusted during the run, µs: how much further than the run clock it ran. */
  readonly clockStepUs: number;
  readonly threads: number;
  /** What the workers reported that were able to: one for each thread if none died. */
  readonly summaries: readonly WorkerSummary[];
  /** How busy the threads were; null: nothing was sent, or a worker died. */
  readonly use: GeneratorUse | null;
  /** Requests taken from the schedule, by phase. If a worker died, rows of some of them are missing. */
  readonly scheduled: { readonly warmup: number; readonly measured: number };
  /** Why the load broke off: a worker failed, or a callback of the options threw. */
  readonly failure: Error | null;
  /** There were more labels than are kept apart: the rest was counted as `(other)`. */
  readonly labelsOverflowed: boolean;
}

/**
 * Sends the plan's requests and resolves when every request has ended. When a worker or a callback fails, the run is
 * stopped. Blocks that come after that are still passed on.
 *
 * @param labels the run's label tables, which get the labels of all workers
 * @throws RangeError if the plan's load cannot have the level
 */
export async function runFleet(plan: Plan, labels: RunLabels, options: FleetOptions): Promise<FleetResult> {
  const { load } = plan;
  const { signal, forceSignal, level } = options;
  if (level !== undefined) checkLevel(level, load);
  const count = workerCount(load);
  let startedAtUs = wallClockUs();
  let startMonotonicUs = monotonicUs();
  const workers: SupervisedWorker[] = [];
  let failure: Error | null = null;
  let graceTimer: NodeJS.Timeout | null = null;
  let processUse = meterProcess();

  const broadcast = (message: ToWorker) => {
    for (const worker of workers) worker.send(message);
  };
  const terminate = () => {
    for (const worker of workers) worker.terminate();
  };
  const stop = () => {
    broadcast({ kind: 'stop' });
    graceTimer ??= setTimeout(terminate, STOP_GRACE_MS);
  };
  const fail = (thrown: unknown) => {
    failure ??= asError(thrown);
    stop();
  };
  const guard = (action: () => void) => {
    try {
      action();
    } catch (error) {
      fail(error);
    }
  };

  let allowed = 0;
  let decided = false;
  let renewed = false;
  const followLooks = () => {
    const { looks } = options;
    if (looks === undefined || decided) return;
    const { requestsPerConnection } = looks;
    if (requestsPerConnection !== null && !renewed) {
      renewed = true;
      broadcast({ kind: 'renew', requestsPerConnection });
    }
    decided = looks.isDecided;
    if (decided) broadcast({ kind: 'finish' });
    else if (looks.allowedRequests > allowed) {
      allowed = looks.allowedRequests;
      broadcast({ kind: 'allow', requests: allowed });
    }
  };

  const control: LoadControl = {
    setLevel(next) {
      if (level === undefined) throw new Error('the run did not begin with a level');
      checkLevel(next, load);
      const fromUs = monotonicUs() - startMonotonicUs;
      broadcast({ kind: 'level', level: next, fromUs });
      return fromUs;
    },
    finish: () => broadcast({ kind: 'finish' }),
  };

  let notReady = count;
  const onReady = () => {
    notReady -= 1;
    if (notReady > 0) return;
    startedAtUs = wallClockUs();
    startMonotonicUs = monotonicUs();
    guard(() => options.onStart?.(startedAtUs, control));
    for (const worker of workers) worker.watch();
    processUse = meterProcess();
    followLooks();
    broadcast({ kind: 'start', runStartMonotonicUs: startMonotonicUs });
  };
  const pass = (message: BlockMessage, from: SupervisedWorker, numbers: LabelNumbers) => {
    const recycle = () => from.recycle(message.buffer);
    guard(() => {
      labels.learn(message.labels, numbers);
      const block = new SampleBlock(message.buffer);
      block.length = message.length;
      translateLabels(block, numbers);
      const room = options.onBlock(block);
      followLooks();
      if (room === null) recycle();
      else room.then(recycle, fail);
    });
  };

  for (let index = 0; index < count; index += 1) {
    const numbers: LabelNumbers = { versions: [], endpoints: [], addresses: [] };
    const worker: SupervisedWorker = new SupervisedWorker(
      { plan, worker: index, workers: count, level },
      { onReady, onBlock: (message) => pass(message, worker, numbers), onFailure: fail },
    );
    workers.push(worker);
  }
  signal?.addEventListener('abort', stop, { once: true });
  forceSignal?.addEventListener('abort', terminate, { once: true });
  if (signal?.aborted === true) stop();
  if (forceSignal?.aborted === true) terminate();
  const ends = await Promise.all(workers.map(({ ended }) => ended));
  signal?.removeEventListener('abort', stop);
  forceSignal?.removeEventListener('abort', terminate);
  if (graceTimer !== null) clearTimeout(graceTimer);

  const summaries = ends.filter((summary) => summary !== null);
  const uses = summaries.flatMap(({ use }) => use ?? []);
  const scheduled = (phase: number) =>
    workers.reduce((sum, { progress }) => sum + progress.scheduled(phase), 0);
  return {
    startedAtUs,
    clockStepUs: Math.round(wallClockUs() - startedAtUs - (monotonicUs() - startMonotonicUs)),
    threads: count,
    summaries,
    use: uses.length === count ? generatorUse(uses, processUse()) : null,
    scheduled: { warmup: scheduled(PHASE.warmup), measured: scheduled(PHASE.measured) },
    failure,
    labelsOverflowed: labels.overflowed || summaries.some((summary) => summary.labelsOverflowed),
  };
}
