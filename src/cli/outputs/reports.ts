/** Writes the reports that the options ask for; used by every command with a result. */
import type { ToolResult } from '../../analysis/result.js';
import type { VersionText } from '../../report/hgrm.js';
import { counted } from '../../text/numbers.js';
import type { OutputOptions, ReportDestination } from '../options/output.js';
import { stdoutStyle } from '../terminal.js';
import { requireFolder, requireWritable, STDOUT, writeOutput } from './destinations.js';
import { hasFilesBeside, longestVersionFile, versionFiles } from './version-files.js';

/**
 * Checks that each report can be written.
 *
 * @param effect added to the error: what it means for the command; begins with a space
 * @throws UserError naming the option and the file
 */
export function openReports({ reports, csvDir }: OutputOptions<never>, effect: string): void {
  // First, because other outputs may be files in it.
  if (csvDir !== undefined) requireFolder('csv-dir', csvDir, effect);
  for (const { flag, file, report } of reports) {
    if (file === STDOUT) continue;
    requireWritable({ flag, file }, effect);
    if (report.perVersion !== undefined && hasFilesBeside(file)) {
      requireWritable({ flag, file: longestVersionFile(file) }, effect);
    }
  }
}

/** The result with the command line that it is from. */
export function madeBy<Result extends { tool: ToolResult }>(result: Result, command: string): Result {
  return { ...result, tool: { ...result.tool, command } };
}

/**
 * Writes the reports, and the table to standard output if nothing else goes there: all together, so that a pipe without a
 * reader holds up only its own report.
 *
 * @returns an error message for each report that could not be written
 * @throws what the first report threw that could not be made: an error of this program. All others are written
 */
export async function writeReports<Result>(result: Result, output: OutputOptions<Result>): Promise<string[]> {
  const writing = output.reports.map((destination) => writeReport(result, destination));
  writing.push(print(result, output));
  const complaints: string[] = [];
  const errors: unknown[] = [];
  for (const end of await Promise.allSettled(writing)) {
    if (end.status === 'rejected') errors.push(end.reason);
    else complaints.push(...end.value);
  }
  if (errors.length > 0) throw errors[0];
  return complaints;
}

async function writeReport<Result>(
  result: Result,
  { flag, file, report }: ReportDestination<Result>,
): Promise<string[]> {
  const complaint = await writeOutput({ flag, file }, await report.render(result));
  const complaints = complaint === null ? [] : [complaint];
  if (report.perVersion === undefined || !hasFilesBeside(file)) return complaints;
  return [...complaints, ...(await writeVersions(flag, file, await report.perVersion(result)))];
}

/** @returns an error message about the first file that could not be written, and how many others there are */
async function writeVersions(flag: string, file: string, parts: readonly VersionText[]): Promise<string[]> {
  const files = versionFiles(
    file,
    parts.map(({ version }) => version),
  );
  const complaints: string[] = [];
  for (const [i, { text }] of parts.entries()) {
    const complaint = await writeOutput({ flag, file: files[i] as string }, text);
    if (complaint !== null) complaints.push(complaint);
  }
  const others = complaints.length - 1;
  if (others > 0)
    complaints.splice(1, others, `--${flag}: the same for ${counted(others, 'more file')} of versions.`);
  return complaints;
}

/** Prints the table, and below it what else was asked for. */
async function print<Result>(result: Result, output: OutputOptions<Result>): Promise<string[]> {
  const { table, printed, reports, samples, quiet, color, explain, histogram, percentiles } = output;
  // A report on standard output is read by a program: the table must not be mixed into it.
  const taken = [...reports, ...samples].some(({ file }) => file === STDOUT);
  const options = { ...stdoutStyle(color), explain, histogram, percentiles };
  const parts = quiet || taken ? [] : [await table(result, options)];
  for (const { render } of printed) parts.push(await render(result, options));
  if (parts.length > 0) process.stdout.write(parts.join('\n'));
  return [];
}
