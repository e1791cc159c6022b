/** The kinds of checks that a verdict is made of. */
import { OptionError } from '../errors.js';
import { printable } from '../text/printable.js';

/** A check's name begins with its kind: `split/v1`, `errors`, `ejections/v1/trigger`. */
export const CHECK_KINDS = ['split', 'errors', 'latency', 'sent', 'ejections'] as const;

export type CheckKind = (typeof CHECK_KINDS)[number];

/** @throws OptionError naming `only` */
export function checkKinds(given: readonly string[]): readonly CheckKind[] {
  for (const kind of given) {
    if (CHECK_KINDS.some((known) => known === kind)) continue;
    throw new OptionError(
      (name) =>
        `${name('only')}: '${printable(kind)}' is not a kind of check; these are: ${CHECK_KINDS.join(', ')}.`,
    );
  }
  if (given.length === 0) throw new OptionError((name) => `${name('only')} names no kind of check.`);
  return CHECK_KINDS.filter((kind) => given.includes(kind));
}
