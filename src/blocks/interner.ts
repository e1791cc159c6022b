/** Label tables that a hostile server cannot grow without end. */
import { NO_LABEL } from './sample-block.js';

/** What labels past the bound become. */
const OTHER_LABEL = '(other)';

/** Most distinct labels of one column in a run; the last place is kept for OTHER_LABEL. */
export const MAX_LABELS_PER_RUN = 4096;

/** Most distinct addresses in a run: more than are ever connected to. */
export const MAX_ADDRESSES_PER_RUN = 1024;

/** A part of a text keeps the whole text in memory: 4,096 labels out of bodies of 64 KiB would be 256 MiB. */
function copyOf(text: string): string {
  return Buffer.from(text, 'utf16le').toString('utf16le');
}

/** Gives each distinct label a small number, first come first served, up to a bound. */
export class Interner {
  readonly labels: string[] = [];
  readonly #ids = new Map<string, number>();

  /** @param expected labels that have their place whatever comes first */
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

  /** Whether some labels were folded into OTHER_LABEL. */
  get overflowed(): boolean {
    return this.#ids.has(OTHER_LABEL);
  }
}
