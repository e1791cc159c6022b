/** Which labels name the same endpoint, and which version an endpoint belongs to. */
import { type LabelTables, NO_LABEL } from '../../blocks/sample-block.js';
import { NONE } from '../version-slots.js';

/** Stands for the slot of an endpoint that several versions have. */
const AMBIGUOUS = -1;

export class EndpointLabels {
  readonly #names: LabelTables['endpoints'];
  /** By label: the first label with the same name, ignoring case. */
  readonly #sameAs: number[] = [];
  readonly #byName = new Map<string, number>();
  /** By label: the slot of the endpoint's version, or AMBIGUOUS. */
  readonly #versionOf: (number | undefined)[] = [];

  /** @param names by label; grows during the run */
  constructor(names: LabelTables['endpoints']) {
    this.#names = names;
  }

  /** One label for all spellings: an error page may write a pod's name in a different case than the application. */
  canonical(label: number): number {
    if (label === NO_LABEL) return NO_LABEL;
    for (let next = this.#sameAs.length; next <= label; next += 1) {
      const name = (this.#names[next] ?? '').toLowerCase();
      const first = this.#byName.get(name) ?? next;
      this.#byName.set(name, first);
      this.#sameAs.push(first);
    }
    return this.#sameAs[label] as number;
  }

  /**
   * Slot of the version of a response: the version that it names, or that of its endpoint, since errors may name only the
   * endpoint.
   *
   * @param slot as the response names it; NONE: it names none
   * @param label canonical
   */
  versionOf(slot: number, label: number): number {
    if (label === NO_LABEL) return slot;
    const known = this.#versionOf[label];
    if (slot === NONE) return known === undefined || known === AMBIGUOUS ? NONE : known;
    if (known === undefined) this.#versionOf[label] = slot;
    else if (known !== slot) this.#versionOf[label] = AMBIGUOUS;
    return slot;
  }
}
