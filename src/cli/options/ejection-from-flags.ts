/** `--eject-*` → what ejections are to be held against. */
import { UserError } from '../../errors.js';
import type { GivenEjection } from '../../plan/policy/ejection-rules.js';
import { parseCount, parsePositiveDuration } from '../../plan/units.js';
import { type Flags, one } from './flags.js';

/** More in a row than anyone waits for. */
const MAX_IN_A_ROW = 1_000_000;

/**
 * @returns null when none of them is given
 * @throws UserError naming the option
 */
export function ejectionFromFlags(flags: Flags): GivenEjection | null {
  const texts: string[] = [];
  const read = <T>(name: string, reader: (text: string, flag: string) => T): T | undefined => {
    const text = one(flags, name);
    if (text === undefined) return undefined;
    const value = reader(text, `--${name}`);
    texts.push(`--${name} ${text.trim()}`);
    return value;
  };
  const given = {
    after: read('eject-after', (text, flag) => parseCount(text, flag, { min: 0, max: MAX_IN_A_ROW })),
    baseMs: read('eject-base', atLeastAMillisecond),
    intervalMs: read('eject-interval', atLeastAMillisecond),
    maxPercent: read('eject-max', (text, flag) =>
      parseCount(text.replace(/\s*%\s*$/, ''), flag, { min: 0, max: 100 }),
    ),
  };
  return texts.length === 0 ? null : { ...given, text: texts.join(' ') };
}

/** As in manifests: gateways keep these times in whole milliseconds. */
function atLeastAMillisecond(text: string, flag: string): number {
  const ms = parsePositiveDuration(text, flag);
  if (ms < 1) throw new UserError(`${flag}: '${text}' is shorter than 1ms.`);
  return ms;
}
