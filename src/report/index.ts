/**
 * The registry of reports: one entry for each that can be written to a file. The options, their help, the checks that
 * nothing is overwritten and the files of `--csv-dir` all follow from it. A renderer is loaded when its report is asked for.
 */
import type { RunResult } from '../analysis/result.js';

export interface Report {
  /** The option that writes it to a file or to standard output, without dashes; null when there is none. */
  readonly flag: string | null;
  /** What it holds: completes "write … to a file". */
  readonly holds: string;
  /** Its file in the folder of `--csv-dir`; null when it has none there. */
  readonly csvFile: string | null;
  /** True: its option is in the short help. */
  readonly common: boolean;
  readonly render: (result: RunResult) => Promise<string>;
}

export const REPORTS: readonly Report[] = [
  {
    flag: 'json',
    holds: 'the result as JSON',
    csvFile: null,
    common: true,
    render: async (result) => (await import('./json.js')).jsonReport(result),
  },
  {
    flag: 'csv',
    holds: 'a row per version as CSV',
    csvFile: 'versions.csv',
    common: false,
    render: async (result) => (await import('./csv.js')).csvReport(result),
  },
  {
    flag: null,
    holds: 'a row per ejection window as CSV',
    csvFile: 'ejections.csv',
    common: false,
    render: async (result) => (await import('./ejections-csv.js')).ejectionsCsv(result),
  },
];
