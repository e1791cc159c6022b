/** What the library's options are called on the command line. */
import { OptionError, type OptionNamer, UserError } from '../../errors.js';
import { ANALYZE_FLAGS } from './analyze.js';
import { COMPARE_FLAGS } from './compare.js';
import { FIND_LIMITS_FLAGS } from './find-limits.js';
import type { FlagSet } from './flags.js';
import { LAB_FLAGS } from './lab.js';
import { RUN_FLAGS } from './run.js';

interface FlagNames {
  readonly usual: string;
  readonly short: string;
}

type Names = ReadonlyMap<string, FlagNames>;

const NAMES = namesOf({
  ...LAB_FLAGS,
  ...FIND_LIMITS_FLAGS,
  ...COMPARE_FLAGS,
  ...ANALYZE_FLAGS,
  ...RUN_FLAGS,
});
/** `limits` has other flags for some of the options: connections are found, and not given. */
const BY_COMMAND: Readonly<Record<string, Names>> = { limits: namesOf(FIND_LIMITS_FLAGS) };

function namesOf(flags: FlagSet): Names {
  return new Map(
    Object.entries(flags).flatMap(([name, { sets = [], shown, alias = [] }]) => {
      const usual = shown ?? `--${name}`;
      const [letter] = [alias].flat();
      const names = { usual, short: letter === undefined ? usual : `-${letter}` };
      return [sets].flat().map((option) => [option, names] as const);
    }),
  );
}

/**
 * The flag that sets the option, e.g. `--streams` for `load.streams`; the option's own name if there is none.
 *
 * @param form `short`: the flag's letter, if it has one
 */
export const flagName: OptionNamer = (option, form) => named(NAMES.get(option), option, form);

function named(names: FlagNames | undefined, option: string, form: 'short' | undefined): string {
  if (names === undefined) return option;
  return form === 'short' ? names.short : names.usual;
}

/**
 * The error as the command line reports it: with the names of flags.
 *
 * @param command the first word of the command line
 */
export function namingFlags(error: UserError, command = ''): UserError {
  if (!(error instanceof OptionError)) return error;
  const own = Object.hasOwn(BY_COMMAND, command) ? BY_COMMAND[command] : undefined;
  const namer: OptionNamer = (option, form) =>
    own?.has(option) === true ? named(own.get(option), option, form) : flagName(option, form);
  return new UserError(error.messageWith(namer), error.exit);
}
