/** Text measured in terminal columns: cut, and wrapped at spaces. */
import { terminalText } from '../../text/printable.js';
import { widthOf } from '../../text/width.js';

/** Maximum width of a name in a sentence, in columns. */
const MAX_NAME = 60;

/**
 * Cuts a text in its middle, where labels differ least: `backend-of-the-…-v1`.
 *
 * @param width at least 1
 */
export function cut(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  const characters = [...text];
  const tailWidth = Math.floor((width - 1) / 2);
  const head = takeWhile(characters, width - 1 - tailWidth);
  const tail = takeWhile(characters.reverse(), tailWidth).reverse();
  return `${head.join('')}…${tail.join('')}`;
}

/** A name from outside in a sentence. */
export function shortName(name: string): string {
  return cut(terminalText(name), MAX_NAME);
}

/** The first characters that together are no wider than `width`. */
function takeWhile(characters: readonly string[], width: number): string[] {
  let used = 0;
  const end = characters.findIndex((character) => {
    used += widthOf(character);
    return used > width;
  });
  return end < 0 ? [...characters] : characters.slice(0, end);
}

/** Breaks a text at spaces into lines of at most `width`. Words that are wider are broken too. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (let word of text.split(' ')) {
    if (line !== '' && widthOf(line) + 1 + widthOf(word) <= width) {
      line += ` ${word}`;
      continue;
    }
    if (line !== '') lines.push(line);
    while (widthOf(word) > width) {
      const fits = takeWhile([...word], width).join('') || [...word].slice(0, 1).join('');
      lines.push(fits);
      word = word.slice(fits.length);
    }
    line = word;
  }
  return [...lines, line];
}

/** Joins items by a separator, into lines of at most `width`. An item is never broken: one that is wider has its own line. */
export function wrapItems(items: readonly string[], separator: string, width: number): string[] {
  const lines: string[] = [];
  for (const item of items) {
    const longer = `${lines.at(-1)}${separator}${item}`;
    if (lines.length > 0 && widthOf(longer) <= width) lines[lines.length - 1] = longer;
    else lines.push(item);
  }
  return lines;
}
