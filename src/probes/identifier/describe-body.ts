/** A response body as a short text for messages. */
import { printable, withoutUnprintable } from '../../text/printable.js';
import { headerValue } from '../response/raw-headers.js';

/** Secrets are looked for in so much of a body: more than is shown. */
const MAX_MASKED_BYTES = 64 * 1024;
const MAX_SHOWN_CHARACTERS = 2048;
const MAX_SHOWN_LINES = 5;
const MAX_SHOWN_COLUMNS = 100;

/**
 * The first lines of a body: at most five lines of 100 characters, without control characters, safe on a terminal.
 *
 * @param mask hides secrets; it is applied before anything is cut
 * @param headers of the response: a compressed body is named as such
 */
export function describeBody(
  body: Buffer,
  mask: (text: string) => string,
  headers: readonly Buffer[] = [],
): string {
  if (body.length === 0) return '(empty)';
  const compression = compressionOf(headers);
  if (compression !== null) return `(${compression}-compressed, ${body.length} bytes: its text is not read)`;
  const whole = mask(body.toString('utf8', 0, MAX_MASKED_BYTES));
  const lines = whole
    .slice(0, MAX_SHOWN_CHARACTERS)
    .split(/\r\n|\n|\r/)
    .map((line) => withoutUnprintable(line.replaceAll('\t', '  ')).trimEnd())
    .filter((line) => line !== '');
  if (lines.length === 0) return `(${body.length} bytes, nothing printable)`;
  const shown = lines
    .slice(0, MAX_SHOWN_LINES)
    .map((line) => (line.length > MAX_SHOWN_COLUMNS ? `${line.slice(0, MAX_SHOWN_COLUMNS - 1)}…` : line));
  const cut = lines.length > MAX_SHOWN_LINES || whole.length > MAX_SHOWN_CHARACTERS;
  return [...shown, ...(cut ? ['…'] : [])].join('\n');
}

/** The content-encoding of a response, if it has one; null: the body is as it was meant. */
export function compressionOf(headers: readonly Buffer[]): string | null {
  const encoding = headerValue(headers, 'content-encoding');
  return encoding === null || /^(identity)?$/i.test(encoding) ? null : printable(encoding, 40);
}
