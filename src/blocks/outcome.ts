/**
 * Outcomes: how a scheduled request ended, as recorded in its row. Codes are positions in OUTCOMES and are part of
 * the format of saved runs: append new ones, never reorder.
 */
export type OutcomeClass = 'response' | 'failed' | 'cutOff';

export interface OutcomeInfo {
  readonly name: string;
  readonly class: OutcomeClass;
  /** The request was sent, or may have been, so that the gateway may have chosen a version for it. */
  readonly sent: boolean;
  /** This machine could not do it: nothing was asked of the gateway. */
  readonly ownFault?: true;
}

const response = (name: string): OutcomeInfo => ({ name, class: 'response', sent: true });
const failed = (name: string, sent: boolean): OutcomeInfo => ({ name, class: 'failed', sent });
const ownFault = (name: string): OutcomeInfo => ({ name, class: 'failed', sent: false, ownFault: true });

/** All outcomes by code. */
export const OUTCOMES = [
  /** A whole response that the gateway did not make itself. */
  response('ok'),
  // Replies that the gateway made itself (docs/envoy.md, "The gateway's own replies").
  response('overflow'),
  response('no-healthy-upstream'),
  response('connection-failure'),
  response('connection-timeout'),
  response('connection-termination'),
  response('protocol-error'),
  response('upstream-timeout'),
  response('route-not-found'),
  response('backend-ref-invalid'),
  response('access-denied'),
  response('fault-injected'),
  response('rate-limited'),
  response('gateway-other'),
  // Failures: no whole response came.
  failed('dns', false),
  failed('refused', false),
  failed('unreachable', false),
  failed('connect-timeout', false),
  failed('tls', false),
  failed('timeout', true),
  failed('reset', true),
  failed('closed', true),
  failed('truncated', true),
  failed('malformed', true),
  failed('too-large', true),
  failed('other', true),
  // The end of the run came first.
  { name: 'cut-off', class: 'cutOff', sent: true },
  { name: 'not-sent', class: 'cutOff', sent: false },
  /** HTTP/2: the server said that it has not processed the request, so that it can be sent again. */
  failed('refused-stream', false),
  /** The server does not speak HTTP/2, which the plan asks for. */
  failed('no-http2', false),
  // What this machine could not do.
  ownFault('no-file-descriptor'),
  ownFault('no-local-port'),
] as const satisfies readonly OutcomeInfo[];

/** Name of an outcome. */
export type OutcomeName = (typeof OUTCOMES)[number]['name'];

const codes = new Map<string, number>(OUTCOMES.map((outcome, code) => [outcome.name, code]));

/** The code of the outcome with this name. */
export function outcomeCode(name: OutcomeName): number {
  return codes.get(name) as number;
}

const GATEWAY_REPLIES: ReadonlySet<string> = new Set(
  OUTCOMES.flatMap((outcome) =>
    outcome.class === 'response' && outcome.name !== 'ok' ? [outcome.name] : [],
  ),
);

/** Whether an outcome of this name is a reply that the gateway made itself. */
export function isGatewayReply(name: string): boolean {
  return GATEWAY_REPLIES.has(name);
}

/**
 * The outcome with this code.
 *
 * @throws RangeError for an unknown code
 */
export function outcomeOf(code: number): OutcomeInfo & { readonly name: OutcomeName } {
  const outcome = OUTCOMES[code];
  if (outcome === undefined) throw new RangeError(`no outcome has the code ${code}`);
  return outcome;
}
