/** Several saved runs read as one: the shards that several generators measured at the same time. */

import { RunLabels } from '../../blocks/run-labels.js';
import type { RunEnd } from '../../blocks/run-record.js';
import type { LabelTables, SampleBlock } from '../../blocks/sample-block.js';
import { UserError } from '../../errors.js';
import type { Plan } from '../../plan/plan.js';
import type { SavedRun } from '../saved-run.js';
import { endOf, mergedEnd } from './merged-end.js';
import { mergedPlan } from './merged-plan.js';
import { planDifference } from './plan-difference.js';
import { RowTally } from './row-tally.js';
import type { Shard } from './shard.js';
import { ShardReader } from './shard-reader.js';

/** A block of a shard. Its times are on the shard's own run clock. */
interface AlignedBlock {
  readonly block: SampleBlock;
  /** Start of the shard on the merged run clock, µs. */
  readonly shiftUs: number;
}

/**
 * The merged run. Shards are aligned by the wall clocks of their machines: the merged run clock is 0 at the earliest
 * start. Blocks keep the times of their own run, and `shiftUs` says when that run started, so that latencies are exact
 * even if the clocks disagree. A single run is passed on unchanged.
 */
export class Shards {
  /** The plan of the merged run. */
  readonly plan: Plan;
  /** Wall clock when the merged run clock was 0, µs since 1970. */
  readonly startedAtUs: number;
  /** The tables that the blocks' label numbers refer to; grow while blocks are read. */
  readonly labels: LabelTables;
  readonly #shards: readonly Shard[];
  readonly #merged: RunLabels | null;

  /**
   * @param runs at least one
   * @throws UserError for runs whose plans differ in more than shards of one run may
   */
  constructor(runs: readonly SavedRun[]) {
    const [first] = runs as [SavedRun, ...SavedRun[]];
    for (const run of runs.slice(1)) refuseDifference(first, run);
    this.startedAtUs = Math.min(...runs.map((run) => run.startedAtUs));
    this.#shards = runs.map((run) => ({
      run,
      shiftUs: run.startedAtUs - this.startedAtUs,
      rows: new RowTally(),
    }));
    this.#merged = runs.length === 1 ? null : new RunLabels(first.plan.identify.candidates);
    this.labels = this.#merged ?? first.labels;
    this.plan = mergedPlan(runs);
  }

  /**
   * All blocks, roughly in order of time: the next one is that whose first request ended first, among the next blocks
   * of all shards. A block is valid until the next one is requested.
   *
   * @throws UserError for damaged files, and for a run that was given twice
   */
  async *blocks(): AsyncGenerator<AlignedBlock> {
    const readers = this.#shards.map((shard) => new ShardReader(shard, this.#merged));
    try {
      let waiting: ShardReader[] = [];
      const advance = async (reader: ShardReader) => {
        if (!(await reader.next())) waiting = waiting.filter((other) => other !== reader);
        else if (!waiting.includes(reader)) waiting.push(reader);
        this.#refuseCopies(reader.shard);
      };
      for (const reader of readers) await advance(reader);
      for (;;) {
        const next = waiting.reduce<ShardReader | null>(
          (least, reader) => (least === null || reader.firstEndUs < least.firstEndUs ? reader : least),
          null,
        );
        if (next === null) return;
        yield { block: next.block as SampleBlock, shiftUs: next.shard.shiftUs };
        await advance(next);
      }
    } finally {
      for (const reader of readers) await reader.close();
    }
  }

  /** What the runs knew at their ends, merged. To be called after the last block. */
  end(): RunEnd {
    const ends = this.#shards.map((shard) => endOf(shard));
    return ends.length === 1
      ? (ends[0] as RunEnd)
      : mergedEnd(this.#shards, ends, this.#merged?.overflowed === true);
  }

  /** The same run in two files would be counted twice. */
  #refuseCopies({ run, rows }: Shard): void {
    if (rows.firstRow === null) return;
    const twin = this.#shards.find(
      (other) =>
        other.run !== run &&
        other.run.startedAtUs === run.startedAtUs &&
        other.rows.firstRow === rows.firstRow,
    );
    if (twin === undefined) return;
    const [first, second] = this.#shards
      .map((shard) => shard.run.file)
      .filter((_, i) => {
        const shard = this.#shards[i] as Shard;
        return shard === twin || shard.run === run;
      });
    throw new UserError(`${second} holds the same run as ${first}: its requests would be counted twice.`);
  }
}

/** @throws UserError when the runs cannot be shards of one run */
function refuseDifference(first: SavedRun, other: SavedRun): void {
  const hint = 'Shards of one run are made by the same command; analyze these one by one.';
  const imported = [first, other].filter((run) => run.imported === true);
  if (imported.length === 1) {
    throw new UserError(
      `${(imported[0] as SavedRun).file} is from another tool and ${imported[0] === first ? other.file : first.file} is not. ${hint}`,
    );
  }
  const difference = planDifference(first.plan, other.plan);
  if (difference === null) return;
  const { path, values } = difference;
  const what =
    values === null
      ? 'which is not shown because it may be secret'
      : `${values[0]} in the first and ${values[1]} in the second`;
  throw new UserError(`${first.file} and ${other.file} differ in ${path}: ${what}. ${hint}`);
}
