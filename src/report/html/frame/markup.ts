/**
 * Markup that is made of text which may come from anywhere: what is put into a template is escaped unless it is markup
 * itself.
 */

import { safeText } from '../../../text/printable.js';
import { cut } from '../../layout/text.js';

/** Longer names are cut in the middle; `--json` has them whole. */
const NAME_COLUMNS = 80;

/** Text that is markup already. */
export class Markup {
  constructor(readonly text: string) {}

  toString(): string {
    return this.text;
  }
}

/** What a template takes: text is escaped, markup is not, and null is nothing. */
export type Part = string | number | Markup | null | readonly Part[];

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Makes markup: html`<p>${text}</p>`. Also for the value of an attribute, in double quotes. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  let text = strings[0] as string;
  parts.forEach((part, i) => {
    text += markupOf(part) + (strings[i + 1] as string);
  });
  return new Markup(text);
}

export const NOTHING = new Markup('');

function markupOf(part: Part): string {
  if (part === null) return '';
  if (part instanceof Markup) return part.text;
  if (typeof part === 'object') return part.map(markupOf).join('');
  return safeText(String(part)).replace(/[&<>"']/g, (character) => ENTITIES[character] as string);
}

/**
 * A name from outside, such as a label: cut where it is very long, and apart from the text around it, whose direction it cannot
 * change.
 */
export function nameMarkup(name: string): Markup {
  return html`<bdi>${shownName(name)}</bdi>`;
}

/** The same without markup, for plots. */
export function shownName(name: string): string {
  return cut(safeText(name), NAME_COLUMNS);
}

/** Words in which a number is never apart from its percent sign. */
export function prose(text: string): string {
  return text.replaceAll(/(\d) %/g, '$1\u00a0%');
}

/** A sentence or more; each line is a paragraph, and lines that begin with `- ` are a list. */
export function paragraphs(text: string): Markup {
  const lines = text.split('\n');
  const parts: Markup[] = [];
  let items: Markup[] = [];
  const endList = () => {
    if (items.length > 0) parts.push(html`<ul>${items}</ul>`);
    items = [];
  };
  for (const line of lines) {
    if (line.startsWith('- ')) items.push(html`<li>${prose(line.slice(2))}</li>`);
    else {
      endList();
      parts.push(html`<p>${prose(line)}</p>`);
    }
  }
  endList();
  return html`${parts}`;
}
