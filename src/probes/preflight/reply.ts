/** What came of a single request: a response, with what it tells about itself, or a failure. */
import { type OutcomeName, outcomeOf } from '../../blocks/outcome.js';
import { ORIGIN } from '../../blocks/sample-block.js';
import { classifyReply } from '../response/origin.js';
import { hasHeader } from '../response/raw-headers.js';

export interface PreflightReply {
  readonly kind: 'reply';
  readonly status: number;
  /** Flat: name, value, name, value, … */
  readonly headers: readonly Buffer[];
  /** The beginning of the body, at most as many bytes as were to be kept. */
  readonly body: Buffer;
  /** `body` is not the whole body: it was longer, or its end did not come in time. */
  readonly cut: boolean;
  readonly outcome: OutcomeName;
  /** The gateway made the response itself. */
  readonly fromGateway: boolean;
  /** It has the header `x-envoy-upstream-service-time`. */
  readonly upstreamTimeStamped: boolean;
  /** Address that it came from (`203.0.113.7:80`), or the path of a Unix socket. */
  readonly address: string;
}

export interface PreflightFailure {
  readonly kind: 'failure';
  readonly outcome: OutcomeName;
  /** The connection was open when the request failed. */
  readonly connected: boolean;
  readonly error: Error & { code?: string };
}

/** Whether every response was a 5xx: the request may be right, and nothing behind the gateway answers it. */
export function onlyServerErrors(replies: readonly PreflightReply[]): boolean {
  return replies.every(({ status }) => status >= 500);
}

/** Classifies a response by itself, without knowing whether this gateway stamps the responses of backends. */
export function readReply(
  seen: Pick<PreflightReply, 'status' | 'headers' | 'body' | 'cut' | 'address'>,
): PreflightReply {
  const { status, headers, body } = seen;
  const { outcome, origin } = classifyReply(status, headers, body, false);
  return {
    kind: 'reply',
    ...seen,
    outcome: outcomeOf(outcome).name,
    fromGateway: origin === ORIGIN.gateway,
    upstreamTimeStamped: hasHeader(headers, 'x-envoy-upstream-service-time'),
  };
}
