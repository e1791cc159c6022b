/** Writes the reports that the options ask for: what every command that ends in a result does. */
import type { RunResult } from '../analysis/result.js';
import { jsonReport } from '../report/json.js';
import { type Flags, on } from './options/flags.js';
import { type Output, writeOutput } from './outputs.js';
import { stdoutStyle } from './terminal.js';

/**
 * @param stdoutTaken something else is written to standard output
 * @returns what could not be written, in words
 */
export async function writeReports(
  result: RunResult,
  outputs: readonly Output[],
  flags: Flags,
  stdoutTaken = false,
): Promise<string[]> {
  const complaints: string[] = [];
  for (const output of outputs) {
    const complaint = writeOutput(output, await reportFor(output, result));
    if (complaint !== null) complaints.push(complaint);
  }
  // A machine reads standard output when a report goes there: the table would spoil it.
  if (!on(flags, 'quiet') && !stdoutTaken && !outputs.some(({ file }) => file === '-')) {
    const { tableReport } = await import('../report/table.js');
    process.stdout.write(tableReport(result, stdoutStyle(flags)));
  }
  return complaints;
}

/** Reports are loaded when they are wanted: each brings a library of its own. */
async function reportFor({ report }: Output, result: RunResult): Promise<string> {
  if (report === 'json') return jsonReport(result);
  if (report === 'ejections') return (await import('../report/ejections-csv.js')).ejectionsCsv(result);
  return (await import('../report/csv.js')).csvReport(result);
}
