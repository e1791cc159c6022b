/** `--max-error-rate 1%,v2=0.5%`. */
import type { GivenErrorLimits } from '../../plan/plan-options.js';
import { parsePercent } from '../../plan/units.js';
import { parsePerVersion } from './per-version.js';

/**
 * Reads largest error rates: one for all, and some for single versions.
 *
 * @param items such as `1%`, `v2=0.5%`, `off`, `v2=off`
 * @throws UserError naming `flag`
 */
export function parseErrorRates(items: readonly string[], flag: string): GivenErrorLimits {
  return parsePerVersion<number | 'off'>(
    items,
    flag,
    (text) => (text === 'off' ? text : parsePercent(text, flag)),
    'Write it as 1%, as v2=0.5%, or as off.',
  );
}
