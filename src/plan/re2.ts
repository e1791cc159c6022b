/**
 * Regular expressions in RE2's syntax, which gateways use (Envoy's `safe_regex`). re2js matches them in time linear in
 * the text, so that no text can make a search hang. It takes about 30 ms of CPU until the first match, so it is loaded
 * when the first expression is compiled.
 */
import { createRequire } from 'node:module';
import type { RE2JS } from 're2js';
import { printable } from '../text/printable.js';

/** Characters of an expression. Istio's bound too. */
export const MAX_PATTERN_LENGTH = 1024;
/** Instructions of an expression's program: what a character of the text costs at most. */
const MAX_PROGRAM_SIZE = 1000;

/** Why an expression cannot be used, in words that can stand after a colon. */
export class Re2Error extends Error {}

/**
 * Compiles an expression.
 *
 * @param flags of i, m and s, as in JavaScript
 * @throws Re2Error if RE2 does not have it, or it is too large
 */
export function compileRe2(pattern: string, flags = ''): RE2JS {
  if (pattern.length > MAX_PATTERN_LENGTH) throw new Re2Error(`longer than ${MAX_PATTERN_LENGTH} characters`);
  const { RE2JS, RE2JSSyntaxException } = re2js();
  const wanted =
    (flags.includes('i') ? RE2JS.CASE_INSENSITIVE : 0) |
    (flags.includes('m') ? RE2JS.MULTILINE : 0) |
    (flags.includes('s') ? RE2JS.DOTALL : 0);
  let compiled: RE2JS;
  try {
    compiled = RE2JS.compile(pattern, wanted);
  } catch (error) {
    if (!(error instanceof RE2JSSyntaxException)) throw error;
    throw new Re2Error(reason(error.error, error.input ?? ''));
  }
  const size = compiled.programSize();
  if (size > MAX_PROGRAM_SIZE) {
    throw new Re2Error(
      `too large: RE2 makes ${size} instructions of it, and ${MAX_PROGRAM_SIZE} are the most; smaller repeat counts help`,
    );
  }
  return compiled;
}

/** Why an expression cannot be used; null if it can. */
export function re2Problem(pattern: string): string | null {
  try {
    compileRe2(pattern);
    return null;
  } catch (error) {
    if (error instanceof Re2Error) return error.message;
    throw error;
  }
}

/** The message of a syntax error: what RE2 lacks on purpose is named, so that nobody looks for a slip of the pen. */
function reason(problem: string, at: string): string {
  if (/^\(\?<?[=!]/.test(at)) return 'RE2 has no look-ahead and look-behind, such as (?=…) and (?<=…)';
  if (/^\\[1-9k]/.test(at)) return 'RE2 has no back-references, such as \\1';
  if (at === '\\u') return 'RE2 has no \\u: a character by its number is \\x{20AC}';
  if (at === '(?>' || /^[*+?]\+$/.test(at)) {
    return 'RE2 has no atomic groups and possessive repetitions, such as (?>…) and a++; it does not need them';
  }
  return at === '' ? problem : `${problem}: ${printable(at, 100)}`;
}

const require = createRequire(import.meta.url);

/** The library, from one CommonJS file: readers of manifests cannot wait for an import. */
function re2js(): typeof import('re2js') {
  return require('re2js') as typeof import('re2js');
}
