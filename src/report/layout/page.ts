/** Sections and paragraphs of a page that is as wide as the terminal. */
import { stripVTControlCharacters } from 'node:util';
import { terminalText } from '../../text/printable.js';
import { widthOf } from '../../text/width.js';
import { cut, wrap } from './text.js';

/** A report is made for 60 to 200 columns. */
const MIN_COLUMNS = 60;
const MAX_COLUMNS = 200;

/** The width of a report on a terminal with so many columns. */
export function pageColumns(columns: number): number {
  return Math.min(Math.max(columns, MIN_COLUMNS), MAX_COLUMNS);
}

/** Sections with a blank line between them; empty ones are left out. The last line ends in a newline. */
export function page(sections: readonly (readonly string[])[], columns: number): string {
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.map((line) => fittedLine(line, columns)).join('\n'))
    .join('\n\n')}\n`;
}

/** A terminal must not wrap a line: one that is too wide, because a character was measured wrongly, is cut. */
export function fittedLine(line: string, columns: number): string {
  return widthOf(line) <= columns ? line : cut(stripVTControlCharacters(line), columns);
}

/**
 * A paragraph with a heading in the margin:
 *
 *     Target  GET http://203.0.113.7/
 *             Host test.devopscube.com
 *
 * @param items lines; each is wrapped by itself, and one that begins with `- ` as an item of a list
 */
export function paragraph(
  heading: string,
  items: readonly string[],
  indent: number,
  columns: number,
): string[] {
  const lines = items.flatMap((item) => wrapped(terminalText(item), Math.max(columns - indent, 1)));
  return lines.map((line, i) => `${(i === 0 ? heading : '').padEnd(indent)}${line}`);
}

function wrapped(item: string, width: number): string[] {
  const isListItem = item.startsWith('- ') && width > 2;
  if (!isListItem) return wrap(item, width);
  return wrap(item.slice(2), width - 2).map((line, i) => `${i === 0 ? '- ' : '  '}${line}`);
}
