/**
 * Text from the network made fit to be shown. Labels, URLs and notes may hold whatever a server or a
 * manifest put there: escape sequences, text that runs backwards, characters without width.
 */
import { stripVTControlCharacters } from 'node:util';

/** Longer texts are cut: no label or note needs more. */
const MAX_LENGTH = 2_000;
/** Stands for a character that is not shown. */
const HIDDEN = '\u{FFFD}';

/**
 * One line of text without control and escape sequences, bidirectional controls, invisible characters and
 * lone surrogates. What is left out leaves a mark, so that two labels that differ in it do not look the same.
 */
export function safeText(text: string): string {
  return stripVTControlCharacters(text.slice(0, MAX_LENGTH))
    .replace(/[\t\n\v\f\r\u0085\u2028\u2029]+/gu, ' ')
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Default_Ignorable_Code_Point}]+/gu, HIDDEN);
}

/**
 * {@link safeText}, and without what terminals and libraries measure differently: combining marks and
 * pictographs, which would break the columns of a table.
 */
export function terminalText(text: string): string {
  return safeText(text)
    .normalize('NFC')
    .replace(/\p{M}+/gu, '')
    .replace(/\p{Extended_Pictographic}/gu, HIDDEN);
}
