/**
 * Reads response headers as a parser gives them: one flat array of buffers, name, value, name, value, … These functions
 * run for every response, so they decode and allocate nothing for headers that they do not look for.
 */

/** Gives the values of header fields. */
export interface HeaderFields {
  /** Value of the first one with this name (in lower case), as Latin-1 and without surrounding white space; null if there is none. */
  header(lowerCaseName: string): string | null;
}

/** Index of the name of the first header with this name, or -1. */
function indexOfHeader(headers: readonly Buffer[], lowerCaseName: string): number {
  for (let i = 0; i + 1 < headers.length; i += 2) {
    const name = headers[i]!;
    if (name.length === lowerCaseName.length && isNameAt(name, 0, lowerCaseName)) return i;
  }
  return -1;
}

/**
 * Whether the bytes from `at` on are this name, in upper or lower case.
 *
 * @param lowerCaseName the name in lower case
 */
export function isNameAt(bytes: Buffer, at: number, lowerCaseName: string): boolean {
  // From the end, because names of the same length often have the same beginning (`x-envoy-…`).
  for (let k = lowerCaseName.length - 1; k >= 0; k--) {
    let byte = bytes[at + k]!;
    if (byte >= 0x41 && byte <= 0x5a) byte |= 0x20;
    if (byte !== lowerCaseName.charCodeAt(k)) return false;
  }
  return true;
}

/**
 * Whether there is a header with this name.
 *
 * @param lowerCaseName the name in lower case
 */
export function hasHeader(headers: readonly Buffer[], lowerCaseName: string): boolean {
  return indexOfHeader(headers, lowerCaseName) !== -1;
}

/**
 * Value of the first header with this name, as Latin-1 and without surrounding white space; null if there is none.
 *
 * @param lowerCaseName the name in lower case
 */
export function headerValue(headers: readonly Buffer[], lowerCaseName: string): string | null {
  const index = indexOfHeader(headers, lowerCaseName);
  if (index === -1) return null;
  return headers[index + 1]!.toString('latin1').trim();
}

/**
 * Values of all headers with this name, as Latin-1.
 *
 * @param lowerCaseName the name in lower case
 */
export function headerValues(headers: readonly Buffer[], lowerCaseName: string): string[] {
  const values: string[] = [];
  for (let rest = headers; ; ) {
    const index = indexOfHeader(rest, lowerCaseName);
    if (index === -1) return values;
    values.push(rest[index + 1]!.toString('latin1'));
    rest = rest.slice(index + 2);
  }
}

/** Whether the response is a stream of server-sent events (`content-type: text/event-stream`). */
export function isEventStream(headers: readonly Buffer[]): boolean {
  return /^text\/event-stream\b/i.test(headerValue(headers, 'content-type') ?? '');
}
