/** What the results of a comparison are called: A, B, … and the names of their files. */
import type { CompareResult, PairComparison } from '../../analysis/compare/result.js';
import { shortName } from '../layout/text.js';
import type { PairLetters } from './tables.js';

/** Results by their order: A, B, … */
function letter(index: number): string {
  return String.fromCharCode('A'.charCodeAt(0) + index);
}

/** The first of the results is A. */
export function lettersOf(pair: number): PairLetters {
  return { own: letter(pair + 1), reference: letter(0) };
}

/** `A last-week.json`, one for each result. */
export function resultNames({ results }: CompareResult): readonly string[] {
  return shownNames(results.map(({ name }) => name)).map((name, i) => `${letter(i)} ${name}`);
}

/** Of the results of a pair. */
export function namesOfPair(names: readonly string[], pair: number): PairLetters {
  return { own: names[pair + 1] ?? '', reference: names[0] ?? '' };
}

/** What is worse comes first. */
export function worstFirst(pairs: readonly PairComparison[]): readonly PairComparison[] {
  const order: readonly PairComparison['verdict'][] = ['fail', 'inconclusive', 'pass'];
  return pairs.toSorted((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict));
}

/** Names without the folders that all have, so that what differs is seen: `a/x.json`, `b/x.json`. */
function shownNames(names: readonly string[]): readonly string[] {
  const parts = names.map((name) => name.split('/'));
  const [first = []] = parts;
  const differs = (at: number) => parts.some((one) => at >= one.length - 1 || one[at] !== first[at]);
  let common = 0;
  while (!differs(common)) common += 1;
  return parts.map((one) => shortName(one.slice(common).join('/')));
}
