/** How many requests ended how: per version, and all together. */
import {
  isGatewayReply,
  OUTCOMES,
  type OutcomeClass,
  type OutcomeInfo,
  type OutcomeName,
} from '../blocks/outcome.js';
import { ORIGIN } from '../blocks/sample-block.js';
import { sum } from '../collections.js';
import { StatusCounts } from './status-counts.js';
import { NONE } from './version-slots.js';

/** The counts of one version, or of the requests without one. */
class SlotCounts {
  /** By outcome code: how its requests ended. */
  readonly outcomes = new Float64Array(OUTCOMES.length);
  /** By outcome code: whole replies that the gateway made itself. */
  readonly gatewayReplies = new Float64Array(OUTCOMES.length);
  /** Whole responses. */
  readonly responses = new StatusCounts();
  /** Those among them that the gateway made itself. */
  readonly gatewayResponses = new StatusCounts();
}

/** Requests that got no good answer. */
export interface ErrorCounts {
  /** Answered or failed. Not: cut off, or not sent because of this machine. */
  readonly requests: number;
  readonly errors: number;
  /** Errors of backends by status; the gateway's own replies, and failures, by the outcome's name. */
  readonly kinds: Readonly<Record<string, number>>;
}

/** Replies of the gateway whose cause is not known. */
const OTHER_REPLY: OutcomeName = 'gateway-other';

/** By outcome code: 1 for a whole response. */
export const IS_RESPONSE = Uint8Array.from(OUTCOMES, (outcome) => (outcome.class === 'response' ? 1 : 0));

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
    const counts = this.slot(slot);
    (counts.outcomes[outcome] as number)++;
    if (IS_RESPONSE[outcome] !== 1) return false;
    counts.responses.add(status);
    if (origin !== ORIGIN.gateway) return true;
    (counts.gatewayReplies[outcome] as number)++;
    counts.gatewayResponses.add(status);
    return false;
  }

  /** Adds the counts of others. */
  merge(other: Counts): void {
    other.#slots.forEach((from, slot) => {
      const to = this.slot(slot);
      OUTCOMES.forEach((_, code) => {
        (to.outcomes[code] as number) += from.outcomes[code] as number;
        (to.gatewayReplies[code] as number) += from.gatewayReplies[code] as number;
      });
      to.responses.merge(from.responses);
      to.gatewayResponses.merge(from.gatewayResponses);
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
    const chosen = slot === undefined ? this.#slots : [this.slot(slot)];
    const kinds: Record<string, number> = {};
    const add = (kind: string, count: number) => {
      if (count > 0) kinds[kind] = (kinds[kind] ?? 0) + count;
    };
    let requests = 0;
    for (const { outcomes, responses, gatewayResponses, gatewayReplies } of chosen) {
      requests += responses.requests;
      const own = gatewayResponses.toRecord();
      let byGateway = 0;
      for (const [status, count] of Object.entries(responses.toRecord())) {
        const [code, ofGateway] = [Number(status), own[status] ?? 0];
        if (isError(code)) add(status, count - ofGateway);
        if (isError(code) || code >= 400) byGateway += ofGateway;
      }
      // Of the gateway's replies only those of unknown cause may be no errors: redirects, for example.
      OUTCOMES.forEach(({ name }, code) => {
        if (!isGatewayReply(name) || name === OTHER_REPLY) return;
        const count = Math.min(byGateway, gatewayReplies[code] as number);
        byGateway -= count;
        add(name, count);
      });
      add(OTHER_REPLY, byGateway);
      OUTCOMES.forEach((outcome: OutcomeInfo, code) => {
        if (outcome.class !== 'failed' || outcome.ownFault === true) return;
        const count = outcomes[code] as number;
        requests += count;
        add(outcome.name, count);
      });
    }
    return { requests, errors: sum(Object.values(kinds)), kinds };
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

function sumWhere(byOutcome: Float64Array, wanted: (outcome: OutcomeInfo) => boolean): number {
  return OUTCOMES.reduce(
    (sum, outcome, code) => (wanted(outcome) ? sum + (byOutcome[code] as number) : sum),
    0,
  );
}
