/**
 * Makes text from outside safe to print. Labels, URLs and notes may have anything from a server or a manifest in them:
 * escape sequences, right-to-left text, characters without width.
 *
 * - `safeText` and `terminalText` for reports: such characters are replaced by a mark.
 * - `printable` for messages about manifests and options: such characters are written as escapes, so that they can be
 *   found.
 */
import { stripVTControlCharacters } from 'node:util';

/** Longer texts are cut. No label or note needs more. */
const MAX_LENGTH = 2_000;
/** Replaces a character that is not shown. */
const HIDDEN = '\u{FFFD}';

/** Characters that move the cursor, hide or reorder text: C0, C1, line separators, bidirectional controls. */
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;
/** Labels are shown up to this length in a sentence. */
const MAX_LABEL = 40;

/**
 * One line of text without control and escape sequences, bidirectional controls, invisible characters and
 * lone surrogates. A mark replaces what is left out, so that labels that differ in it look different.
 */
export function safeText(text: string): string {
  return stripVTControlCharacters(text.slice(0, MAX_LENGTH))
    .replace(/[\t\n\v\f\r\u0085\u2028\u2029]+/gu, ' ')
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Default_Ignorable_Code_Point}]+/gu, HIDDEN);
}

/**
 * {@link safeText} without combining marks and pictographs. Terminals and libraries disagree on their width, which would
 * break the columns of a table.
 */
export function terminalText(text: string): string {
  return safeText(text)
    .normalize('NFC')
    .replace(/\p{M}+/gu, '')
    .replace(/\p{Extended_Pictographic}/gu, HIDDEN);
}

/**
 * Text from a manifest for one line on a terminal: control characters as `\u{1b}`, cut after `limit`
 * characters.
 */
export function printable(text: string, limit = 100): string {
  const cut = text.length > limit ? `${text.slice(0, limit - 1)}…` : text;
  return cut.replace(UNPRINTABLE, (char) => `\\u{${char.charCodeAt(0).toString(16)}}`);
}

/** A label from the network in quotation marks, cut where it is long. */
export function quoted(label: string): string {
  return JSON.stringify(label.length > MAX_LABEL ? `${label.slice(0, MAX_LABEL - 1)}…` : label);
}
