/** What the library's options are called on the command line. */
import { OptionError, type OptionNamer, UserError } from '../../errors.js';
import { ANALYZE_FLAGS } from './analyze.js';
import { LAB_FLAGS } from './lab.js';
import { RUN_FLAGS } from './run.js';

interface FlagNames {
  readonly usual: string;
  readonly short: string;
}

const NAMES: ReadonlyMap<string, FlagNames> = new Map(
  Object.entries({ ...LAB_FLAGS, ...ANALYZE_FLAGS, ...RUN_FLAGS }).flatMap(
    ([name, { sets = [], shown, alias = [] }]) => {
      const usual = shown ?? `--${name}`;
      const [letter] = [alias].flat();
      const names = { usual, short: letter === undefined ? usual : `-${letter}` };
      return [sets].flat().map((option) => [option, names] as const);
    },
  ),
);

/**
 * The flag that sets the option, e.g. `--streams` for `load.streams`; the option's own name if there is none.
 *
 * @param form `short`: the flag's letter, if it has one
 */
export const flagName: OptionNamer = (option, form) => {
  const names = NAMES.get(option);
  if (names === undefined) return option;
  return form === 'short' ? names.short : names.usual;
};

/** The error as the command line reports it: with the names of flags. */
export function namingFlags(error: UserError): UserError {
  return error instanceof OptionError ? new UserError(error.messageWith(flagName), error.exit) : error;
}
