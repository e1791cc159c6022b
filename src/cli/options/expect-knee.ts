/** `--expect-knee '>=300'`. */
import type { ExpectedKnee } from '../../analysis/limits/checks.js';
import { UserError } from '../../errors.js';
import { MAX_RATE_PER_SECOND } from '../../plan/ranges.js';
import { parsePositiveNumber } from '../../plan/units.js';
import { printable } from '../../text/printable.js';

const RELATIONS = { '>=': 'atLeast', '<=': 'atMost', '': 'about' } as const;

/**
 * Reads the knee that is asked for.
 *
 * @param text `>=300`, `<=300`, or `300`, which means ± the tolerance
 * @throws UserError naming `flag`
 */
export function parseExpectKnee(text: string, flag: string): ExpectedKnee {
  const [, relation, level] = /^\s*(>=|<=|)\s*(\d+(?:\.\d+)?)\s*$/.exec(text) ?? [];
  if (relation === undefined || level === undefined) {
    throw new UserError(`${flag}: '${printable(text)}' is no knee. Write it as '>=300', '<=300' or 300.`);
  }
  return {
    relation: RELATIONS[relation as keyof typeof RELATIONS],
    level: parsePositiveNumber(level, flag, MAX_RATE_PER_SECOND),
  };
}
