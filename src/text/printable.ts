/** Characters that move the cursor, hide or reorder text: C0, C1, line separators, bidirectional controls. */
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/**
 * Text from a manifest, fit for a line on a terminal: control characters as `\u{1b}`, cut after `limit`
 * characters.
 */
export function printable(text: string, limit = 100): string {
  const cut = text.length > limit ? `${text.slice(0, limit - 1)}…` : text;
  return cut.replace(UNPRINTABLE, (char) => `\\u{${char.charCodeAt(0).toString(16)}}`);
}
