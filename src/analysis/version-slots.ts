/**
 * Versions by number: labels as they were read stand for versions (plan/labels.ts), and the folds count in
 * arrays by the version's slot. Slots are given out in the order of the label table, so that the order in
 * which blocks arrive makes no difference.
 */
import { NO_LABEL } from '../blocks/sample-block.js';
import { compareNames } from '../text/name-order.js';

/** Slot of rows without a version. */
export const NONE = 0;
/** Slot of versions beyond the bound: a server can invent labels without end. */
export const OTHER = 1;
const FIRST = 2;

export const NONE_NAME = '(none)';
export const OTHER_NAME = '(other)';

/** Versions listed besides the expected ones; further ones become OTHER. */
const MAX_UNEXPECTED = 64;
/** Labels listed per version. */
const MAX_LABELS = 64;

export class VersionSlots {
  /** By slot. */
  readonly names: string[] = [NONE_NAME, OTHER_NAME];
  /** Slots of the expected versions, in their order. */
  readonly expected: readonly number[];
  readonly #slotOfName = new Map<string, number>();
  readonly #slotOfLabel: number[] = [];
  readonly #seen = new Uint8Array(NO_LABEL + 1);

  /**
   * @param labels grows as the run goes
   * @param versionOf name of the version that a label stands for
   */
  constructor(
    readonly labels: readonly string[],
    readonly versionOf: (label: string) => string,
    expectedNames: readonly string[],
  ) {
    this.expected = expectedNames.map((name) => this.#give(name));
  }

  /** Slot of a version column's value; the label counts as seen. */
  slotOf(label: number): number {
    if (label === NO_LABEL) return NONE;
    this.#seen[label] = 1;
    const slot = this.#slotOfLabel[label];
    return slot === undefined ? this.#resolve(label) : slot;
  }

  /** Slots of all versions: the expected ones, then the others by name; OTHER last, when used. */
  listed(used: (slot: number) => boolean): number[] {
    const others = this.names
      .map((_, slot) => slot)
      .slice(FIRST + this.expected.length)
      .filter(used)
      .sort((a, b) => compareNames(this.names[a] as string, this.names[b] as string) || a - b);
    return [...this.expected, ...others, ...(used(OTHER) ? [OTHER] : [])];
  }

  /** The labels seen for a slot in alphabetical order, at most 64 of them. */
  labelsOf(slot: number): string[] {
    return this.labels
      .filter((_, label) => this.#seen[label] === 1 && this.#slotOfLabel[label] === slot)
      .slice(0, MAX_LABELS)
      .sort();
  }

  #resolve(label: number): number {
    if (label >= this.labels.length) throw new RangeError(`version label ${label} is not in the table`);
    for (let next = this.#slotOfLabel.length; next <= label; next++) {
      const name = this.versionOf(this.labels[next] as string);
      this.#slotOfLabel.push(this.#slotOfName.get(name) ?? this.#giveBounded(name));
    }
    return this.#slotOfLabel[label] as number;
  }

  #giveBounded(name: string): number {
    return this.names.length - FIRST - this.expected.length < MAX_UNEXPECTED ? this.#give(name) : OTHER;
  }

  #give(name: string): number {
    this.#slotOfName.set(name, this.names.length);
    return this.names.push(name) - 1;
  }
}
