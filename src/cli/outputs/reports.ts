/** The reports that the options ask for: what every command that ends in a result does. */
import type { RunResult } from '../../analysis/result.js';
import type { OutputOptions } from '../options/output.js';
import { stdoutStyle } from '../terminal.js';
import { requireFolder, requireWritable, STDOUT, writeOutput } from './destinations.js';

/**
 * Tries each report's place.
 *
 * @param effect what an error says of the command besides, with a space before it
 * @throws UserError naming the option and the file
 */
export function openReports({ reports, csvDir }: OutputOptions, effect: string): void {
  // First, since other outputs may be files in it.
  if (csvDir !== undefined) requireFolder('csv-dir', csvDir, effect);
  for (const report of reports) if (report.file !== STDOUT) requireWritable(report, effect);
}

/**
 * Writes the reports, and the table to standard output if nothing else goes there.
 *
 * @returns what could not be written, in words
 */
export async function writeReports(result: RunResult, output: OutputOptions): Promise<string[]> {
  const { reports, samples, quiet, color } = output;
  const complaints: string[] = [];
  for (const destination of reports) {
    const complaint = writeOutput(destination, await destination.report.render(result));
    if (complaint !== null) complaints.push(complaint);
  }
  // A machine reads standard output when a report goes there: the table would spoil it.
  const taken = [...reports, ...samples].some(({ file }) => file === STDOUT);
  if (!quiet && !taken) {
    const { tableReport } = await import('../../report/table.js');
    process.stdout.write(tableReport(result, stdoutStyle(color)));
  }
  return complaints;
}
