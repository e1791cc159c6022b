/** Says what weights mean that look like percentages and are none. */
import { sum } from '../collections.js';
import { listed } from '../text/lists.js';
import { printable } from '../text/printable.js';
import type { ExpectedVersion, Note } from './plan.js';

/** Versions that the note lists. */
const MAX_SHOWN = 8;
/** Whole weights with a sum up to this, such as 9 and 1, are meant as parts. */
const MAX_PARTS = 10;
const ROUNDING = 1e-9;

/** A note with the expected shares if the weights add up neither to 100 nor to 1, and are no small whole numbers. */
export function weightNotes(expected: readonly ExpectedVersion[]): readonly Note[] {
  const total = sum(expected.map(({ weight }) => weight));
  const isUsual = [1, 100].some((usual) => Math.abs(total - usual) < ROUNDING);
  const areParts = total <= MAX_PARTS && expected.every(({ weight }) => Number.isInteger(weight));
  if (expected.length < 2 || isUsual || areParts) return [];
  const shares = expected.map(
    ({ name, share }) => `${printable(name)} ${Number((share * 100).toPrecision(3))} %`,
  );
  const text = `The expected weights add up to ${Number(total.toPrecision(6))}, not to 100. Weights are parts of their sum, so these shares are expected: ${listed(shares, MAX_SHOWN)}.`;
  return [{ code: 'weights-sum', text }];
}
