/** A response as bytes, for both drivers of HTTP/1.1. */

export interface ResponseCase {
  readonly name: string;
  /** Latin-1. */
  readonly bytes: string;
  /** Of the request; GET by default. */
  readonly method?: 'HEAD' | 'POST';
  /** What the server does behind the bytes: it waits, closes or resets. */
  readonly ending?: 'close' | 'reset';
  /** Why undici does not take it as wire does. */
  readonly undici?: string;
}

/** Header lines and what follows them, behind a status line. */
export function ok(lines: readonly string[], body = '', statusLine = 'HTTP/1.1 200 OK'): string {
  return `${[statusLine, ...lines].join('\r\n')}\r\n\r\n${body}`;
}

/** A case for each of these. */
export function cases(
  family: string,
  bytes: Readonly<Record<string, string>>,
  more: Omit<ResponseCase, 'name' | 'bytes'> = {},
): ResponseCase[] {
  return Object.entries(bytes).map(([name, text]) => ({ name: `${family}: ${name}`, bytes: text, ...more }));
}
