/** Rows of the requests that were due in an open loop but for which no lane was free until the schedule ended. */
import { BLOCK_CAPACITY } from '../../blocks/sample-block.js';
import type { Recorder } from './recorder.js';
import type { RowWriter } from './row-writer.js';
import type { Schedule } from './schedule.js';
import type { WorkerProgress } from './worker-progress.js';

/** With more blocks in flight, recording unsent requests waits, so that it takes no memory. */
const MAX_BLOCKS_FOR_UNSENT = 16;
/** Rows that are recorded at once. In between the thread can receive messages. */
const MAX_ROWS_AT_ONCE = 2 * BLOCK_CAPACITY;

export class UnsentRows {
  constructor(
    readonly schedule: Schedule,
    readonly progress: WorkerProgress,
    readonly recorder: Recorder,
    readonly rows: RowWriter,
  ) {}

  /** Whether too many blocks are in flight to record more now. */
  get mustWait(): boolean {
    return this.recorder.blocksInFlight > MAX_BLOCKS_FOR_UNSENT;
  }

  /**
   * Records some of the unsent requests. Call it only when every response is there, so that this work is in no
   * latency.
   *
   * @param endedUs when the schedule ended
   * @returns whether all are recorded
   */
  recordSome(endedUs: number): boolean {
    if (this.mustWait) return false;
    for (let row = 0; row < MAX_ROWS_AT_ONCE; row += 1) {
      if (!this.schedule.takeUnsent()) return true;
      const { dueUs, phase } = this.schedule.taken;
      this.progress.countScheduled(phase);
      this.rows.writeUnsent(dueUs, phase, endedUs);
    }
    return false;
  }
}
