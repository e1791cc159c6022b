/**
 * What one worker does: keeps its connections busy (closed loop) or sends each request when it is due
 * (open loop), gives up on what takes too long, and records every scheduled request exactly once.
 */

import { MAX_TIMER_MS } from '../../blocks/clock.js';
import { BLOCK_CAPACITY, PHASE } from '../../blocks/sample-block.js';
import type { Plan } from '../../plan/plan.js';
import { laneFactory } from '../drivers.js';
import { laneShare } from '../lane/connection-share.js';
import type { Lane, LaneOwner } from '../lane/lane.js';
import { keptBodyBytes } from '../response/origin.js';
import type { PostBlock } from './recorder.js';
import { Recorder } from './recorder.js';
import { ResponseReader } from './response-reader.js';
import { closedSchedule, openSchedule, type Schedule } from './schedule.js';
import { WorkerCounters } from './worker-counters.js';
import type { WorkerJob, WorkerSummary } from './worker-messages.js';

/** Posted at least this often, so that the reader's order and the live view keep up. */
const FLUSH_MS = 200;
/** Blocks on their way to the reader or back from which recording unsent requests waits. */
const MAX_BLOCKS_FOR_UNSENT = 16;
/** Blocks out from which nothing is sent until the reader has done with some: it bounds the memory of a run. */
export const MAX_BLOCKS_IN_FLIGHT = 24;
/** After a connection could not be opened, its next try waits this long (closed loop): a dead gateway is not hammered. */
const RETRY_CONNECT_MS = 50;
/** Below this distance to the next due time the loop spins: timers are only good to a millisecond. */
const SPIN_US = 1500;
/** Unsent requests that are recorded at once: in between the thread stays able to listen. */
const UNSENT_AT_ONCE = 2 * BLOCK_CAPACITY;

export class Engine implements LaneOwner {
  readonly recorder: Recorder;
  readonly bodyLimitBytes: number;
  readonly firstByteAtBody: boolean;
  readonly #plan: Plan;
  readonly #schedule: Schedule;
  readonly #reader: ResponseReader;
  readonly #counters = new WorkerCounters();
  readonly #lanes: Lane[] = [];
  readonly #idle: Lane[] = [];
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #mostLanes: number;
  readonly #makeLane: () => Lane;
  /** Closed loop: lanes that wait for the reader. */
  readonly #held: Lane[] = [];
  #serials = 0;
  #inFlight = 0;
  #exhausted = false;
  #stopped = false;
  #ticking = false;
  /** When the schedule ended (run clock, µs). */
  #endedUs = 0;
  /** Unsent requests are being recorded. */
  #recording = false;
  #resolve: ((summary: WorkerSummary) => void) | null = null;

  constructor(
    job: WorkerJob,
    readonly now: () => number,
    post: PostBlock,
  ) {
    const { plan, worker, workers } = job;
    const { load } = plan;
    this.#plan = plan;
    this.bodyLimitBytes = keptBodyBytes(plan.identify.bodyLimitBytes);
    this.recorder = new Recorder(worker, post, plan.identify.candidates);
    this.#reader = new ResponseReader(
      plan.identify,
      plan.target.scheme === 'https',
      this.recorder,
      this.#counters,
    );
    this.firstByteAtBody = this.#reader.firstByteAtBody;
    this.#schedule = load.mode === 'open' ? openSchedule(job) : closedSchedule(job);
    const share = laneShare(load, worker, workers);
    this.#mostLanes = share.lanes;
    this.#makeLane = laneFactory(plan, this, share);
  }

  /** Runs to the end of the schedule, or until `stop`. */
  run(): Promise<WorkerSummary> {
    return new Promise((resolve) => {
      this.#resolve = resolve;
      const sweepMs = Math.min(50, Math.max(5, this.#plan.load.timeoutMs / 20));
      this.#every(sweepMs, () => this.#giveUpLate());
      this.#every(FLUSH_MS, () => this.recorder.flush());
      if (this.#plan.load.mode === 'open') this.#tick();
      else this.#startClosed();
      // When it was stopped before.
      this.#finishIfDone();
    });
  }

  /** Cuts off what is in flight and ends the run. */
  stop(): void {
    this.#stopped = true;
    for (const lane of this.#lanes) lane.giveUp('cut-off');
    this.#finishIfDone();
  }

  /** Takes back a block's buffer that the reader has done with. */
  recycle(buffer: ArrayBuffer): void {
    this.recorder.recycle(buffer);
    if (this.#readerBehind) return;
    for (const lane of this.#held.splice(0)) this.#next(lane);
  }

  get #readerBehind(): boolean {
    return this.recorder.blocksInFlight >= MAX_BLOCKS_IN_FLIGHT;
  }

  /** Nothing sent before this time is still unanswered. */
  watermarkUs(): number {
    let oldest = this.now();
    for (const { busy, sendUs, startUs } of this.#lanes) {
      if (busy) oldest = Math.min(oldest, Number.isNaN(sendUs) ? startUs : sendUs);
    }
    return oldest;
  }

  // LaneOwner

  wantsBody(status: number): boolean {
    return this.#reader.wantsBody(status);
  }

  connecting(address: string): number {
    return this.recorder.addresses.id(address);
  }

  opened(address: string, connectUs: number): number {
    this.#counters.connected(connectUs);
    return this.recorder.addresses.id(address);
  }

  nextConnectionSerial(): number {
    this.#serials += 1;
    return this.#serials;
  }

  becameReady(lane: Lane): void {
    this.#goOn(lane, true);
  }

  streamLimitReceived(limit: number): void {
    this.#counters.streamLimitReceived(limit);
  }

  finished(lane: Lane, error: unknown): void {
    this.#inFlight -= 1;
    const sent = this.#reader.record(lane, error, this.now());
    if (error === null) this.#goOn(lane, true);
    // undici reports an error in the middle of clearing its queue: nothing may be added to it there.
    else queueMicrotask(() => this.#goOn(lane, sent || lane.giveUpReason !== null));
  }

  /** The connection is free again; `sent`: it could be opened. */
  #goOn(lane: Lane, sent: boolean): void {
    if (this.#plan.load.mode === 'open') {
      this.#idle.push(lane);
      // From a queue of what is due already, the next request follows at once.
      this.#sendDue();
      this.#finishIfDone();
    } else if (sent) {
      this.#next(lane);
    } else {
      this.#after(RETRY_CONNECT_MS, () => this.#next(lane));
    }
  }

  // Closed loop

  #startClosed(): void {
    const { load } = this.#plan;
    for (let index = 0; index < this.#mostLanes; index += 1) {
      const lane = this.#makeLane();
      this.#lanes.push(lane);
      const waitMs = (load.rampMs * index) / Math.max(1, this.#mostLanes);
      if (waitMs < 1) this.#next(lane);
      else if (this.#resolve === null) return;
      else this.#after(waitMs, () => this.#next(lane));
    }
  }

  #next(lane: Lane): void {
    if (this.#stopped || this.#exhausted) {
      this.#finishIfDone();
      return;
    }
    if (this.#readerBehind) {
      this.#held.push(lane);
      return;
    }
    const nowUs = this.now();
    if (!this.#schedule.peek(nowUs)) {
      this.#exhausted = true;
      this.#finishIfDone();
      return;
    }
    if (lane.ready()) this.#send(lane, nowUs);
  }

  // Open loop

  #tick(): void {
    if (this.#ticking || this.#exhausted || this.#stopped) return;
    this.#sendDue();
    if (this.#exhausted || this.#stopped) {
      this.#finishIfDone();
      return;
    }
    const waitUs = this.#schedule.dueUs - this.now();
    this.#ticking = true;
    const again = () => {
      this.#ticking = false;
      this.#tick();
    };
    // With no lane free the next answer sends; the timer then only watches the end of the schedule.
    if (waitUs > 0 && waitUs < SPIN_US) setImmediate(again);
    else this.#after(waitUs > 0 ? Math.floor((waitUs - 1000) / 1000) : 1, again);
  }

  #sendDue(): void {
    while (!this.#stopped && !this.#exhausted) {
      const nowUs = this.now();
      if (!this.#schedule.peek(nowUs)) {
        this.#exhausted = true;
        this.#endedUs = nowUs;
        return;
      }
      if (this.#schedule.dueUs > nowUs || this.#readerBehind) return;
      const lane = this.#freeLane();
      if (lane === null) {
        this.#schedule.waiting = true;
        return;
      }
      const { dueUs, waiting } = this.#schedule;
      this.#send(lane, dueUs);
      if (this.#schedule.taken.phase === PHASE.measured) this.#counters.late(nowUs - dueUs, waiting);
      if (this.#schedule.dueUs > nowUs) this.#schedule.waiting = false;
    }
  }

  #freeLane(): Lane | null {
    for (;;) {
      const idle = this.#takeIdle();
      if (idle === undefined && this.#lanes.length >= this.#mostLanes) return null;
      const lane = idle ?? this.#makeLane();
      if (idle === undefined) this.#lanes.push(lane);
      if (lane.ready()) return lane;
    }
  }

  /** Several addresses take turns, each from the start: the few lanes that are busy anyway would leave some out. */
  #takeIdle(): Lane | undefined {
    const addresses = this.#plan.target.connectTo.length;
    if (addresses === 1) return this.#idle.pop();
    return this.#lanes.length < Math.min(addresses, this.#mostLanes) ? undefined : this.#idle.shift();
  }

  /**
   * The schedule ended with requests due that no lane was free for: they are counted, not forgotten. Only
   * once every answer is there, and in slices, so that this work is in no latency; and no faster than blocks
   * come back, so that it takes no memory.
   *
   * @returns whether all are recorded
   */
  #recordUnsent(): boolean {
    if (this.recorder.blocksInFlight > MAX_BLOCKS_FOR_UNSENT) return false;
    for (let row = 0; row < UNSENT_AT_ONCE; row += 1) {
      if (!this.#schedule.takeUnsent()) return true;
      const { dueUs, phase } = this.#schedule.taken;
      this.#counters.scheduled[phase === PHASE.warmup ? 'warmup' : 'measured'] += 1;
      this.#reader.recordUnsent(dueUs, phase, this.#endedUs);
    }
    return false;
  }

  // Both

  #send(lane: Lane, dueUs: number): void {
    const { phase, sequence } = this.#schedule.take(dueUs);
    this.#counters.scheduled[phase === PHASE.warmup ? 'warmup' : 'measured'] += 1;
    this.#inFlight += 1;
    lane.start(dueUs, phase, sequence);
  }

  #giveUpLate(): void {
    const limitUs = this.now() - this.#plan.load.timeoutMs * 1000;
    for (const lane of this.#lanes) {
      if (lane.busy && lane.startUs < limitUs) {
        lane.giveUp(Number.isNaN(lane.sendUs) ? 'connect-timeout' : 'timeout');
      }
    }
    if (this.#plan.load.mode === 'open') this.#tick();
  }

  #finishIfDone(): void {
    if (this.#resolve === null || this.#inFlight > 0) return;
    if (!this.#stopped && !this.#exhausted) return;
    if (this.#stopped && !this.#exhausted) {
      this.#exhausted = true;
      this.#endedUs = this.now();
      this.#schedule.endNow(this.#endedUs);
    }
    if (!this.#recordUnsent()) {
      if (!this.#recording) {
        this.#recording = true;
        this.#after(this.recorder.blocksInFlight > MAX_BLOCKS_FOR_UNSENT ? 1 : 0, () => {
          this.#recording = false;
          this.#finishIfDone();
        });
      }
      return;
    }
    const resolve = this.#resolve;
    this.#resolve = null;
    for (const timer of this.#timers) clearTimeout(timer);
    for (const lane of this.#lanes) lane.close();
    this.recorder.flush();
    resolve(this.#counters.summary(this.recorder.labelsOverflowed));
  }

  #every(ms: number, action: () => void): void {
    this.#timers.add(setInterval(action, ms));
  }

  #after(ms: number, action: () => void): void {
    const timer = setTimeout(
      () => {
        this.#timers.delete(timer);
        action();
      },
      Math.min(ms, MAX_TIMER_MS),
    );
    this.#timers.add(timer);
  }
}
