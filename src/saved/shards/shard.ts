/** A shard: one of the saved runs that are read as one. */
import type { SavedRun } from '../saved-run.js';
import type { RowTally } from './row-tally.js';

/** A shard while it is read. */
export interface Shard {
  readonly run: SavedRun;
  /** Its start after that of the earliest shard, µs. */
  readonly shiftUs: number;
  /** What its rows tell; grows while they are read. */
  readonly rows: RowTally;
}
