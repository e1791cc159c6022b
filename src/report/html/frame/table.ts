/** Tables of data, each with a caption, in a box that scrolls by itself. */
import { count } from '../../../text/numbers.js';
import type { Cell, Column, GridData } from '../../layout/grid.js';
import { html, type Markup, NOTHING, nameMarkup, prose } from './markup.js';

/** With more rows a table scrolls in its box, so that what follows is not far away. */
const LONG = 30;

/**
 * @param caption what the rows are
 * @param max rows that are shown; how many more there are is said below
 */
export function tableMarkup(caption: string, { columns, rows }: GridData, max = rows.length): Markup {
  const shown = rows.slice(0, max);
  const hidden = rows.length - shown.length;
  const heads = columns.map(({ head, align }) => html`<th scope="col"${alignClass(align)}>${head}</th>`);
  const body = shown.map(
    (row) => html`<tr>${row.map((cell, i) => cellMarkup(cell, i === 0, columns[i]?.align ?? 'left'))}</tr>`,
  );
  const more =
    hidden > 0
      ? html`<p class="more">The first ${count(shown.length)} of ${count(rows.length)} rows. The JSON result (--json) has all.</p>`
      : NOTHING;
  // Focusable, so that it can be scrolled by the keyboard.
  return html`<div class="scroll${shown.length > LONG ? ' long' : ''}" tabindex="0" role="region" aria-label="${caption}"><table>
<caption>${caption}</caption>
<thead><tr>${heads}</tr></thead>
<tbody>${body}</tbody>
</table></div>${more}`;
}

function cellMarkup({ text, meaning }: Cell, isName: boolean, align: Column['align']): Markup {
  if (isName) return html`<th scope="row">${nameMarkup(text)}</th>`;
  const marked = meaning === undefined ? html`${prose(text)}` : html`<span class="${meaning}">${text}</span>`;
  return html`<td${alignClass(align)}>${marked}</td>`;
}

function alignClass(align: Column['align']): Markup {
  return align === 'right' ? html` class="number"` : NOTHING;
}
