/** Names for the ways in which a request can fail: errors of Node, undici and OpenSSL → outcomes. */
import type { OutcomeName } from './outcome.js';

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
  EACCES: 'unreachable',
  ENOENT: 'unreachable',
  ENOTSOCK: 'unreachable',
  EPROTO: 'tls',
  UND_ERR_HEADERS_OVERFLOW: 'too-large',
  UND_ERR_RES_EXCEEDED_MAX_SIZE: 'too-large',
};

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
  const code = cause.code ?? '';
  const named = BY_CODE[code];
  if (named !== undefined) return named;
  // undici's word for a body that is short, and for a head that it cannot parse once a length was in it.
  if (code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH') return stage.headSeen ? 'truncated' : 'malformed';
  if (cause.name === 'HTTPParserError') return parserOutcome(cause.message, stage);
  if (!stage.sent) {
    if (TLS_CODE.test(code)) return 'tls';
    if (code === 'ETIMEDOUT' || code === 'UND_ERR_CONNECT_TIMEOUT') return 'connect-timeout';
    // The connection stood and broke off in the handshake: what a wrong server name gives on Envoy.
    if (stage.tls && (code === 'ECONNRESET' || code === 'EPIPE')) return 'tls';
    return code === 'ECONNRESET' ? 'reset' : 'other';
  }
  if (TLS_CODE.test(code)) return 'tls';
  // An answer that undici could parse but no client can use: a 100 or 101 that nobody asked for.
  if (code === 'UND_ERR_SOCKET' && /^bad (response|upgrade)/.test(cause.message)) return 'malformed';
  if (stage.headSeen) return code === 'UND_ERR_SOCKET' || code === 'ECONNRESET' ? 'truncated' : 'other';
  if (code === 'ECONNRESET' || code === 'EPIPE' || code === 'ECONNABORTED') return 'reset';
  if (code === 'ETIMEDOUT') return 'timeout';
  if (code === 'UND_ERR_SOCKET') return 'closed';
  return 'other';
}

/** undici 7 gives its parser's errors no code, only llhttp's words. */
function parserOutcome(message: string, stage: FailureStage): OutcomeName {
  // The connection ended where the message had not.
  if (message.includes('Invalid EOF state')) return stage.headSeen ? 'truncated' : 'closed';
  return 'malformed';
}
