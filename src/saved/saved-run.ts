/** A run that is read back: from a file that `--save` wrote, or from another tool's results. */

import type { RunEnd } from '../blocks/run-record.js';
import type { LabelTables, SampleBlock } from '../blocks/sample-block.js';
import type { Plan } from '../plan/plan.js';

/** A saved run that is open for reading. */
export interface SavedRun {
  /** Name of its file, for messages. */
  readonly file: string;
  /** The plan of the run, without secrets and without the request body. */
  readonly plan: Plan;
  /** Wall clock when its run clock was 0, µs since 1970. */
  readonly startedAtUs: number;
  /** True for a run of another tool. How its requests were sent is not known: `plan.load` has no meaning. */
  readonly imported?: true;
  /** The tables that the blocks' label numbers refer to; grow while blocks are read. */
  readonly labels: LabelTables;
  /**
   * The samples, in the order in which they were written. They can be read once. A block is valid until the next one
   * is requested.
   *
   * @throws UserError for a damaged file. A file that was cut ends after its last complete block
   */
  blocks(): AsyncIterable<SampleBlock>;
  /** What the run knew at its end, after the last block was read; null when the file was cut before its end. */
  end(): RunEnd | null;
}
