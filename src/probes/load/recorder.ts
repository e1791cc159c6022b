/** Writes rows into blocks and hands full ones, or those that waited long enough, to the outside. */
import { Interner, MAX_ADDRESSES_PER_RUN, MAX_LABELS_PER_RUN } from '../../blocks/interner.js';
import type { NewLabels } from '../../blocks/run-labels.js';
import { BLOCK_CAPACITY, blockBytes, SampleBlock } from '../../blocks/sample-block.js';

/** Blocks kept for reuse: more than are ever under way at once, few enough to stay small. */
const MAX_SPARE_BLOCKS = 8;

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
  /** Blocks posted and not recycled yet. */
  blocksInFlight = 0;

  constructor(
    readonly worker: number,
    readonly post: PostBlock,
    /** Labels that are expected: they keep their place however many others come first. */
    expectedLabels: readonly string[] = [],
  ) {
    this.versions = new Interner(MAX_LABELS_PER_RUN, expectedLabels);
  }

  /** The block to write the next row into; the row counts once `commit` is called. */
  get block(): SampleBlock {
    return this.#block;
  }

  /** Ends the row at `block.length`. */
  commit(): void {
    this.#block.worker[this.#block.length] = this.worker;
    this.#block.length += 1;
    if (this.#block.length === BLOCK_CAPACITY) this.flush();
  }

  /** Hands over what there is. */
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

  /** Takes a buffer back that the reader has done with. */
  recycle(buffer: ArrayBuffer): void {
    this.blocksInFlight -= 1;
    if (this.#spare.length < MAX_SPARE_BLOCKS && buffer.byteLength === blockBytes()) this.#spare.push(buffer);
  }

  get labelsOverflowed(): boolean {
    return this.versions.overflowed || this.endpoints.overflowed || this.addresses.overflowed;
  }
}
