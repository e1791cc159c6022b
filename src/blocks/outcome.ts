/**
 * How a scheduled request ended: the codes of the sample block's `outcome` column. The order is part of
 * the block's format: append, never reorder.
 */
export type OutcomeClass = 'response' | 'failed' | 'cutOff';

interface OutcomeInfo {
  readonly name: string;
  readonly class: OutcomeClass;
  /** Whether the gateway can have drawn a version for it: the request was, or may have been, sent. */
  readonly sent: boolean;
}

const response = (name: string): OutcomeInfo => ({ name, class: 'response', sent: true });
const failed = (name: string, sent: boolean): OutcomeInfo => ({ name, class: 'failed', sent });

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
  /** HTTP/2: by its own word the server has not processed the request, so that it can be sent again. */
  failed('refused-stream', false),
  /** The server does not speak HTTP/2 where it was to. */
  failed('no-http2', false),
  // What this machine could not do.
  failed('no-file-descriptor', false),
  failed('no-local-port', false),
] as const satisfies readonly OutcomeInfo[];

/** Name of an outcome. */
export type OutcomeName = (typeof OUTCOMES)[number]['name'];

const codes = new Map<string, number>(OUTCOMES.map((outcome, code) => [outcome.name, code]));

/** Code of the outcome with this name. */
export function outcomeCode(name: OutcomeName): number {
  return codes.get(name) as number;
}

/** What the code stands for. Throws RangeError for a code that no version of the format has. */
export function outcomeOf(code: number): OutcomeInfo & { readonly name: OutcomeName } {
  const outcome = OUTCOMES[code];
  if (outcome === undefined) throw new RangeError(`no outcome has the code ${code}`);
  return outcome;
}
