/** Writes the reports that the options ask for; used by every command with a result. */
import type { ToolResult } from '../../analysis/result.js';
import type { OutputOptions } from '../options/output.js';
import { stdoutStyle } from '../terminal.js';
import { requireFolder, requireWritable, STDOUT, writeOutput } from './destinations.js';

/**
 * Checks that each report can be written.
 *
 * @param effect added to the error: what it means for the command; begins with a space
 * @throws UserError naming the option and the file
 */
export function openReports({ reports, csvDir }: OutputOptions<never>, effect: string): void {
  // First, because other outputs may be files in it.
  if (csvDir !== undefined) requireFolder('csv-dir', csvDir, effect);
  for (const report of reports) if (report.file !== STDOUT) requireWritable(report, effect);
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
  const { reports, samples, quiet } = output;
  const writing = reports.map(async (destination) =>
    writeOutput(destination, await destination.report.render(result)),
  );
  // A report on standard output is read by a program: the table must not be mixed into it.
  const taken = [...reports, ...samples].some(({ file }) => file === STDOUT);
  if (!quiet && !taken) writing.push(printTable(result, output));
  const complaints: string[] = [];
  const errors: unknown[] = [];
  for (const end of await Promise.allSettled(writing)) {
    if (end.status === 'rejected') errors.push(end.reason);
    else if (end.value !== null) complaints.push(end.value);
  }
  if (errors.length > 0) throw errors[0];
  return complaints;
}

async function printTable<Result>(
  result: Result,
  { table, color, explain, histogram, percentiles }: OutputOptions<Result>,
): Promise<null> {
  process.stdout.write(await table(result, { ...stdoutStyle(color), explain, histogram, percentiles }));
  return null;
}
