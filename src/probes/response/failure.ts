/** Names for the ways in which a request can fail: errors of Node, undici and OpenSSL → outcomes. */
import { isIPv4 } from 'node:net';
import type { OutcomeName } from '../../blocks/outcome.js';

/** A failure whose name is known where it happens. */
export class NamedFailure extends Error {
  constructor(
    readonly outcome: OutcomeName,
    message: string,
  ) {
    super(message);
  }
}

/** How far a request had come when it failed. */
export interface FailureStage {
  readonly tls: boolean;
  /** It was written to an open connection. */
  readonly sent: boolean;
  /** The response's head had come. */
  readonly headSeen: boolean;
}

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
  UND_ERR_HEADERS_OVERFLOW: 'too-large',
  UND_ERR_RES_EXCEEDED_MAX_SIZE: 'too-large',
};

/** Codes of a connection that stood and broke. */
const BROKEN = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'EHOSTUNREACH', 'ENETUNREACH']);

/** OpenSSL's and Node's codes for a handshake or a certificate that did not hold. */
const TLS_CODE =
  /^(ERR_TLS_|ERR_SSL_|ERR_OSSL_|CERT_|CRL_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE)/;

/**
 * The innermost error that says something: happy eyeballs wraps one error per address. A refusal says more
 * than an address family without a route.
 */
export function rootCause(error: unknown): Error & { code?: string } {
  if (error instanceof AggregateError && error.errors.length > 0) {
    return rootCause(error.errors.find(({ code }) => code === 'ECONNREFUSED') ?? error.errors[0]);
  }
  return error instanceof Error ? error : new Error(String(error));
}

/** The outcome that stands for an error at this stage. */
export function classifyFailure(error: unknown, stage: FailureStage): OutcomeName {
  const cause = rootCause(error);
  if (cause instanceof NamedFailure) return cause.outcome;
  const code = cause.code ?? '';
  const named = BY_CODE[code];
  // For an IPv4 address: every local port is taken. For an IPv6 one, more often: this machine has none itself.
  if (code === 'EADDRNOTAVAIL' && isIPv4(String((cause as { address?: unknown }).address)))
    return 'no-local-port';
  if (stage.sent && BROKEN.has(code)) return stage.headSeen ? 'truncated' : 'reset';
  if (named !== undefined) return named;
  // undici's word for a body that is short, and for a head that it cannot parse once a length was in it.
  if (code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH') return stage.headSeen ? 'truncated' : 'malformed';
  if (cause.name === 'HTTPParserError') return parserOutcome(cause.message, stage);
  if (!stage.sent) {
    if (TLS_CODE.test(code)) return 'tls';
    if (code === 'ETIMEDOUT' || code === 'UND_ERR_CONNECT_TIMEOUT') return 'connect-timeout';
    // The connection stood and broke off in the handshake: what a wrong server name gives on Envoy.
    if (stage.tls && (code === 'ECONNRESET' || code === 'EPIPE')) return 'tls';
    // Reset before it stood for us: nothing was written, unlike what `reset` stands for.
    return code === 'ECONNRESET' ? 'refused' : 'other';
  }
  if (TLS_CODE.test(code)) return tlsOutcome(code, stage);
  // An answer that undici could parse but no client can use: a 100 or 101 that nobody asked for, a status below 100.
  if (code === 'UND_ERR_SOCKET' && /^bad (response|upgrade)/.test(cause.message)) return 'malformed';
  if (code === 'ERR_ASSERTION') return 'malformed';
  if (stage.headSeen) return code === 'UND_ERR_SOCKET' || code === 'ETIMEDOUT' ? 'truncated' : 'other';
  if (code === 'ETIMEDOUT') return 'timeout';
  if (code === 'UND_ERR_SOCKET') return 'closed';
  return 'other';
}

/** TLS that failed after the request was written: bytes that are none, or a word of the server's. */
function tlsOutcome(code: string, stage: FailureStage): OutcomeName {
  if (stage.headSeen) return 'truncated';
  // In TLS 1.3 a client certificate is looked at after the client's handshake: nothing was sent on to a backend.
  return /_ALERT_/.test(code) ? 'tls' : 'malformed';
}

/** undici 7 gives its parser's errors no code, only llhttp's words. */
function parserOutcome(message: string, stage: FailureStage): OutcomeName {
  // The connection ended where the message had not.
  if (message.includes('Invalid EOF state')) return stage.headSeen ? 'truncated' : 'closed';
  return 'malformed';
}
