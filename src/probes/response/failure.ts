/** Outcomes of failed requests: errors of Node and OpenSSL, and failures whose outcome the driver knows. */
import { isIPv4 } from 'node:net';
import type { OutcomeName } from '../../blocks/outcome.js';

/** A failure whose outcome is known where it is detected. */
export class RequestFailure extends Error {
  /** Bytes that were received and could not be read as a response; null if they are not known. */
  readonly received: Buffer | null;

  constructor(
    readonly outcome: OutcomeName,
    message: string,
    { cause, received = null }: { readonly cause?: Error; readonly received?: Buffer | null } = {},
  ) {
    super(message, cause === undefined ? {} : { cause });
    this.received = received;
  }
}

/** How far a request had come when it failed. */
export interface FailureStage {
  readonly tls: boolean;
  /** It was written to an open connection. */
  readonly sent: boolean;
  /** The response's head was received. */
  readonly headSeen: boolean;
}

/** Codes that mean the same at every stage, unless the connection was open and broke. */
const BY_CODE: Readonly<Record<string, OutcomeName>> = {
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
  EAI_FAIL: 'dns',
  ENODATA: 'dns',
  ECONNREFUSED: 'refused',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EADDRNOTAVAIL: 'unreachable',
  EMFILE: 'no-file-descriptor',
  ENFILE: 'no-file-descriptor',
  EACCES: 'unreachable',
  ENOENT: 'unreachable',
  ENOTSOCK: 'unreachable',
  EPROTO: 'tls',
};

/** Codes of a connection that was open and broke. */
const BROKEN = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'EHOSTUNREACH', 'ENETUNREACH']);

/** OpenSSL's and Node's codes for a failed handshake or a certificate that is not accepted. */
const TLS_CODE =
  /^(ERR_TLS_|ERR_SSL_|ERR_OSSL_|CERT_|CRL_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE)/;

/**
 * The error that explains most. When several addresses were tried (happy eyeballs), Node wraps one error for each:
 * a refused connection is preferred, because the others often only say that this machine lacks IPv4 or IPv6.
 */
export function rootCause(error: unknown): Error & { code?: string } {
  if (error instanceof AggregateError && error.errors.length > 0) {
    return rootCause(error.errors.find(({ code }) => code === 'ECONNREFUSED') ?? error.errors[0]);
  }
  return error instanceof Error ? error : new Error(String(error));
}

/** The outcome of a request that failed with this error at this stage. */
export function classifyFailure(error: unknown, stage: FailureStage): OutcomeName {
  const cause = rootCause(error);
  if (cause instanceof RequestFailure) return cause.outcome;
  const code = cause.code ?? '';
  // With an IPv4 address every local port is taken. With an IPv6 address this machine usually has no IPv6.
  if (code === 'EADDRNOTAVAIL' && isIPv4(String((cause as { address?: unknown }).address)))
    return 'no-local-port';
  if (stage.sent && BROKEN.has(code)) return stage.headSeen ? 'truncated' : 'reset';
  const known = BY_CODE[code];
  if (known !== undefined) return known;
  return stage.sent ? afterSending(code, stage.headSeen) : beforeSending(code, stage.tls);
}

function beforeSending(code: string, tls: boolean): OutcomeName {
  if (TLS_CODE.test(code)) return 'tls';
  if (code === 'ETIMEDOUT') return 'connect-timeout';
  // Closed during the handshake: Envoy does this when it does not know the server name.
  if (tls && (code === 'ECONNRESET' || code === 'EPIPE')) return 'tls';
  // Reset before it was open. Outcome `reset` would mean that the request had been written.
  return code === 'ECONNRESET' ? 'refused' : 'other';
}

function afterSending(code: string, headSeen: boolean): OutcomeName {
  if (TLS_CODE.test(code)) {
    if (headSeen) return 'truncated';
    // In TLS 1.3 the server checks the client certificate after the client's handshake has ended: it sent an alert
    // and passed nothing on to a backend. Anything else is bytes that are not TLS.
    return /_ALERT_/.test(code) ? 'tls' : 'malformed';
  }
  if (code === 'ETIMEDOUT') return headSeen ? 'truncated' : 'timeout';
  return 'other';
}
