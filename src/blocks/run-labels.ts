/** A run's label tables, and how the numbers of those who contribute to it become the run's. */

import { Interner, MAX_ADDRESSES_PER_RUN, MAX_LABELS_PER_RUN } from './interner.js';
import { type LabelTables, NO_LABEL, type SampleBlock } from './sample-block.js';

/** Labels that a worker met since its last block, in the order of their numbers. */
export interface NewLabels {
  readonly versions: readonly string[];
  readonly endpoints: readonly string[];
  readonly addresses: readonly string[];
}

/** A contributor's label numbers → the run's: a worker's, or those of a shard. */
export interface LabelNumbers {
  readonly versions: number[];
  readonly endpoints: number[];
  readonly addresses: number[];
}

/** A run's labels, shared with whoever folds the blocks; they grow while the run goes on. */
export class RunLabels implements LabelTables {
  readonly #versions: Interner;
  readonly #endpoints = new Interner();
  readonly #addresses = new Interner(MAX_ADDRESSES_PER_RUN);
  readonly versions: readonly string[];
  readonly endpoints = this.#endpoints.labels;
  readonly addresses = this.#addresses.labels;

  /** @param expected labels that have their place whatever comes first */
  constructor(expected: readonly string[] = []) {
    this.#versions = new Interner(MAX_LABELS_PER_RUN, expected);
    this.versions = this.#versions.labels;
  }

  /** Extends a contributor's translation tables by its new labels. */
  learn(labels: NewLabels, numbers: LabelNumbers): void {
    for (const label of labels.versions) numbers.versions.push(this.#versions.id(label));
    for (const label of labels.endpoints) numbers.endpoints.push(this.#endpoints.id(label));
    for (const label of labels.addresses) numbers.addresses.push(this.#addresses.id(label));
  }

  /** Number of a version label; NO_LABEL for null. */
  version(label: string | null): number {
    return this.#versions.id(label);
  }

  /** Number of an endpoint label; NO_LABEL for null. */
  endpoint(label: string | null): number {
    return this.#endpoints.id(label);
  }

  get overflowed(): boolean {
    return this.#versions.overflowed || this.#endpoints.overflowed || this.#addresses.overflowed;
  }
}

/** Puts the run's numbers in the place of the contributor's. */
export function translateLabels(block: SampleBlock, numbers: LabelNumbers): void {
  translate(block.version, block.length, numbers.versions);
  translate(block.endpoint, block.length, numbers.endpoints);
  translate(block.address, block.length, numbers.addresses);
}

function translate(column: Uint16Array, length: number, table: readonly number[]): void {
  for (let row = 0; row < length; row += 1) {
    const id = column[row] as number;
    if (id !== NO_LABEL) column[row] = table[id] as number;
  }
}
