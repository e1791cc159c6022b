/**
 * The registry of reports: for each command with a result, its table and an entry for each report that can be written to a
 * file. The options, their help, the checks that nothing is overwritten and the files of `--csv-dir` all follow from it. A
 * renderer is loaded when its report is asked for.
 */
import type { LimitsResult } from '../analysis/limits/result.js';
import type { PlanningResult } from '../analysis/planning/result.js';
import type { RunResult } from '../analysis/result.js';
import type { IdentifyResult } from '../probes/preflight/identify-result.js';
import type { TableOptions } from './table.js';

/** The reports of a command. */
export interface Reports<Result> {
  /** For people at a terminal. */
  readonly table: (result: Result, options: TableOptions) => Promise<string>;
  readonly files: readonly Report<Result>[];
}

export interface Report<Result> {
  /** The option that writes it to a file or to standard output, without dashes; null when there is none. */
  readonly flag: string | null;
  /** What it holds: completes "write … to a file". */
  readonly holds: string;
  /** Its file in the folder of `--csv-dir`; null when it has none there. */
  readonly csvFile: string | null;
  /** True: its option is in the short help. */
  readonly common: boolean;
  readonly render: (result: Result) => Promise<string>;
}

const JSON_REPORT: Report<object> = {
  flag: 'json',
  holds: 'the result as JSON',
  csvFile: null,
  common: true,
  render: async (result) => (await import('./json.js')).jsonText(result),
};

/** Of `run` and `analyze`. */
export const RUN_REPORTS: Reports<RunResult> = {
  table: async (result, options) => (await import('./table.js')).tableReport(result, options),
  files: [
    JSON_REPORT,
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
  ],
};

export const PLAN_REPORTS: Reports<PlanningResult> = {
  table: async (result, options) => (await import('./planning/index.js')).planningReport(result, options),
  files: [JSON_REPORT],
};

export const LIMITS_REPORTS: Reports<LimitsResult> = {
  table: async (result, options) => (await import('./limits/index.js')).limitsReport(result, options),
  files: [
    JSON_REPORT,
    {
      flag: 'csv',
      holds: 'a row per step and version as CSV',
      csvFile: null,
      common: false,
      render: async (result) => (await import('./limits/csv.js')).limitsCsv(result),
    },
  ],
};

export const IDENTIFY_REPORTS: Reports<IdentifyResult> = {
  table: async (result, options) => (await import('./identify-table.js')).identifyReport(result, options),
  files: [JSON_REPORT],
};
