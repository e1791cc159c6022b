/** What the analyses of order need of a request, in columns that grow. */
import { OUTCOMES, type OutcomeName } from '../../../blocks/outcome.js';
import { NO_LABEL, ORIGIN } from '../../../blocks/sample-block.js';

/** What became of a request that was sent. */
export const WHAT = {
  /** A backend answered. */
  answer: 0,
  /** The gateway: no healthy upstream. */
  noHealthy: 1,
  /** The gateway: a circuit breaker is full. */
  overflow: 2,
  /** The gateway sent it to an endpoint, but no answer came from there. */
  unreached: 3,
  /** The gateway answered for another reason. */
  gateway: 4,
  /** No whole response came. */
  lost: 5,
} as const;

export const WHATS = 6;
/** It was never sent, so that no endpoint was drawn for it. */
export const UNSENT = 255;

/** Replies of the gateway that say that it had chosen an endpoint. */
const UNREACHED: readonly OutcomeName[] = [
  'connection-failure',
  'connection-timeout',
  'connection-termination',
  'protocol-error',
  'upstream-timeout',
];

/** By outcome code. */
const WHAT_OF = Uint8Array.from(OUTCOMES, (outcome) => {
  if (!outcome.sent) return UNSENT;
  if (outcome.class !== 'response') return WHAT.lost;
  if (outcome.name === 'no-healthy-upstream') return WHAT.noHealthy;
  if (outcome.name === 'overflow') return WHAT.overflow;
  if (UNREACHED.includes(outcome.name)) return WHAT.unreached;
  return outcome.name === 'ok' ? WHAT.answer : WHAT.gateway;
});

/** WHAT of a row, or UNSENT. A response that broke after it told its endpoint was an answer of it. */
export function whatOf(outcome: number, origin: number, endpoint: number): number {
  const what = WHAT_OF[outcome] as number;
  if (what === UNSENT || origin === ORIGIN.gateway) return what;
  return endpoint === NO_LABEL ? what : WHAT.answer;
}

/** Rows; `length` of them are in use. */
export class SentRows {
  length = 0;
  sendUs = new Float64Array(256);
  /** When its first byte came, else its end. */
  seenUs = new Float64Array(256);
  slot = new Uint16Array(256);
  endpoint = new Uint16Array(256);
  status = new Uint16Array(256);
  what = new Uint8Array(256);

  add(sendUs: number, seenUs: number, slot: number, endpoint: number, status: number, what: number): void {
    if (this.length === this.sendUs.length) this.#grow();
    const row = this.length;
    this.sendUs[row] = sendUs;
    this.seenUs[row] = seenUs;
    this.slot[row] = slot;
    this.endpoint[row] = endpoint;
    this.status[row] = status;
    this.what[row] = what;
    this.length = row + 1;
  }

  /** Adds a row of others. */
  copy(from: SentRows, row: number): void {
    this.add(
      from.sendUs[row] as number,
      from.seenUs[row] as number,
      from.slot[row] as number,
      from.endpoint[row] as number,
      from.status[row] as number,
      from.what[row] as number,
    );
  }

  #grow(): void {
    const grown = <T extends Float64Array | Uint16Array | Uint8Array>(column: T, larger: T): T => {
      larger.set(column);
      return larger;
    };
    const size = this.sendUs.length * 2;
    this.sendUs = grown(this.sendUs, new Float64Array(size));
    this.seenUs = grown(this.seenUs, new Float64Array(size));
    this.slot = grown(this.slot, new Uint16Array(size));
    this.endpoint = grown(this.endpoint, new Uint16Array(size));
    this.status = grown(this.status, new Uint16Array(size));
    this.what = grown(this.what, new Uint8Array(size));
  }
}
