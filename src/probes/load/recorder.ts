/** Keeps the block that rows are written into, and posts it when it is full or flushed. */
import { Interner, MAX_ADDRESSES_PER_RUN, MAX_LABELS_PER_RUN } from '../../blocks/interner.js';
import type { NewLabels } from '../../blocks/run-labels.js';
import { BLOCK_CAPACITY, blockBytes, SampleBlock } from '../../blocks/sample-block.js';

/** Empty blocks that are kept for reuse. */
const MAX_SPARE_BLOCKS = 8;

/** Takes a block, with the labels that are new since the block before. The buffer must come back by `recycle`. */
export type PostBlock = (block: SampleBlock, labels: NewLabels) => void;

export class Recorder {
  readonly versions: Interner;
  readonly endpoints = new Interner();
  readonly addresses = new Interner(MAX_ADDRESSES_PER_RUN);
  readonly #spare: ArrayBuffer[] = [];
  #block = new SampleBlock();
  #sentVersions = 0;
  #sentEndpoints = 0;
  #sentAddresses = 0;
  /** Blocks that were posted and have not come back. */
  blocksInFlight = 0;

  constructor(
    readonly worker: number,
    readonly post: PostBlock,
    /** Labels that get their numbers first, so that they are kept apart however many others there are. */
    expectedLabels: readonly string[] = [],
  ) {
    this.versions = new Interner(MAX_LABELS_PER_RUN, expectedLabels);
  }

  /** The block for the next row, which is at index `length` and counts when `commit` is called. */
  get block(): SampleBlock {
    return this.#block;
  }

  /** Ends the current row. */
  commit(): void {
    this.#block.worker[this.#block.length] = this.worker;
    this.#block.length += 1;
    if (this.#block.length === BLOCK_CAPACITY) this.flush();
  }

  /** Posts the block if it has any rows. */
  flush(): void {
    if (this.#block.length === 0) return;
    const full = this.#block;
    this.#block = new SampleBlock(this.#spare.pop() ?? new ArrayBuffer(blockBytes()));
    const labels = {
      versions: this.versions.labels.slice(this.#sentVersions),
      endpoints: this.endpoints.labels.slice(this.#sentEndpoints),
      addresses: this.addresses.labels.slice(this.#sentAddresses),
    };
    this.#sentVersions = this.versions.labels.length;
    this.#sentEndpoints = this.endpoints.labels.length;
    this.#sentAddresses = this.addresses.labels.length;
    this.blocksInFlight += 1;
    this.post(full, labels);
  }

  /** Takes back the buffer of a block that the reader has done with. */
  recycle(buffer: ArrayBuffer): void {
    this.blocksInFlight -= 1;
    if (this.#spare.length < MAX_SPARE_BLOCKS && buffer.byteLength === blockBytes()) this.#spare.push(buffer);
  }

  /** Whether some labels were counted as `(other)`. */
  get labelsOverflowed(): boolean {
    return this.versions.overflowed || this.endpoints.overflowed || this.addresses.overflowed;
  }
}
