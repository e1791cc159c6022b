/** Reads the blocks of one shard and translates its labels. */
import { type LabelNumbers, type RunLabels, translateLabels } from '../../blocks/run-labels.js';
import type { SampleBlock } from '../../blocks/sample-block.js';
import type { Shard } from './shard.js';

/** Reads one shard, a block at a time, with the label numbers of the merged run. */
export class ShardReader {
  /** The block that was read last; null after the end. */
  block: SampleBlock | null = null;
  /** End of the first request in the block, µs on the merged run clock. */
  firstEndUs = 0;
  readonly #blocks: AsyncIterator<SampleBlock>;
  readonly #numbers: LabelNumbers = { versions: [], endpoints: [], addresses: [] };

  /** @param merged labels of the merged run; null when the shard is alone and keeps its own */
  constructor(
    readonly shard: Shard,
    readonly merged: RunLabels | null,
  ) {
    this.#blocks = shard.run.blocks()[Symbol.asyncIterator]();
  }

  /**
   * Reads the next block; false when there is none.
   *
   * @throws UserError for a damaged file
   */
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

  /** Closes the file. */
  async close(): Promise<void> {
    await this.#blocks.return?.();
  }
}
