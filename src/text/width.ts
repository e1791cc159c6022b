/** How wide a text is on a terminal. */
import { stripVTControlCharacters } from 'node:util';
import { eastAsianWidth } from 'get-east-asian-width';

/** ASCII, and the signs, lines and blocks that reports use: each is one character and takes one column. */
const NARROW = /^[ -~±µ·×–…≤≥─-╿▀-▟●]*$/;

/**
 * Columns that a text takes on a terminal, without its colours. By the Unicode property East_Asian_Width: that is right for texts without
 * characters that take no room, which `terminalText` leaves out. The library string-width, which knows those too, takes 60 ms of CPU when it
 * is first used.
 */
export function widthOf(text: string): number {
  if (NARROW.test(text)) return text.length;
  let width = 0;
  for (const character of stripVTControlCharacters(text)) {
    width += eastAsianWidth(character.codePointAt(0) as number);
  }
  return width;
}
