/** A result of vegeta, and the checks that its two text forms share. */
import { printable } from '../../text/printable.js';

/** One request, as vegeta 12.8 and later records it (its lib/results.go). */
export interface VegetaResult {
  /**
   * When one of vegeta's workers took the request up: whole seconds since 1970, and nanoseconds. Two numbers,
   * because nanoseconds since 1970 are more than one number can hold exactly.
   */
  readonly seconds: number;
  readonly nanos: number;
  /** From that moment to the end of the response, ns. */
  readonly latencyNs: number;
  /** HTTP status; 0 when there was no response. */
  readonly status: number;
  /** Why there was no response; the status line of a response that is not 2xx or 3xx; else empty. */
  readonly error: string;
  /** The beginning of the body, up to the limit of the import. */
  readonly body: Buffer;
  /** Length of the whole body. */
  readonly bodyBytes: number;
  /** Response headers, flat: name, value, name, value, … */
  readonly headers: readonly Buffer[];
  readonly method: string;
  readonly url: string;
  /** Number of the request in vegeta's order of sending, from 0. */
  readonly sequence: number;
}

/** A record that is not a result of vegeta. The message is the end of a sentence that begins with the line. */
export class ResultError extends Error {}

const NO_BYTES = Buffer.alloc(0);

/**
 * The error for a value that is not as expected.
 *
 * @param where column or field, as a reader finds it in the file
 * @param expected what should be there, with its article
 */
export function unexpectedValue(where: string, value: unknown, expected: string): ResultError {
  return new ResultError(
    `has ${printable(JSON.stringify(value) ?? 'nothing', 60)} in ${where}, where ${expected} is expected`,
  );
}

/**
 * A whole number, given as a number or as its digits.
 *
 * @throws ResultError when it is not one from 0 to `max`
 */
export function wholeNumber(where: string, value: unknown, max = Number.POSITIVE_INFINITY): number {
  const number = typeof value === 'string' && /^\d{1,20}$/.test(value) ? Number(value) : value;
  if (typeof number === 'number' && number >= 0 && number <= max && Number.isInteger(number)) return number;
  const range = max === Number.POSITIVE_INFINITY ? 'from 0' : `from 0 to ${max}`;
  throw unexpectedValue(where, value, `a whole number ${range}`);
}

/**
 * Decodes base64 up to a limit.
 *
 * @param limit bytes to decode at most; `bodyBytes` is the length of the whole all the same
 * @throws ResultError when it is not base64
 */
export function decodeBase64(
  where: string,
  text: string,
  limit: number,
): { body: Buffer; bodyBytes: number } {
  if (text === '') return { body: NO_BYTES, bodyBytes: 0 };
  const kept = Math.min(text.length, Math.ceil(limit / 3) * 4);
  const bytes = Buffer.from(kept < text.length ? text.slice(0, kept) : text, 'base64');
  const bodyBytes = decodedLength(text, text.length);
  // Node skips characters that are not base64: then there are fewer bytes than the length says.
  if (text.length % 4 !== 0 || bytes.length !== decodedLength(text, kept)) {
    throw unexpectedValue(where, text, 'base64');
  }
  return { body: bytes.length > limit ? bytes.subarray(0, limit) : bytes, bodyBytes };
}

/** Bytes that the first `length` characters of a base64 text stand for. */
function decodedLength(text: string, length: number): number {
  const padding = length < text.length ? 0 : text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  return (length / 4) * 3 - padding;
}
