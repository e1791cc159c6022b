/**
 * Finds names such as `v1` or `backend-v1` as whole words in a response: `v1` is not found in `v10`, `v1.4.2` or
 * `backend-v1-canary`.
 */
import { isPodSuffix } from './pod-name.js';

/** A name found in a text. */
interface FoundWord {
  /** The name that was looked for. */
  readonly word: string;
  /** Its spelling in the text. */
  readonly seen: string;
}

const LETTER_OR_DIGIT = /[\p{L}\p{N}\p{M}]/u;
const NAME_PART = /^[-_][\p{L}\p{N}\p{M}_-]*/u;

function isLetterOrDigit(char: string | undefined): boolean {
  return char !== undefined && LETTER_OR_DIGIT.test(char);
}

function isDigit(char: string | undefined): boolean {
  return char !== undefined && char >= '0' && char <= '9';
}

/** Whether there is a dot between two digits, as in `1.4` and `10.0.0.1`. */
function splitsNumber(text: string, dot: number): boolean {
  return text[dot] === '.' && isDigit(text[dot - 1]) && isDigit(text[dot + 1]);
}

function codePointBefore(text: string, index: number): string | undefined {
  if (index === 0) return undefined;
  const pair = text.slice(Math.max(0, index - 2), index);
  return pair.codePointAt(0)! > 0xffff ? pair : pair.at(-1);
}

function beginsWord(text: string, start: number): boolean {
  if (isLetterOrDigit(codePointBefore(text, start))) return false;
  return !splitsNumber(text, start - 1);
}

function endsWord(text: string, end: number): boolean {
  const next = text[end];
  if (next === undefined) return true;
  if (next === '-' || next === '_') {
    // The name continues: it is the same only if a pod's suffix follows.
    const rest = NAME_PART.exec(text.slice(end, end + 64))![0];
    return /^[-_]+$/.test(rest) || isPodSuffix(rest);
  }
  if (splitsNumber(text, end)) return false;
  return !isLetterOrDigit(String.fromCodePoint(text.codePointAt(end)!));
}

function search(text: string, original: string, words: readonly string[], fold: boolean): FoundWord[] {
  const found: FoundWord[] = [];
  // Characters that are part of a longer word that was found.
  const taken = new Uint8Array(text.length);
  let ranges: [start: number, end: number][] = [];
  let length = Number.POSITIVE_INFINITY;
  for (const word of [...new Set(words)].sort((a, b) => b.length - a.length)) {
    const needle = fold ? word.toLowerCase() : word;
    if (needle === '') continue;
    if (needle.length < length) {
      for (const [start, end] of ranges) taken.fill(1, start, end);
      ranges = [];
      length = needle.length;
    }
    let seen: string | null = null;
    for (let start = text.indexOf(needle); start !== -1; start = text.indexOf(needle, start + 1)) {
      const end = start + needle.length;
      if (taken[start] === 1 || taken[end - 1] === 1) continue;
      if (!beginsWord(text, start) || !endsWord(text, end)) continue;
      ranges.push([start, end]);
      seen ??= original.slice(start, end);
    }
    if (seen !== null) found.push({ word, seen });
  }
  return found;
}

/**
 * Those of `words` that are in the text as whole words, each once.
 *
 * - The character before a word is not a letter or digit (`v1` is in `backend-v1`).
 * - Nor is the character after it. A dash or underscore may follow only at the end of the name, or with a pod's suffix
 *   (`backend-v1` is in `backend-v1-7d9f8b6c5d-x2x4z`, not in `backend-v1-canary`).
 * - A dot between two digits does not separate words (`v1` is not in `v1.4.2`, `1` not in `10.0.0.1`).
 * - The longer of two overlapping words wins.
 * - Case matters in a first search. If that finds no word, a second one ignores it.
 */
export function findWords(text: string, words: readonly string[]): FoundWord[] {
  const found = search(text, text, words, false);
  if (found.length > 0) return found;
  const folded = text.toLowerCase();
  // In a few scripts, lower case has another length: then positions do not fit the original text.
  return search(folded, folded.length === text.length ? text : folded, words, true);
}
