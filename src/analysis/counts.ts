/** How many requests ended how: per version, and all together. */
import { OUTCOMES, type OutcomeClass, type OutcomeInfo } from '../blocks/outcome.js';
import { sum } from '../collections.js';
import { type ErrorCounts, errorsOf, SlotCounts, sumWhere } from './slot-counts.js';
import { StatusCounts } from './status-counts.js';
import { NONE } from './version-slots.js';

/** By outcome code: 1 where the gateway took no connection. */
export const IS_UNCONNECTED = Uint8Array.from(OUTCOMES, (outcome: OutcomeInfo) =>
  outcome.class === 'failed' && !outcome.sent && outcome.ownFault !== true ? 1 : 0,
);

export class Counts {
  readonly #slots: SlotCounts[] = [];

  /** A slot's counts, made when first asked for. */
  slot(slot: number): SlotCounts {
    while (this.#slots.length <= slot) this.#slots.push(new SlotCounts());
    return this.#slots[slot] as SlotCounts;
  }

  /**
   * Counts a measured request.
   *
   * @param outcome its code
   * @param origin ORIGIN
   * @returns whether a backend answered it
   */
  add(slot: number, outcome: number, status: number, origin: number): boolean {
    return this.slot(slot).add(outcome, status, origin);
  }

  /** Adds the counts of others. */
  merge(other: Counts): void {
    other.#slots.forEach((from, slot) => {
      this.slot(slot).merge(from);
    });
  }

  get attributed(): number {
    return this.#slots.reduce(
      (sum, { responses }, slot) => sum + (slot === NONE ? 0 : responses.requests),
      0,
    );
  }

  get unattributed(): number {
    return this.slot(NONE).responses.requests;
  }

  /** Requests of a class, with and without a version. */
  ofClass(wanted: OutcomeClass): number {
    return this.#slots.reduce((sum, counts) => sum + sumWhere(counts.outcomes, (o) => o.class === wanted), 0);
  }

  /** Requests of which it is known that the gateway drew this version, whole or broken. */
  drawn(slot: number): number {
    return this.slot(slot).drawn;
  }

  /**
   * Requests whose version is unknown though the gateway may have drawn one. What was cut off counts here
   * even if its version was read: the slower version's are cut off more often.
   */
  get unknownVersion(): number {
    return this.slot(NONE).sent + sum(this.#slots.map(({ cutOff }) => cutOff));
  }

  /** Requests that never left this machine: no connection was free, or it had none left to open one. */
  get notSent(): number {
    const ours = ({ name, ownFault }: OutcomeInfo) => name === 'not-sent' || ownFault === true;
    return this.#slots.reduce((sum, counts) => sum + sumWhere(counts.outcomes, ours), 0);
  }

  /**
   * Requests that got no good answer, of a slot or of all: statuses that are errors, every 4xx and 5xx that the gateway made
   * itself, and failures.
   */
  errors(isError: (status: number) => boolean, slot?: number): ErrorCounts {
    return errorsOf(slot === undefined ? this.#slots : [this.slot(slot)], isError);
  }

  /** Failures by name: one slot's, or all. */
  failures(slot?: number): Record<string, number> {
    return this.#byName(
      (counts) => counts.outcomes,
      slot,
      (outcome) => outcome.class === 'failed',
    );
  }

  /** The gateway's own replies by name: one slot's, or all. */
  gatewayReplies(slot?: number): Record<string, number> {
    return this.#byName(
      (counts) => counts.gatewayReplies,
      slot,
      () => true,
    );
  }

  /** All whole responses by status. */
  statuses(): Record<string, number> {
    const all = new StatusCounts();
    for (const { responses } of this.#slots) all.merge(responses);
    return all.toRecord();
  }

  /** The gateway's own replies of one version. */
  gatewayRepliesOf(slot: number): number {
    return sumWhere(this.slot(slot).gatewayReplies, () => true);
  }

  /** Why responses had no version: the gateway's replies by name, `no-version` for a backend's answer. */
  unattributedKinds(): Record<string, number> {
    const kinds = this.#byName(
      (counts) => counts.outcomes,
      NONE,
      (outcome) => outcome.class === 'response',
    );
    const { ok, ...rest } = kinds;
    return ok === undefined ? rest : { 'no-version': ok, ...rest };
  }

  #byName(
    column: (counts: SlotCounts) => Float64Array,
    slot: number | undefined,
    wanted: (outcome: OutcomeInfo) => boolean,
  ): Record<string, number> {
    const chosen = slot === undefined ? this.#slots : [this.slot(slot)];
    const record: Record<string, number> = {};
    OUTCOMES.forEach((outcome, code) => {
      const count = chosen.reduce((sum, counts) => sum + (column(counts)[code] as number), 0);
      if (count > 0 && wanted(outcome)) record[outcome.name] = count;
    });
    return record;
  }
}
