/**
 * The frame of a page: one file without anything outside it. Its policy allows the one script and the one style that it has, by
 * their hashes, and nothing else: no request can leave it, whatever a label holds.
 */
import { createHash } from 'node:crypto';
import { jsonEscaped } from '../../../text/printable.js';
import type { PlotSpec } from '../plot-spec.js';
import { assets } from './assets.js';
import { html, Markup } from './markup.js';
import type { Section } from './section.js';
import { thinned } from './thinned.js';

export interface PageContent {
  readonly title: string;
  /** Version of weighbridge. */
  readonly version: string;
  /** What stands above `main`. */
  readonly header: Markup;
  /** Its id is `answer`. */
  readonly answer: Markup;
  readonly sections: readonly Section[];
  readonly footer: Markup;
  /** The figures of the plots in `main` ({@link plotFigure}). */
  readonly plots: readonly PlotSpec[];
}

/** A whole page. */
export function page({ title, version, header, answer, sections, footer, plots }: PageContent): string {
  const { script, style } = assets();
  const policy = [
    "default-src 'none'",
    `script-src ${hashOf(script)}`,
    `style-src ${hashOf(style)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `${
    html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${new Markup(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="weighbridge ${version}">
<title>${title}</title>
<style>${new Markup(style)}</style>
</head>
<body>
<a class="skip" href="#answer">Skip to the answer</a>
<header>${header}</header>
<main>
${answer}
<nav aria-label="Sections"><ul>${sections.map(({ id, heading }) => html`<li><a href="#${id}">${heading}</a></li>`)}</ul></nav>
${sections.map((section) => html`${section}\n`)}</main>
<footer>${footer}</footer>
<script type="application/json" id="plot-data">${jsonMarkup(plots.map(thinned))}</script>
<script>${new Markup(script)}</script>
</body>
</html>`.text
  }\n`;
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

/** JSON that no parser of HTML takes for anything else: in a script element only `<` begins something. */
function jsonMarkup(value: object): Markup {
  return new Markup(jsonEscaped(JSON.stringify(value)).replaceAll('<', '\\u003c'));
}
