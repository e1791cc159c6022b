/** A response body as a short text for messages. */

/** Secrets are looked for in so much of a body: more than is shown. */
const MAX_MASKED_BYTES = 64 * 1024;
const MAX_SHOWN_CHARACTERS = 2048;
const MAX_SHOWN_LINES = 5;
const MAX_SHOWN_COLUMNS = 100;

/** Characters that move the cursor, or hide or reorder text. Tabs and line ends are replaced before. */
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/**
 * The first lines of a body: at most five lines of 100 characters, without control characters, safe on a terminal.
 *
 * @param mask hides secrets; it is applied before anything is cut
 */
export function describeBody(body: Buffer, mask: (text: string) => string): string {
  if (body.length === 0) return '(empty)';
  const whole = mask(body.toString('utf8', 0, MAX_MASKED_BYTES));
  const lines = whole
    .slice(0, MAX_SHOWN_CHARACTERS)
    .split(/\r\n|\n|\r/)
    .map((line) => line.replaceAll('\t', '  ').replace(CONTROL, '').trimEnd())
    .filter((line) => line !== '');
  if (lines.length === 0) return `(${body.length} bytes, nothing printable)`;
  const shown = lines
    .slice(0, MAX_SHOWN_LINES)
    .map((line) => (line.length > MAX_SHOWN_COLUMNS ? `${line.slice(0, MAX_SHOWN_COLUMNS - 1)}…` : line));
  const cut = lines.length > MAX_SHOWN_LINES || whole.length > MAX_SHOWN_CHARACTERS;
  return [...shown, ...(cut ? ['…'] : [])].join('\n');
}
