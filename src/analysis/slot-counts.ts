/** How requests ended: of one version, of those without one, or of a part of these. */
import { isGatewayReply, OUTCOMES, type OutcomeInfo, type OutcomeName } from '../blocks/outcome.js';
import { ORIGIN } from '../blocks/sample-block.js';
import { sum } from '../collections.js';
import { StatusCounts } from './status-counts.js';

/** By outcome code: 1 for a whole response. */
export const IS_RESPONSE = Uint8Array.from(OUTCOMES, (outcome) => (outcome.class === 'response' ? 1 : 0));

/** Replies of the gateway whose cause is not known. */
const OTHER_REPLY: OutcomeName = 'gateway-other';

export class SlotCounts {
  /** By outcome code: how its requests ended. */
  readonly outcomes = new Float64Array(OUTCOMES.length);
  /** By outcome code: whole replies that the gateway made itself. */
  readonly gatewayReplies = new Float64Array(OUTCOMES.length);
  /** Whole responses. */
  readonly responses = new StatusCounts();
  /** Those among them that the gateway made itself. */
  readonly gatewayResponses = new StatusCounts();

  /**
   * Counts a request.
   *
   * @param outcome its code
   * @param origin ORIGIN
   * @returns whether a backend answered it
   */
  add(outcome: number, status: number, origin: number): boolean {
    (this.outcomes[outcome] as number)++;
    if (IS_RESPONSE[outcome] !== 1) return false;
    this.responses.add(status);
    if (origin !== ORIGIN.gateway) return true;
    (this.gatewayReplies[outcome] as number)++;
    this.gatewayResponses.add(status);
    return false;
  }

  merge(from: SlotCounts): void {
    OUTCOMES.forEach((_, code) => {
      (this.outcomes[code] as number) += from.outcomes[code] as number;
      (this.gatewayReplies[code] as number) += from.gatewayReplies[code] as number;
    });
    this.responses.merge(from.responses);
    this.gatewayResponses.merge(from.gatewayResponses);
  }

  /** Requests of a version of which it is known that the gateway drew it, whole or broken. */
  get drawn(): number {
    return this.responses.requests + sumWhere(this.outcomes, (outcome) => outcome.class === 'failed');
  }

  /** Requests that were sent, or may have been, and ended before the end of the run. */
  get sent(): number {
    return sumWhere(this.outcomes, (outcome) => outcome.sent && outcome.class !== 'cutOff');
  }

  /** Requests that were in flight when the run ended. */
  get cutOff(): number {
    return sumWhere(this.outcomes, (outcome) => outcome.sent && outcome.class === 'cutOff');
  }
}

/** Requests that got no good answer. */
export interface ErrorCounts {
  /** Answered or failed. Not: cut off, or not sent because of this machine. */
  readonly requests: number;
  readonly errors: number;
  /** Errors of backends by status; the gateway's own replies, and failures, by the outcome's name. */
  readonly kinds: Readonly<Record<string, number>>;
}

/**
 * Requests that got no good answer: statuses that are errors, every 4xx and 5xx that the gateway made itself, and failures.
 */
export function errorsOf(slots: readonly SlotCounts[], isError: (status: number) => boolean): ErrorCounts {
  const kinds: Record<string, number> = {};
  const add = (kind: string, count: number) => {
    if (count > 0) kinds[kind] = (kinds[kind] ?? 0) + count;
  };
  let requests = 0;
  for (const { outcomes, responses, gatewayResponses, gatewayReplies } of slots) {
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

export function sumWhere(byOutcome: Float64Array, wanted: (outcome: OutcomeInfo) => boolean): number {
  return OUTCOMES.reduce(
    (sum, outcome, code) => (wanted(outcome) ? sum + (byOutcome[code] as number) : sum),
    0,
  );
}
