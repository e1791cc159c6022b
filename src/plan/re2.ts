/**
 * Regular expressions of manifests. Gateways use RE2 (Envoy's `safe_regex`) and match the whole value. Here they are
 * translated to JavaScript, which is close enough for the syntax that both have.
 */

import { printable } from '../text/printable.js';

/** What is wrong with an RE2 expression; null if it is valid. */
export function re2Problem(pattern: string): string | null {
  if (pattern.length > 1024) return 'longer than 1024 characters';
  const bare = pattern.replace(/\\[^1-9]/g, '');
  if (/\(\?(=|!|<=|<!)/.test(bare)) return 'RE2 has no look-around';
  if (/\\[1-9]/.test(bare)) return 'RE2 has no back-references';
  try {
    translate(pattern);
    return null;
  } catch (error) {
    // The message quotes the pattern.
    return printable((error as Error).message.replace(/^Invalid regular expression: /, ''), 300);
  }
}

/** Whether the whole of `text` matches. The pattern must have passed `re2Problem`. */
export function re2Matches(pattern: string, text: string): boolean {
  const { source, flags } = translate(pattern);
  return new RegExp(`^(?:${source})$`, flags).test(text);
}

const POSIX: Readonly<Record<string, string>> = {
  alpha: 'A-Za-z',
  digit: '0-9',
  alnum: '0-9A-Za-z',
  upper: 'A-Z',
  lower: 'a-z',
  space: '\\s',
  word: '\\w',
  xdigit: '0-9A-Fa-f',
  punct: '!-\\/:-@\\[-`{-~',
};

/** Throws SyntaxError. */
function translate(pattern: string): { source: string; flags: string } {
  const leading = /^\(\?([is]+)\)/.exec(pattern);
  const source = pattern
    .slice(leading?.[0].length ?? 0)
    .replaceAll('(?P<', '(?<')
    .replace(/\[:([a-z]+):\]/g, (whole, name: string) => POSIX[name] ?? whole)
    .replaceAll('\\A', '^')
    .replaceAll('\\z', '$');
  const flags = [...new Set(leading?.[1] ?? '')].join('');
  // Compiled alone first: inside the anchoring group, `a)(b` would be valid.
  new RegExp(source, flags);
  return { source, flags };
}
