/** Label tables that a hostile server cannot grow without end. */
import { NO_LABEL } from './sample-block.js';

/** The label that stands for all labels beyond the limit. */
const OTHER_LABEL = '(other)';

/** Distinct labels of one column in a run. The last number is reserved for OTHER_LABEL. */
export const MAX_LABELS_PER_RUN = 4096;

/** Distinct addresses in a run: more than are ever connected to. */
export const MAX_ADDRESSES_PER_RUN = 1024;

/**
 * Copies a text. A label that is a part of a body keeps the whole body in memory: 4,096 labels of bodies of 64 KiB
 * would take 256 MiB.
 */
function copyOf(text: string): string {
  return Buffer.from(text, 'utf16le').toString('utf16le');
}

/** Gives each distinct label a small number, in order of arrival, up to a limit. */
export class Interner {
  readonly labels: string[] = [];
  readonly #ids = new Map<string, number>();

  /** @param expected labels that get their numbers first, so that they are kept apart whatever else there is */
  constructor(
    readonly bound: number = MAX_LABELS_PER_RUN,
    expected: readonly string[] = [],
  ) {
    for (const label of expected) this.id(label);
  }

  /** The label's number; NO_LABEL for null. */
  id(label: string | null): number {
    if (label === null) return NO_LABEL;
    const known = this.#ids.get(label);
    if (known !== undefined) return known;
    if (this.labels.length >= this.bound - 1 && label !== OTHER_LABEL) return this.id(OTHER_LABEL);
    const own = copyOf(label);
    this.#ids.set(own, this.labels.length);
    this.labels.push(own);
    return this.labels.length - 1;
  }

  /** Whether some labels were replaced by OTHER_LABEL. */
  get overflowed(): boolean {
    return this.#ids.has(OTHER_LABEL);
  }
}
