/** Selecting rows by a label: version, endpoint or address. */
import { NO_LABEL } from '../../blocks/sample-block.js';
import { OptionError } from '../../errors.js';
import { printable } from '../../text/printable.js';
import { NO_LABEL_VALUE } from './cut.js';

/** States of a label number in the table below. */
const NOT_LOOKED_UP = 0;
const WANTED = 1;
const UNWANTED = 2;
/** Labels named in an error. */
const MAX_NAMED = 8;

/** Which numbers of a label column are wanted. Each label is compared once, when its first row comes. */
export class LabelChoice {
  readonly #states = new Uint8Array(NO_LABEL + 1);

  constructor(
    readonly key: 'version' | 'endpoint' | 'address',
    /** Labels by number; may grow. */
    readonly labels: readonly string[],
    readonly wanted: readonly string[],
    /** Name by which the label may be given as well; the label itself where it has none. */
    readonly nameOf: (label: string) => string,
  ) {
    this.#states[NO_LABEL] = wanted.includes(NO_LABEL_VALUE) ? WANTED : UNWANTED;
  }

  /** Whether rows with this label number are wanted. */
  has(label: number): boolean {
    const state = this.#states[label];
    if (state !== NOT_LOOKED_UP) return state === WANTED;
    const text = this.labels[label] as string;
    const wanted = this.wanted.includes(text) || this.wanted.includes(this.nameOf(text));
    this.#states[label] = wanted ? WANTED : UNWANTED;
    return wanted;
  }

  /**
   * To be called after the last row.
   *
   * @throws OptionError naming `cut.where`, for a wanted value that no request of the whole run has, which is probably a typing error
   */
  check(): void {
    const known = new Set([
      NO_LABEL_VALUE,
      ...this.labels,
      ...this.labels.map((label) => this.nameOf(label)),
    ]);
    const missing = this.wanted.find((value) => !known.has(value));
    if (missing === undefined) return;
    const shown = this.labels.slice(0, MAX_NAMED).map((label) => `'${printable(label, 60)}'`);
    const more = this.labels.length > MAX_NAMED ? ` and ${this.labels.length - MAX_NAMED} more` : '';
    throw new OptionError(
      (name) =>
        `${name('cut.where')} ${this.key}=${printable(missing)}: no request has this ${this.key}. ` +
        (shown.length === 0 ? `No request has any.` : `There are: ${shown.join(', ')}${more}.`),
    );
  }
}
