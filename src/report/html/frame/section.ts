/** A section with its heading. */
import { html, Markup, type Part } from './markup.js';

/** A section that the page links to from its top. */
export class Section extends Markup {
  constructor(
    text: string,
    readonly id: string,
    readonly heading: string,
  ) {
    super(text);
  }
}

/** @param id for links to it; letters and dashes */
export function section(id: string, heading: string, ...body: readonly Part[]): Section {
  const { text } = html`<section id="${id}" aria-labelledby="${id}-heading">
<h2 id="${id}-heading">${heading}</h2>
${body}
</section>`;
  return new Section(text, id, heading);
}

/** Terms with their texts, such as Host and its value. */
export function definitions(entries: readonly (readonly [term: string, text: Part])[]): Markup {
  return html`<dl>${entries.map(([term, text]) => html`<div><dt>${term}</dt><dd>${text}</dd></div>\n`)}</dl>`;
}
