/** What stands at the top and at the foot of each page, and the command line to repeat what was done. */
import type { ToolResult } from '../../../analysis/result.js';
import { html, type Markup } from './markup.js';

/**
 * @param kind what kind of report it is: `Traffic split`
 * @param title what it is about: `GET http://…`
 * @param when when it was, and how long it took
 */
export function pageHeader(kind: string, title: string, when: string): Markup {
  return html`<p class="kind">${kind}</p>
<h1>${title}</h1>
<p class="when">${when}</p>`;
}

export function pageFooter({ version }: ToolResult): Markup {
  return html`<p>Made by weighbridge ${version}. This page is complete: it loads nothing from elsewhere.</p>`;
}

/** The command line with a button that copies it, which the page's script shows. */
export function commandBlock({ command }: ToolResult): Markup {
  if (command === null) {
    return html`<p>There is no command line to copy: the result was made by the library, not by the command.</p>`;
  }
  const secrets = command.includes('(secret)') ? html` Secret values are not in it: fill them in.` : null;
  return html`<div class="command"><pre id="command" tabindex="0"><code>${command}</code></pre>
<button type="button" data-copy="command" hidden>Copy command</button></div>
<p id="command-copied" role="status">${secrets}</p>`;
}
