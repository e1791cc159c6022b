/** Notes that are not in the answer, and how expectations were derived. */
import type { ResultNote } from '../../../analysis/result.js';
import { counted } from '../../../text/numbers.js';
import { html, type Markup, paragraphs } from './markup.js';
import { behind } from './plot.js';
import { type Section, section } from './section.js';

/** Notes that are shown. */
const MAX_NOTES = 100;

/** Empty without notes. */
export function noteSection(notes: readonly ResultNote[]): Section[] {
  const shown = notes.slice(0, MAX_NOTES);
  if (shown.length === 0) return [];
  const others = shown.filter(({ kind }) => kind !== 'explanation');
  const explanations = shown.filter(({ kind }) => kind === 'explanation');
  const hidden = notes.length - shown.length;
  return [
    section(
      'notes',
      'Notes',
      others.length === 0 ? null : list(others),
      explanations.length === 0
        ? null
        : behind(`What was derived from where (${counted(explanations.length, 'note')})`, list(explanations)),
      hidden === 0 ? null : html`<p class="more">${counted(hidden, 'more note')}: see --json.</p>`,
    ),
  ];
}

function list(notes: readonly ResultNote[]): Markup {
  return html`<ul class="notes">${notes.map(({ text }) => html`<li>${paragraphs(text)}</li>`)}</ul>`;
}
