/**
 * Several saved runs read as one: shards that generators measured at the same time. One run alone passes
 * through as it is.
 */

import { type LabelNumbers, RunLabels, translateLabels } from '../../blocks/run-labels.js';
import type { RunEnd } from '../../blocks/run-record.js';
import type { LabelTables, SampleBlock } from '../../blocks/sample-block.js';
import { UserError } from '../../errors.js';
import type { Plan } from '../../plan/plan.js';
import type { SavedRun } from '../saved-run.js';
import { planDifference } from './plan-difference.js';
import { RowTally } from './row-tally.js';
import type { Shard } from './shard.js';
import { endOf, mergedEnd, mergedPlan } from './shards-end.js';

/** A block, and when its run began on the clock of all, µs. */
interface AlignedBlock {
  readonly block: SampleBlock;
  readonly shiftUs: number;
}

/**
 * Shards are aligned by the wall clocks of the machines that measured them: the earliest start is 0 for all. A
 * later run's blocks come with its start in `shiftUs`, and their own times as they were measured, so that how
 * long things took is exact whatever the clocks say.
 */
export class Shards {
  /** What is the same in all runs, with the sums of what they sent. */
  readonly plan: Plan;
  readonly startedAtUs: number;
  readonly labels: LabelTables;
  readonly #shards: readonly Shard[];
  readonly #merged: RunLabels | null;

  /**
   * @param runs at least one
   * @throws UserError for runs that were not made in the same way
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
   * All blocks, in about the order of time: of each run's next block the one whose first request ended first. A
   * block is valid until the next one is asked for.
   *
   * @throws UserError for damaged files, and for a run that is there twice
   */
  async *blocks(): AsyncGenerator<AlignedBlock> {
    const readers = this.#shards.map((shard) => new ShardReader(shard, this.#merged));
    try {
      let waiting: ShardReader[] = [];
      const advance = async (reader: ShardReader) => {
        if (!(await reader.next())) waiting = waiting.filter((other) => other !== reader);
        else if (!waiting.includes(reader)) waiting.push(reader);
        this.#refuseTwins(reader.shard);
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

  /** After the last block: what the runs knew at their ends, put together. */
  end(): RunEnd {
    const ends = this.#shards.map((shard) => endOf(shard));
    return ends.length === 1
      ? (ends[0] as RunEnd)
      : mergedEnd(this.#shards, ends, this.#merged?.overflowed === true);
  }

  /** The same requests in two files would count twice; a copy under another name is such a file. */
  #refuseTwins({ run, rows }: Shard): void {
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

function refuseDifference(first: SavedRun, other: SavedRun): void {
  const one = 'Shards of one run are made by the same command; analyze these one by one.';
  const imported = [first, other].filter((run) => run.imported === true);
  if (imported.length === 1) {
    throw new UserError(
      `${(imported[0] as SavedRun).file} is another tool's and ${imported[0] === first ? other.file : first.file} is not. ${one}`,
    );
  }
  const difference = planDifference(first.plan, other.plan);
  if (difference === null) return;
  const { path, values } = difference;
  const what =
    values === null
      ? 'which is not shown because it may be secret'
      : `${values[0]} in the first and ${values[1]} in the second`;
  throw new UserError(`${first.file} and ${other.file} differ in ${path}: ${what}. ${one}`);
}

/** Reads one run, a block at a time, and puts the merged labels into it. */
class ShardReader {
  block: SampleBlock | null = null;
  /** Of the block's first row, on the clock of all. */
  firstEndUs = 0;
  readonly #blocks: AsyncIterator<SampleBlock>;
  readonly #numbers: LabelNumbers = { versions: [], endpoints: [], addresses: [] };

  constructor(
    readonly shard: Shard,
    readonly merged: RunLabels | null,
  ) {
    this.#blocks = shard.run.blocks()[Symbol.asyncIterator]();
  }

  /** Whether there is another block. */
  async next(): Promise<boolean> {
    const { done, value } = await this.#blocks.next();
    if (done === true) {
      this.block = null;
      return false;
    }
    const { run, rows, shiftUs } = this.shard;
    rows.add(value);
    if (this.merged !== null) {
      const { versions, endpoints, addresses } = this.#numbers;
      const { labels } = run;
      this.merged.learn(
        {
          versions: labels.versions.slice(versions.length),
          endpoints: labels.endpoints.slice(endpoints.length),
          addresses: labels.addresses.slice(addresses.length),
        },
        this.#numbers,
      );
      translateLabels(value, this.#numbers);
    }
    this.firstEndUs = (value.endUs[0] ?? 0) + shiftUs;
    this.block = value;
    return true;
  }

  async close(): Promise<void> {
    await this.#blocks.return?.();
  }
}
