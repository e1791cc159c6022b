/** How many requests ended how: per version, and all together. */
import { OUTCOMES, type OutcomeClass } from '../blocks/outcome.js';
import { NONE } from './version-slots.js';

const STATUSES_PER_PAGE = 100;

/** Requests by status. */
export class StatusCounts {
  requests = 0;
  /** By status ÷ 100: few hundreds are ever in use. */
  readonly #pages: (Uint32Array | undefined)[] = new Array(10).fill(undefined);

  add(status: number): void {
    this.requests++;
    // Three digits are all that HTTP/1.1 has; anything else came from no parser.
    const known = status > 999 ? 0 : status;
    const page = (known / STATUSES_PER_PAGE) | 0;
    const counts = this.#pages[page] ?? this.#addPage(page);
    (counts[known - page * STATUSES_PER_PAGE] as number)++;
  }

  merge(other: StatusCounts): void {
    this.requests += other.requests;
    other.#pages.forEach((theirs, page) => {
      if (theirs === undefined) return;
      const ours = this.#pages[page] ?? this.#addPage(page);
      for (let i = 0; i < ours.length; i++) ours[i] = (ours[i] as number) + (theirs[i] as number);
    });
  }

  /** `{"200": 17990, "503": 4}` */
  toRecord(): Record<string, number> {
    const record: Record<string, number> = {};
    this.#pages.forEach((counts, page) => {
      counts?.forEach((count, i) => {
        if (count > 0) record[page * STATUSES_PER_PAGE + i] = count;
      });
    });
    return record;
  }

  #addPage(page: number): Uint32Array {
    const counts = new Uint32Array(STATUSES_PER_PAGE);
    this.#pages[page] = counts;
    return counts;
  }
}

/** The counts of one version, or of the requests without one. */
class SlotCounts {
  /** By outcome code: how its requests ended. */
  readonly outcomes = new Float64Array(OUTCOMES.length);
  /** By outcome code: whole replies that the gateway made itself. */
  readonly gatewayReplies = new Float64Array(OUTCOMES.length);
  /** Whole responses. */
  readonly responses = new StatusCounts();
}

/** By outcome code: 1 for a whole response. */
export const IS_RESPONSE = Uint8Array.from(OUTCOMES, (outcome) => (outcome.class === 'response' ? 1 : 0));

export class Counts {
  readonly #slots: SlotCounts[] = [];

  /** A slot's counts, made when first asked for. */
  slot(slot: number): SlotCounts {
    while (this.#slots.length <= slot) this.#slots.push(new SlotCounts());
    return this.#slots[slot] as SlotCounts;
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
    const { responses, outcomes } = this.slot(slot);
    return responses.requests + sumWhere(outcomes, (outcome) => outcome.class === 'failed');
  }

  /**
   * Requests whose version is unknown though the gateway may have drawn one. What was cut off counts here
   * even if its version was read: the slower version's are cut off more often.
   */
  get unknownVersion(): number {
    const none = sumWhere(this.slot(NONE).outcomes, (outcome) => outcome.sent && outcome.class !== 'cutOff');
    const cutOff = this.#slots.reduce(
      (sum, counts) =>
        sum + sumWhere(counts.outcomes, (outcome) => outcome.sent && outcome.class === 'cutOff'),
      0,
    );
    return none + cutOff;
  }

  /** Failures by name: one slot's, or all. */
  failures(slot?: number): Record<string, number> {
    return this.#byName(
      (counts) => counts.outcomes,
      slot,
      (outcome) => outcome.class === 'failed',
    );
  }

  /** The gateway's own replies by name. */
  gatewayReplies(): Record<string, number> {
    return this.#byName(
      (counts) => counts.gatewayReplies,
      undefined,
      () => true,
    );
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
    wanted: (outcome: Outcome) => boolean,
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

type Outcome = (typeof OUTCOMES)[number];

function sumWhere(byOutcome: Float64Array, wanted: (outcome: Outcome) => boolean): number {
  return OUTCOMES.reduce(
    (sum, outcome, code) => (wanted(outcome) ? sum + (byOutcome[code] as number) : sum),
    0,
  );
}
