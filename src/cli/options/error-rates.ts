/** `--max-error-rate 1%,v2=0.5%`. */
import { UserError } from '../../errors.js';
import type { GivenErrorLimits } from '../../plan/plan-options.js';
import { parsePercent } from '../../plan/units.js';
import { printable } from '../../text/printable.js';

const EXAMPLE = 'Write it as 1%, as v2=0.5%, or as off.';

/**
 * Reads largest error rates: one for all, and some for single versions.
 *
 * @param items such as `1%`, `v2=0.5%`, `off`, `v2=off`
 * @throws UserError naming `flag`
 */
export function parseErrorRates(items: readonly string[], flag: string): GivenErrorLimits {
  let all: number | 'off' | undefined;
  const versions = new Map<string, number | 'off'>();
  const twice = (what: string) => new UserError(`${flag}: ${what} is given twice. ${EXAMPLE}`);
  for (const item of items) {
    const at = item.lastIndexOf('=');
    const version = item.slice(0, Math.max(0, at)).trim();
    const text = item.slice(at + 1).trim();
    if (at >= 0 && version === '')
      throw new UserError(`${flag}: '${printable(item)}' names no version. ${EXAMPLE}`);
    const limit = text === 'off' ? text : parsePercent(text, flag);
    if (at < 0) {
      if (all !== undefined) throw twice('the limit for all versions');
      all = limit;
    } else {
      if (versions.has(version)) throw twice(`'${printable(version)}'`);
      versions.set(version, limit);
    }
  }
  return { all, versions };
}
