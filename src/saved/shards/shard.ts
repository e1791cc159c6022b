import type { SavedRun } from '../saved-run.js';
import type { RowTally } from './row-tally.js';

/** One of the runs while it is read. */
export interface Shard {
  readonly run: SavedRun;
  /** Its start after the earliest one's, µs. */
  readonly shiftUs: number;
  readonly rows: RowTally;
}
