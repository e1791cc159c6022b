/** `--tolerance 2,v2=1` or `--tolerance 20%`. */
import type { GivenTolerance, GivenTolerances } from '../../plan/plan-options.js';
import { parsePercent } from '../../plan/units.js';
import { parsePerVersion } from './per-version.js';

/**
 * Reads tolerances: points as numbers, or percent of the expected share.
 *
 * @param items such as `2`, `20%`, `v2=1`
 * @throws UserError naming `flag`
 */
export function parseTolerances(items: readonly string[], flag: string): GivenTolerances {
  return parsePerVersion<GivenTolerance>(
    items,
    flag,
    (text) => (text.endsWith('%') ? { relative: parsePercent(text, flag) } : parsePercent(text, flag)),
    'Write it as 2 (points), as 20% (of each share), or as v2=1.',
  );
}
