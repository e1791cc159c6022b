/** The answer: the verdict as a large word, why, and what to know of it. */
import type { Verdict } from '../../../analysis/verdict.js';
import { html, type Markup, NOTHING, paragraphs, prose } from './markup.js';

export interface Answer {
  /** Null: nothing was judged. */
  readonly verdict: Verdict | null;
  /** In its place; default: the verdict itself. */
  readonly word?: string;
  /** What decided it, in a sentence or two. */
  readonly why: string;
  /** What a verdict must not hide. */
  readonly warnings: readonly string[];
  /** Causes, each perhaps of several lines. */
  readonly causes: readonly string[];
  readonly sentences: readonly string[];
  /** Such as counts of requests, in one line. */
  readonly figures: readonly string[];
}

const NOT_JUDGED = 'Nothing was expected, so there is no verdict.';

export function answerBlock({
  verdict,
  word: other,
  why,
  warnings,
  causes,
  sentences,
  figures,
}: Answer): Markup {
  const word = other ?? (verdict === null ? 'NOT JUDGED' : verdict.toUpperCase());
  const reason = verdict === null && why === '' ? NOT_JUDGED : why;
  return html`<section id="answer" class="answer ${verdict ?? 'none'}" aria-labelledby="verdict" tabindex="-1">
<h2 id="verdict">${word}</h2>
${reason === '' ? NOTHING : html`<p class="why">${prose(reason)}</p>`}
${warnings.map((text) => html`<p><strong class="fail">${prose(text)}</strong></p>`)}
${sentences.map((text) => html`<p>${prose(text)}</p>`)}
${causes.map((text) => html`<div class="cause">${paragraphs(text)}</div>`)}
${figures.length === 0 ? NOTHING : html`<p class="figures">${figures.join(' · ')}</p>`}
</section>`;
}
