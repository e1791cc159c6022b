/** `weighbridge compare` without a process. */
import { compareAction } from '../../src/cli/actions/compare.js';
import { parseCompare } from '../../src/cli/options/compare.js';
import { namingFlags } from '../../src/cli/options/flag-names.js';
import type { Flags } from '../../src/cli/options/flags.js';
import { UserError } from '../../src/errors.js';

/** The exit code of `weighbridge compare FILES` with flags (long names). */
export async function compareFromFlags(files: readonly string[], flags: Flags): Promise<number> {
  try {
    return await compareAction(parseCompare(files, flags));
  } catch (error) {
    throw error instanceof UserError ? namingFlags(error, 'compare') : error;
  }
}
