/** `weighbridge analyze` without a process. */
import { analyzeAction } from '../../src/cli/actions/analyze.js';
import { parseAnalyze } from '../../src/cli/options/analyze.js';
import { namingFlags } from '../../src/cli/options/flag-names.js';
import type { Flags } from '../../src/cli/options/flags.js';
import { UserError } from '../../src/errors.js';

/** The exit code of `weighbridge analyze FILES` with flags (long names). */
export async function analyzeFromFlags(files: readonly string[], flags: Flags): Promise<number> {
  try {
    return await analyzeAction(parseAnalyze(files, flags));
  } catch (error) {
    throw error instanceof UserError ? namingFlags(error) : error;
  }
}
