/**
 * hashicorp/http-echo: answers the text it was started with (`-text="hello from backend v1"`). Its headers
 * `X-App-Name: http-echo` and `X-App-Version: 1.0.0` name the program: that version is never the backend's.
 */
import { findWords } from '../../../plan/labels/whole-words.js';
import { headerValue } from '../../response/raw-headers.js';
import type { BodyView } from '../body-view.js';
import type { IdentifierSample, Preset } from './preset.js';

/** Characters of a text in which candidates are looked for. */
const MAX_SEARCHED = 4096;
/** Characters of a text that detection takes for one that a user chose. */
const SHORT_TEXT = 256;

function isShortPlainText(sample: IdentifierSample, body: BodyView): boolean {
  const type = headerValue(sample.headers, 'content-type');
  return /^text\/plain\b/i.test(type ?? 'text/plain') && body.text.length <= SHORT_TEXT;
}

/**
 * The candidate that is in the text as a whole word. If there is none or more than one, the whole trimmed text, which
 * labels.ts then compares with the expected versions; but null for an error page.
 */
function version({ text: body, doubtful, cut }: BodyView, candidates: readonly string[]): string | null {
  // The last word of an incomplete body may be incomplete: `v1` of `v12`. /\S*$/ would take quadratic time.
  const text = cut ? (/^.*\s/s.exec(body)?.[0] ?? '') : body;
  const found = findWords(text.slice(0, MAX_SEARCHED), candidates);
  if (found.length === 1) return found[0]!.seen;
  return doubtful ? null : text.trim();
}

export const httpEcho: Preset = {
  name: 'http-echo',
  version,
  endpoint: null,
  recognise(sample, body, candidates) {
    if (headerValue(sample.headers, 'x-app-name') === 'http-echo')
      return 'the header x-app-name is http-echo';
    if (!isShortPlainText(sample, body)) return null;
    const found = findWords(body.text, candidates);
    return found.length > 0 ? `the body is a short text with "${found[0]!.seen}" in it` : null;
  },
};
