/** Options that `run` and `analyze` have in common; undefined where they are not given. */
import { parseConfidence, parseCount, parsePoints } from '../../plan/units.js';
import { type Flags, one } from './flags.js';

const BODY_LIMIT = { min: 512, max: 16 * 1024 * 1024 };

function read<T>(flags: Flags, name: string, parse: (text: string, flag: string) => T): T | undefined {
  const text = one(flags, name);
  return text === undefined ? undefined : parse(text, `--${name}`);
}

export function toleranceFromFlags(flags: Flags): number | undefined {
  return read(flags, 'tolerance', parsePoints);
}

export function confidenceFromFlags(flags: Flags): number | undefined {
  return read(flags, 'confidence', parseConfidence);
}

/** Bytes of a body. */
export function bodyLimitFromFlags(flags: Flags): number | undefined {
  return read(flags, 'body-limit', (text, flag) => parseCount(text, flag, BODY_LIMIT));
}
