/**
 * The registry of reports: for each command with a result, its table and an entry for each report that can be written to a
 * file. The options, their help, the checks that nothing is overwritten and the files of `--csv-dir` all follow from it. A
 * renderer is loaded when its report is asked for.
 */
import type { CompareResult } from '../analysis/compare/result.js';
import type { DoctorResult } from '../analysis/doctor/result.js';
import type { LimitsResult } from '../analysis/limits/result.js';
import type { PlanningResult } from '../analysis/planning/result.js';
import type { RunResult } from '../analysis/result.js';
import type { IdentifyResult } from '../probes/preflight/identify-result.js';
import type { VersionText } from './hgrm.js';
import type { TableOptions } from './table.js';

/** The reports of a command. */
export interface Reports<Result> {
  /** For people at a terminal. */
  readonly table: (result: Result, options: TableOptions) => Promise<string>;
  /** What `--print` prints below it, by name. */
  readonly printed?: Readonly<Record<string, Printed<Result>>>;
  readonly files: readonly Report<Result>[];
}

/** A part of the terminal's report that is there on request. */
export interface Printed<Result> {
  /** What it holds, for the help. */
  readonly holds: string;
  readonly render: (result: Result, options: TableOptions) => Promise<string>;
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
  /** The same of each version by itself, for files beside that one. */
  readonly perVersion?: (result: Result) => Promise<readonly VersionText[]>;
}

const JSON_REPORT: Report<object> = {
  flag: 'json',
  holds: 'the result as JSON',
  csvFile: null,
  common: true,
  render: async (result) => (await import('./json.js')).jsonText(result),
};

/** A page for people in a browser. */
function htmlPage<Result>(render: Report<Result>['render']): Report<Result> {
  return { flag: 'html', holds: 'a page with plots as HTML', csvFile: null, common: true, render };
}

/** A file that only `--csv-dir` writes. */
function inCsvDir<Result>(csvFile: string, holds: string, render: Report<Result>['render']): Report<Result> {
  return { flag: null, holds: `${holds} as CSV`, csvFile, common: false, render };
}

/** Of `run` and `analyze`. */
export const RUN_REPORTS: Reports<RunResult> = {
  table: async (result, options) => (await import('./table.js')).tableReport(result, options),
  printed: {
    percentiles: {
      holds: 'times of each version, from p10 to p99.999',
      render: async (result, options) =>
        (await import('./table/percentile-list.js')).percentileList(result, options),
    },
  },
  files: [
    JSON_REPORT,
    htmlPage(async (result) => (await import('./html/run/index.js')).htmlReport(result)),
    {
      flag: 'csv',
      holds: 'a row per version and one for the whole run as CSV',
      csvFile: 'versions.csv',
      common: false,
      render: async (result) => (await import('./csv/versions.js')).csvReport(result),
    },
    inCsvDir('timeline.csv', 'a row per interval and version', async (result) =>
      (await import('./csv/timeline.js')).timelineCsv(result),
    ),
    inCsvDir('endpoints.csv', 'a row per version and endpoint', async (result) =>
      (await import('./csv/endpoints.js')).endpointsCsv(result),
    ),
    inCsvDir('errors.csv', 'a row per version and kind of error', async (result) =>
      (await import('./csv/errors.js')).errorsCsv(result),
    ),
    inCsvDir('histogram.csv', 'a row per version and bucket of times', async (result) =>
      (await import('./csv/histogram.js')).histogramCsv(result),
    ),
    inCsvDir('ejections.csv', 'a row per ejection window', async (result) =>
      (await import('./csv/ejections.js')).ejectionsCsv(result),
    ),
    {
      flag: 'histogram',
      holds: "percentiles of latency in HdrHistogram's text format (.hgrm)",
      csvFile: null,
      common: false,
      render: async (result) => (await import('./hgrm.js')).percentileLog(result),
      perVersion: async (result) => (await import('./hgrm.js')).percentileLogs(result),
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
    htmlPage(async (result) => (await import('./html/limits/index.js')).limitsHtml(result)),
    {
      flag: 'csv',
      holds: 'a row per step and version as CSV',
      csvFile: 'limits.csv',
      common: false,
      render: async (result) => (await import('./csv/limits.js')).limitsCsv(result),
    },
  ],
};

export const COMPARE_REPORTS: Reports<CompareResult> = {
  table: async (result, options) => (await import('./compare/index.js')).compareReport(result, options),
  files: [
    JSON_REPORT,
    htmlPage(async (result) => (await import('./html/compare/index.js')).htmlComparison(result)),
  ],
};

export const DOCTOR_REPORTS: Reports<DoctorResult> = {
  table: async (result, options) => (await import('./doctor/index.js')).doctorReport(result, options),
  files: [JSON_REPORT],
};

export const IDENTIFY_REPORTS: Reports<IdentifyResult> = {
  table: async (result, options) => (await import('./identify-table.js')).identifyReport(result, options),
  files: [JSON_REPORT],
};
