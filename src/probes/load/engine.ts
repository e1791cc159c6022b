/**
 * What one worker does: sends the requests of its schedule on its lanes, gives up those that take too long, and
 * records every scheduled request exactly once. When a lane sends is decided by closed-loop.ts or open-loop.ts.
 */
import { PHASE } from '../../blocks/sample-block.js';
import type { LoadPlan } from '../../plan/plan.js';
import { laneFactory } from '../drivers.js';
import { dealtPart, type LaneShare, laneShare } from '../lane/connection-share.js';
import type { Driver } from '../lane/driver.js';
import type { Lane, LaneOwner } from '../lane/lane.js';
import { keptBodyBytes } from '../response/origin.js';
import { ClosedLoop } from './closed-loop.js';
import { usableCores } from './cores.js';
import { EarlyConnections, earlyConnections } from './early-connections.js';
import { giveUpLateSoon, watermarkUs } from './in-flight.js';
import type { LoadLevel } from './level.js';
import { OpenLoop } from './open-loop.js';
import type { PostBlock } from './recorder.js';
import { Recorder } from './recorder.js';
import { RowWriter } from './row-writer.js';
import { closedSchedule, openSchedule, type Schedule } from './schedule.js';
import type { SendContext, SendLoop } from './send-loop.js';
import { SpinTime } from './spin-time.js';
import { SteeredLoop } from './steered-loop.js';
import { ThreadMeter } from './thread-meter.js';
import { Timers } from './timers.js';
import { UnsentRows } from './unsent-rows.js';
import { spinShare } from './waiting.js';
import { WorkerCounters } from './worker-counters.js';
import type { WorkerJob, WorkerSummary } from './worker-messages.js';
import type { WorkerProgress } from './worker-progress.js';

/**
 * A block is posted at least this often, so that the reader can order rows and the live view is up to date. Each time the
 * progress gets a beat, by which the main thread knows that this thread does not hang.
 */
const FLUSH_MS = 200;
/**
 * In an open loop: the less the main thread has to do at a time, the shorter may a worker that shares its core be late. At 5,000
 * requests per second a block of 200 ms took it 10 ms before its code was compiled.
 */
const OPEN_FLUSH_MS = 50;
/** Until the verdict, and in a run that is steered: the sooner rows come, the sooner can the load follow from them. */
const LOOK_FLUSH_MS = 10;
/** With more blocks in flight nothing is sent until the reader has returned some. This limits a run's memory. */
export const MAX_BLOCKS_IN_FLIGHT = 24;

export class Engine implements LaneOwner, SendContext {
  readonly recorder: Recorder;
  readonly bodyLimitBytes: number;
  requestsPerConnection: number;
  readonly firstByteAtBody: boolean;
  readonly schedule: Schedule;
  readonly counters = new WorkerCounters();
  readonly spin = new SpinTime();
  readonly lanes: Lane[] = [];
  readonly maxLanes: number;
  readonly #load: LoadPlan;
  readonly #worker: number;
  readonly #workers: number;
  readonly #flushMs: number;
  readonly #rows: RowWriter;
  readonly #unsent: UnsentRows;
  readonly #loop: SendLoop;
  readonly #timers = new Timers();
  readonly #meter = new ThreadMeter(this.spin);
  readonly #early = new EarlyConnections();
  readonly #makeLane: () => Lane;
  #lastSerial = 0;
  #inFlight = 0;
  /** Measured requests that were sent, and how many may be. */
  #measured = 0;
  #allowed = Number.POSITIVE_INFINITY;
  #exhausted = false;
  #stopped = false;
  /** When the schedule ended (run clock, µs). */
  #endedUs = 0;
  /** A timer is set to record more of the unsent requests. */
  #unsentTimerSet = false;
  #resolve: ((summary: WorkerSummary) => void) | null = null;

  /**
   * @param driver the plan's
   * @param progress what it counts into while it runs
   * @param now the run clock, µs
   * @param post takes the blocks; each must come back by `recycle`
   */
  constructor(
    job: WorkerJob,
    driver: Driver,
    readonly progress: WorkerProgress,
    readonly now: () => number,
    post: PostBlock,
  ) {
    const { plan, worker, workers, level } = job;
    const { load, identify, target } = plan;
    this.#load = load;
    this.#worker = worker;
    this.#workers = workers;
    const often = load.untilVerdict || level !== undefined;
    this.#flushMs = often ? LOOK_FLUSH_MS : load.mode === 'open' ? OPEN_FLUSH_MS : FLUSH_MS;
    this.requestsPerConnection = load.requestsPerConnection ?? Number.POSITIVE_INFINITY;
    this.bodyLimitBytes = keptBodyBytes(identify.bodyLimitBytes);
    this.recorder = new Recorder(worker, post, identify.candidates);
    this.#rows = new RowWriter(identify, target.scheme === 'https', this.recorder, this.counters, now);
    this.firstByteAtBody = this.#rows.firstByteAtBody;
    const open = load.mode === 'open';
    this.schedule = open ? openSchedule(job) : closedSchedule(job);
    this.#unsent = new UnsentRows(this.schedule, this.progress, this.recorder, this.#rows);
    const share = laneShare(load, worker, workers, level !== undefined);
    this.maxLanes = share.lanes;
    if (open) this.#loop = this.#openLoop(job, share);
    else if (level === undefined) this.#loop = new ClosedLoop(this, load.rampMs);
    else this.#loop = new SteeredLoop(this, job, level);
    this.#makeLane = laneFactory(driver, plan, this, share, { seed: load.seed, worker, workers });
  }

  /** Before `run`: opens the connections that an open loop will need at once. Waits a second for them at most. */
  async prepare(): Promise<void> {
    await this.#early.open(this.#loop.earlyLanes());
  }

  /** `prepare` waits no longer. */
  stopPreparing(): void {
    this.#early.giveUp();
  }

  /** Runs to the end of the schedule or until `stop`. Resolves when every request is recorded; never rejects. */
  run(): Promise<WorkerSummary> {
    return new Promise((resolve) => {
      this.#resolve = resolve;
      const sweepMs = Math.min(50, Math.max(5, this.#load.timeoutMs / 20));
      this.#timers.every(sweepMs, () => {
        giveUpLateSoon(this.lanes, this.now() - this.#load.timeoutMs * 1000);
        this.#loop.tick();
      });
      this.#timers.every(this.#flushMs, () => {
        this.progress.beat();
        this.#meter.tick();
        this.recorder.flush();
      });
      this.#meter.start();
      this.#loop.start();
      // If `stop` was called before `run`.
      this.finishIfDone();
    });
  }

  /**
   * Until the verdict, in a closed loop: how many measured requests all workers together may send. An open loop sends what is
   * due.
   */
  allow(requests: number): void {
    if (!this.#load.untilVerdict || this.#load.mode === 'open') return;
    this.#allowed = dealtPart(requests, this.#worker, this.#workers);
    if (!this.mustWait) this.#loop.mayContinue();
  }

  /** From now on, each connection is closed after so many requests. */
  renewConnections(requestsPerConnection: number): void {
    this.requestsPerConnection = requestsPerConnection;
  }

  /** In a run that is steered: the load has another level, since `fromUs` (run clock). */
  setLevel(level: LoadLevel, fromUs: number): void {
    if (!this.ended) this.#loop.setLevel(level, fromUs);
  }

  /** Sends nothing more, and ends the run when what is in flight is finished. */
  finish(): void {
    if (this.ended) return;
    const nowUs = this.now();
    this.schedule.endNow(nowUs);
    this.endSchedule(nowUs);
    this.finishIfDone();
  }

  /** Gives up what is in flight and ends the run. */
  stop(): void {
    this.#stopped = true;
    for (const lane of this.lanes) lane.giveUp('cut-off');
    this.finishIfDone();
  }

  /** Takes back the buffer of a block that the reader has done with. */
  recycle(buffer: ArrayBuffer): void {
    this.recorder.recycle(buffer);
    if (!this.mustWait) this.#loop.mayContinue();
  }

  /** The watermark: no request that was sent before this time (run clock, µs) is still in flight. */
  watermarkUs(): number {
    return watermarkUs(this.lanes, this.now());
  }

  // LaneOwner

  wantsBody(status: number): boolean {
    return this.#rows.wantsBody(status);
  }

  connecting(address: string): number {
    return this.recorder.addresses.id(address);
  }

  opened(address: string, connectUs: number): number {
    this.counters.connected(connectUs);
    return this.recorder.addresses.id(address);
  }

  nextConnectionSerial(): number {
    this.#lastSerial += 1;
    return this.#lastSerial;
  }

  becameReady(lane: Lane): void {
    this.#loop.laneFree(lane, true, false);
  }

  unaskedBytes(): void {
    this.counters.unaskedBytes();
  }

  streamLimitReceived(limit: number): void {
    this.counters.streamLimitReceived(limit);
  }

  finished(lane: Lane, error: unknown): void {
    this.#inFlight -= 1;
    this.spin.worked();
    if (lane.phase === PHASE.measured && this.#load.mode === 'open') this.counters.ended(lane);
    const sent = this.#rows.write(lane, error);
    // Reading the labels of long bodies can take longer than the time between two flushes.
    this.progress.beat();
    if (error === null) this.#loop.laneFree(lane, true, this.#rows.refused);
    // undici reports an error while it clears its queue: nothing may be added to the queue then.
    else this.#failedLaneFree(lane, sent || lane.giveUpReason !== null);
  }

  // SendContext

  get ended(): boolean {
    return this.#stopped || this.#exhausted;
  }

  get isIdle(): boolean {
    return this.#inFlight === 0;
  }

  get isFinished(): boolean {
    return this.#resolve === null;
  }

  get mustWait(): boolean {
    return this.recorder.blocksInFlight >= MAX_BLOCKS_IN_FLIGHT || this.#measured >= this.#allowed;
  }

  addLane(): Lane {
    const lane = this.#makeLane();
    this.lanes.push(lane);
    return lane;
  }

  send(lane: Lane, dueUs: number, waited = false): void {
    lane.waited = waited;
    const { phase, sequence } = this.schedule.take(dueUs);
    this.progress.countScheduled(phase);
    if (phase === PHASE.measured) this.#measured += 1;
    this.#inFlight += 1;
    lane.start(dueUs, phase, sequence);
  }

  endSchedule(nowUs: number): void {
    this.#exhausted = true;
    this.#endedUs = nowUs;
    this.#meter.stop();
  }

  finishIfDone(): void {
    if (this.#resolve === null || this.#inFlight > 0 || !this.ended) return;
    if (!this.#exhausted) {
      const nowUs = this.now();
      this.endSchedule(nowUs);
      this.schedule.endNow(nowUs);
    }
    if (!this.#unsent.recordSome(this.#endedUs)) {
      this.#finishLater();
      return;
    }
    const resolve = this.#resolve;
    this.#resolve = null;
    this.#timers.clear();
    for (const lane of this.lanes) lane.close();
    this.recorder.flush();
    resolve(this.counters.summary(this.recorder.labelsOverflowed, this.#early.unused, this.#meter.use));
  }

  after(ms: number, action: () => void): void {
    this.#timers.after(ms, action);
  }

  #openLoop({ plan, workers, level }: WorkerJob, { connections }: LaneShare): OpenLoop {
    const addresses = plan.target.connectTo.length;
    const rate = level?.ratePerSecond ?? (this.#load.ratePerSecond as number);
    const early = earlyConnections(this.#load, rate, workers, addresses, connections);
    return new OpenLoop(this, addresses, early, spinShare(this.#load.spin, usableCores(), workers));
  }

  /** A method of its own, because a function with a closure in it allocates for that each time it is called. */
  #failedLaneFree(lane: Lane, connected: boolean): void {
    queueMicrotask(() => this.#loop.laneFree(lane, connected, false));
  }

  #finishLater(): void {
    if (this.#unsentTimerSet) return;
    this.#unsentTimerSet = true;
    this.after(this.#unsent.mustWait ? 1 : 0, () => {
      this.#unsentTimerSet = false;
      this.finishIfDone();
    });
  }
}
