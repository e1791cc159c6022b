/** What became of a request that was sent. */
import { OUTCOMES, type OutcomeName } from '../../../blocks/outcome.js';
import { NO_LABEL, ORIGIN } from '../../../blocks/sample-block.js';

export const FATE = {
  /** A backend answered. */
  answer: 0,
  /** Local reply of the gateway: no healthy upstream. */
  noHealthyUpstream: 1,
  /** Local reply: a limit of the circuit breaker was reached. */
  overflow: 2,
  /** Local reply: the gateway chose an endpoint, but got no answer from it. */
  upstreamFailure: 3,
  /** Local reply for another reason. */
  otherLocalReply: 4,
  /** No whole response came. */
  noResponse: 5,
} as const;

export const FATE_COUNT = 6;
/** The request was not sent, so it has no fate: no endpoint was chosen for it. */
export const NOT_SENT = 255;

const UPSTREAM_FAILURES: readonly OutcomeName[] = [
  'connection-failure',
  'connection-timeout',
  'connection-termination',
  'protocol-error',
  'upstream-timeout',
];

/** By outcome code. */
const FATE_OF = Uint8Array.from(OUTCOMES, (outcome) => {
  if (!outcome.sent) return NOT_SENT;
  if (outcome.class !== 'response') return FATE.noResponse;
  if (outcome.name === 'no-healthy-upstream') return FATE.noHealthyUpstream;
  if (outcome.name === 'overflow') return FATE.overflow;
  if (UPSTREAM_FAILURES.includes(outcome.name)) return FATE.upstreamFailure;
  return outcome.name === 'ok' ? FATE.answer : FATE.otherLocalReply;
});

/**
 * Fate of a row of a sample block, or NOT_SENT. A response that broke off after it named its endpoint is an answer.
 *
 * @param outcome code
 * @param origin ORIGIN
 * @param endpoint label
 */
export function fateOf(outcome: number, origin: number, endpoint: number): number {
  const fate = FATE_OF[outcome] as number;
  if (fate === NOT_SENT || origin === ORIGIN.gateway) return fate;
  return endpoint === NO_LABEL ? fate : FATE.answer;
}

/** Whether the gateway had chosen an endpoint for the request, known or not. */
export function reachedEndpoint(fate: number): boolean {
  return fate === FATE.upstreamFailure || fate === FATE.noResponse || fate === FATE.answer;
}
