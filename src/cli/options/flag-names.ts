/** What the library's options are called on the command line. */
import { OptionError, UserError } from '../../errors.js';
import { RUN_FLAGS } from './run.js';

const NAMES: ReadonlyMap<string, string> = new Map(
  Object.entries(RUN_FLAGS).flatMap(([name, { sets, shown }]) =>
    sets === undefined ? [] : [[sets, shown ?? `--${name}`] as const],
  ),
);

/** The flag that sets the option, e.g. `--streams` for `load.streams`; where there is none, the option's own name. */
export function flagName(option: string): string {
  return NAMES.get(option) ?? option;
}

/** The error as the command line reports it: with the names of flags. */
export function namingFlags(error: UserError): UserError {
  return error instanceof OptionError ? new UserError(error.messageWith(flagName), error.exit) : error;
}
