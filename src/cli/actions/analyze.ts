/** What `weighbridge analyze` does: saved runs → the same reports → exit code. */
import { isatty } from 'node:tty';
import { analyze } from '../../analyze.js';
import { OptionError, UserError } from '../../errors.js';
import { STDIN_FILE } from '../../io/byte-source.js';
import { openRun } from '../../saved/open.js';
import type { SavedRun } from '../../saved/saved-run.js';
import { complain } from '../complain.js';
import type { AnalyzeCommandOptions } from '../options/analyze.js';
import { destinationsIn } from '../options/output.js';
import type { VersionOptions } from '../options/version.js';
import { refuseConflicts } from '../outputs/conflicts.js';
import { inputsOnce } from '../outputs/inputs.js';
import { madeBy, openReports, writeReports } from '../outputs/reports.js';
import { exitCode } from '../verdict-exit.js';

/** More than any run has generators. Each file that is read takes a few MB. */
const MAX_FILES = 256;

/**
 * @returns the exit code
 * @throws UserError for files or options that cannot be analyzed
 */
export async function analyzeAction(options: AnalyzeCommandOptions): Promise<number> {
  const { files, judge, ejection, cut, eventLog, output } = options;
  checkFiles(files);
  await refuseConflicts(
    [...inputsOnce(files, 'analyze', 'its requests would be counted twice'), ...options.inputs],
    destinationsIn(output),
  );
  const runs: SavedRun[] = [];
  for (const file of files) runs.push(await openRun(file, { ...options.version, ...judge }));
  refuseReadLabels(runs, options.version);
  openReports(output, '');
  const result = await analyze(runs, { ...judge, ejection, cut, eventLog });
  const complaints = await writeReports(madeBy(result, options.command), output);
  for (const complaint of complaints) complain(complaint);
  // Whether the run was interrupted does not matter here: the analysis was not.
  return exitCode({ ...result, ended: 'completed' }, complaints.length > 0);
}

function checkFiles(files: readonly string[]): void {
  if (files.length === 0) {
    throw new UserError(
      "Nothing to analyze. Give the file of a run that was saved with 'weighbridge run --save FILE', or of results of vegeta.",
    );
  }
  if (files.length > MAX_FILES) {
    throw new UserError(`At most ${MAX_FILES} files are read as one run, not ${files.length}.`);
  }
  if (files.includes(STDIN_FILE) && isatty(0)) {
    throw new UserError(
      "-: standard input is the terminal. Pipe a saved run in, e.g. 'weighbridge analyze - < run.arrow'.",
    );
  }
}

function refuseReadLabels(runs: readonly SavedRun[], version: VersionOptions): void {
  const saved = runs.find((run) => run.imported !== true);
  const { versionFrom, endpointFrom, bodyLimitBytes } = version;
  const option = Object.entries({ versionFrom, endpointFrom, bodyLimitBytes }).find(
    ([, given]) => given !== undefined,
  )?.[0];
  if (saved === undefined || option === undefined) return;
  throw new OptionError(
    (name) =>
      `${name(option)}: ${saved.file} holds the labels that were read when the run was made, not the responses: they cannot ` +
      `be read otherwise now. ${name('map')} says what a label stands for.`,
  );
}
