/** What undici's errors mean for a request. Nothing outside of this folder knows undici's error codes. */
import type { OutcomeName } from '../../blocks/outcome.js';
import { RequestFailure } from '../response/failure.js';

/** How far the request had come when it failed. */
interface Stage {
  /** It was written to an open connection. */
  readonly sent: boolean;
  /** The response's head was received. */
  readonly headSeen: boolean;
}

type UndiciError = Error & { readonly code?: string; readonly data?: unknown };

/** The error as a RequestFailure if it is undici's own; any other error as it is. */
export function undiciFailure(error: UndiciError, stage: Stage): Error {
  const outcome = outcomeOf(error, stage);
  if (outcome === null) return error;
  return new RequestFailure(outcome, error.message, { cause: error, received: receivedBytes(error) });
}

function outcomeOf({ code, name, message }: UndiciError, { sent, headSeen }: Stage): OutcomeName | null {
  if (code === 'UND_ERR_HEADERS_OVERFLOW' || code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') return 'too-large';
  // A body that is too short, or a head that cannot be parsed after its Content-Length was.
  if (code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH') return headSeen ? 'truncated' : 'malformed';
  if (name === 'HTTPParserError') return parserOutcome(message, headSeen);
  if (!sent) return null;
  // A response that can be parsed but that no client can use: an unexpected 100 or 101, a status below 100.
  if (code === 'UND_ERR_SOCKET' && /^bad (response|upgrade)/.test(message)) return 'malformed';
  if (code === 'ERR_ASSERTION') return 'malformed';
  if (code === 'UND_ERR_SOCKET') return headSeen ? 'truncated' : 'closed';
  return null;
}

/** undici 7 gives parser errors no code of their own, only llhttp's text. */
function parserOutcome(message: string, headSeen: boolean): OutcomeName {
  // The connection was closed before the end of the message.
  if (message.includes('Invalid EOF state')) return headSeen ? 'truncated' : 'closed';
  return 'malformed';
}

/** The bytes that the parser could not read; undici gives them as a buffer or as Latin-1 text. */
function receivedBytes({ data }: UndiciError): Buffer | null {
  if (Buffer.isBuffer(data)) return data;
  return typeof data === 'string' ? Buffer.from(data, 'latin1') : null;
}
