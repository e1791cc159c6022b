/**
 * Makes text from outside safe to print. Labels, URLs and notes may have anything from a server or a manifest in them:
 * escape sequences, right-to-left text, characters without width.
 *
 * - `safeText` and `terminalText` for reports: such characters are replaced by a mark.
 * - `printable` for messages about manifests and options: such characters are written as escapes, so that they can be
 *   found.
 * - `printableLines` for whole messages, `jsonEscaped` for JSON, `withoutUnprintable` for what is only looked at.
 *
 * All mean the same characters.
 */
import { stripVTControlCharacters } from 'node:util';

/** Longer texts are cut. No label or note needs more. */
const MAX_LENGTH = 2_000;
/** Replaces a character that is not shown. */
const HIDDEN = '\u{FFFD}';

/**
 * Runs of characters that move the cursor, hide or reorder text, or have no shape: controls (C0, C1), formats (bidirectional
 * controls, zero width), lone surrogates, private use, unassigned, line separators, and what is ignored where it is not known.
 */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]+/gu;
/** Nothing is to be replaced in most texts: ASCII, and the signs, lines and blocks of our own reports. */
const PLAIN = /^[ -~±µ·×–…≤≥─-╿▀-▟●]*$/;
/** Labels are shown up to this length in a sentence. */
const MAX_LABEL = 40;

/**
 * One line of text without control and escape sequences, bidirectional controls, invisible characters and
 * lone surrogates. A mark replaces what is left out, so that labels that differ in it look different.
 */
export function safeText(text: string): string {
  const short = text.slice(0, MAX_LENGTH);
  if (PLAIN.test(short)) return short;
  return stripVTControlCharacters(short)
    .replace(/[\t\n\v\f\r\u0085\u2028\u2029]+/gu, ' ')
    .replace(UNPRINTABLE, HIDDEN);
}

/**
 * {@link safeText} without combining marks and pictographs. Terminals and libraries disagree on their width, which would
 * break the columns of a table.
 */
export function terminalText(text: string): string {
  const safe = safeText(text);
  if (PLAIN.test(safe)) return safe;
  return safe
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
  return cut.replace(UNPRINTABLE, escaped);
}

/** {@link printable} for a text of several lines, of any length. Its newlines stay. */
export function printableLines(text: string): string {
  return text.replace(UNPRINTABLE, (run) => run.split('\n').map(escaped).join('\n'));
}

function escaped(run: string): string {
  return Array.from(run, (char) => `\\u{${char.codePointAt(0)?.toString(16)}}`).join('');
}

/** A JSON text with the escapes of JSON, which mean the same to every reader. Its newlines, which indent it, stay. */
export function jsonEscaped(json: string): string {
  return json.replace(UNPRINTABLE, (run) => run.replace(/[^\n]/g, unicodeEscape));
}

function unicodeEscape(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** The text without these characters. */
export function withoutUnprintable(text: string): string {
  return text.replace(UNPRINTABLE, '');
}

/** A label from the network in quotation marks, cut where it is long. */
export function quoted(label: string): string {
  return JSON.stringify(label.length > MAX_LABEL ? `${label.slice(0, MAX_LABEL - 1)}…` : label);
}
