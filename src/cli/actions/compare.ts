/** What `weighbridge compare` does: results → how they differ → reports → exit code. */
import { isatty } from 'node:tty';
import type { Comparable } from '../../compare.js';
import { checkNumber, compare } from '../../compare.js';
import { UserError } from '../../errors.js';
import { STDIN_FILE } from '../../io/byte-source.js';
import { readResult } from '../../results/read-result.js';
import { complain } from '../complain.js';
import type { CompareCommandOptions } from '../options/compare.js';
import { destinationsIn } from '../options/output.js';
import { refuseConflicts } from '../outputs/conflicts.js';
import { inputsOnce } from '../outputs/inputs.js';
import { madeBy, openReports, writeReports } from '../outputs/reports.js';
import { exitCodeOf } from '../verdict-exit.js';

/**
 * @returns the exit code
 * @throws UserError for files or options that cannot be compared
 */
export async function compareAction(options: CompareCommandOptions): Promise<number> {
  const { files, output, failOnRegression } = options;
  // Before they are read, which may take long.
  checkNumber(files);
  if (files.includes(STDIN_FILE) && isatty(0)) {
    throw new UserError(
      "-: standard input is the terminal. Pipe a result in, e.g. 'weighbridge compare a.json - < b.json'.",
    );
  }
  const inputs = inputsOnce(files, 'compare', 'it would be compared with itself');
  await refuseConflicts(inputs, destinationsIn(output));
  openReports(output, '');
  const results: Comparable[] = [];
  for (const file of files) results.push(await readResult(file));
  const result = compare(results, { ...options.compare, names: files });
  const complaints = await writeReports(madeBy(result, options.command), output);
  for (const complaint of complaints) complain(complaint);
  return exitCodeOf({
    ended: 'completed',
    verdict: failOnRegression ? result.verdict : null,
    isUnreachable: false,
    outputsFailed: complaints.length > 0,
  });
}
