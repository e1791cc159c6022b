/** Words that the texts of checks share. */
import { plain } from '../../text/numbers.js';
import { printable } from '../../text/printable.js';

/** Names are shown up to this length. */
const MAX_NAME = 40;

/** A version's name in a sentence. */
export function nameOf(version: string): string {
  return printable(version, MAX_NAME);
}

/** `10.3 %`: at most three digits, and never 0 % or 100 % for what is near them. */
export function percentOf(fraction: number): string {
  const text = plain(fraction * 100);
  return text === '100' && fraction < 1 ? 'nearly 100 %' : `${text} %`;
}
