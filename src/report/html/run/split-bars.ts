/** The shares at a glance: a bar per version, with what was expected and what is allowed. Drawn as markup. */
import type { RunResult, VersionResult } from '../../../analysis/result.js';
import { percent } from '../../../text/numbers.js';
import { html, type Markup, NOTHING, nameMarkup } from '../frame/markup.js';

/** Versions with a bar. */
const MAX_BARS = 12;

export function splitBars({ versions }: RunResult): Markup {
  const shown = versions.filter(({ share }) => share !== null).slice(0, MAX_BARS);
  if (shown.length === 0) return NOTHING;
  const judged = shown.some(({ shareBounds }) => shareBounds !== null);
  return html`<ul class="bars">${shown.map(bar)}</ul>
<p class="more">Bar: share that was measured, up to 100 %.${judged ? ' Frame: allowed. Upright line: expected. Short line: interval of the share.' : ''}</p>`;
}

function bar(version: VersionResult): Markup {
  const { share, expectedShare, shareBounds, shareInterval, tolerancePoints, deviationPoints } = version;
  const at = (fraction: number | null) => `${((fraction ?? 0) * 100).toFixed(2)}%`;
  const isOff =
    (expectedShare === null && tolerancePoints !== null) ||
    Math.abs(deviationPoints ?? 0) > (tolerancePoints ?? Number.POSITIVE_INFINITY);
  const [low, high] = [shareBounds?.[0] ?? 0, shareBounds?.[1] ?? 1];
  const words = `${percent(share)} %${expectedShare === null ? '' : `, expected ${percent(expectedShare)} %`}`;
  return html`<li>${nameMarkup(version.version)} <strong${isOff ? html` class="fail"` : NOTHING}>${words}</strong>
<svg width="100%" height="26" role="img" aria-label="${words}">
<rect class="track" x="0" y="5" width="100%" height="16"/>
<rect class="share" x="0" y="5" width="${at(share)}" height="16"/>
${shareBounds === null ? NOTHING : html`<rect class="allowed" x="${at(low)}" y="1.5" width="${at(high - low)}" height="23"/>`}
${expectedShare === null ? NOTHING : html`<line class="expected" x1="${at(expectedShare)}" x2="${at(expectedShare)}" y1="0" y2="26"/>`}
${shareInterval === null ? NOTHING : html`<line class="interval" x1="${at(shareInterval[0])}" x2="${at(shareInterval[1])}" y1="13" y2="13"/>`}
</svg></li>`;
}
