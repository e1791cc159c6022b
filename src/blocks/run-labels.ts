/** A run's label tables, and the translation of the label numbers of workers and shards to those of the run. */

import type { LabelMask } from '../plan/labels/label-mask.js';
import { Interner, MAX_ADDRESSES_PER_RUN, MAX_LABELS_PER_RUN } from './interner.js';
import { type LabelTables, NO_LABEL, type SampleBlock } from './sample-block.js';

/** Labels that are new in a worker since its last block, in the order of their numbers. */
export interface NewLabels {
  readonly versions: readonly string[];
  readonly endpoints: readonly string[];
  readonly addresses: readonly string[];
}

/** Translation tables: the index is the label number of a worker or shard, the value is the run's number. */
export interface LabelNumbers {
  readonly versions: number[];
  readonly endpoints: number[];
  readonly addresses: number[];
}

/** A run's labels. They grow during the run, and are shared with whoever folds its blocks. */
export class RunLabels implements LabelTables {
  readonly #versions: Interner;
  readonly #endpoints = new Interner();
  readonly #addresses = new Interner(MAX_ADDRESSES_PER_RUN);
  readonly versions: readonly string[];
  readonly endpoints = this.#endpoints.labels;
  readonly addresses = this.#addresses.labels;

  /**
   * @param expected version labels that get their numbers first, so that they are always kept apart
   * @param mask how labels of workers are shown; null: as they are
   */
  constructor(
    expected: readonly string[] = [],
    readonly mask: LabelMask | null = null,
  ) {
    this.#versions = new Interner(MAX_LABELS_PER_RUN, expected);
    this.versions = this.#versions.labels;
  }

  /** Adds new labels of a worker or shard, and extends its translation tables. */
  learn(labels: NewLabels, numbers: LabelNumbers): void {
    const { mask } = this;
    for (const label of labels.versions) {
      numbers.versions.push(this.#versions.id(mask === null ? label : mask.version(label)));
    }
    for (const label of labels.endpoints) {
      numbers.endpoints.push(this.#endpoints.id(mask === null ? label : mask.endpoint(label)));
    }
    for (const label of labels.addresses) numbers.addresses.push(this.#addresses.id(label));
  }

  /** The number of a version label; NO_LABEL for null. */
  version(label: string | null): number {
    return this.#versions.id(label);
  }

  /** The number of an endpoint label; NO_LABEL for null. */
  endpoint(label: string | null): number {
    return this.#endpoints.id(label);
  }

  /** Whether some labels were counted as `(other)`. */
  get overflowed(): boolean {
    return this.#versions.overflowed || this.#endpoints.overflowed || this.#addresses.overflowed;
  }
}

/** Replaces the label numbers in a block by those of the run. */
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
