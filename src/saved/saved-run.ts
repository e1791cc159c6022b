/** A run that is read back: from a file of our own, or from another tool's results. */

import type { RunEnd } from '../blocks/run-record.js';
import type { LabelTables, SampleBlock } from '../blocks/sample-block.js';
import type { Plan } from '../plan/plan.js';

export interface SavedRun {
  /** Where it is from, for messages. */
  readonly file: string;
  /** As the run was made, without its secrets and bodies. */
  readonly plan: Plan;
  /** Wall clock when its run clock was 0, µs since 1970. */
  readonly startedAtUs: number;
  /** Another tool made it: how it sent its requests is not known, and the plan's load says nothing. */
  readonly imported?: true;
  /** What the blocks' label columns point into; grows while blocks are read. */
  readonly labels: LabelTables;
  /**
   * The samples, in the order in which they were written; can be read once. A block is valid until the next
   * one is asked for.
   *
   * @throws UserError for a file that is damaged; one that is only cut ends after its last whole block
   */
  blocks(): AsyncIterable<SampleBlock>;
  /** After the last block: what the run knew at its end; null when the file was cut before it. */
  end(): RunEnd | null;
}
