/**
 * Weighbridge as a library: `makePlan` makes a plan, `run` returns its RunResult; `planWithLimits` and
 * `findLimits` do the same for a search for limits; `compare` says how results differ; `doctor` measures what this machine can send. The command line uses the same functions.
 *
 * @packageDocumentation
 */
export type * from './analysis/compare/result.js';
export type * from './analysis/doctor/result.js';
export type * from './analysis/limits/result.js';
export type * from './analysis/result.js';
export { type AnalyzeOptions, analyze } from './analyze.js';
export type { GatewayObservations, GatewaySources } from './blocks/gateway-observations.js';
export type { RunEnd, RunHeader, SampleSink } from './blocks/run-record.js';
export {
  type Comparable,
  type ComparableLimits,
  type ComparableRun,
  type CompareOptions,
  compare,
  type LatencyTolerance,
} from './compare.js';
export { type DoctorOptions, doctor } from './doctor.js';
export { OptionError, UserError } from './errors.js';
export { findLimits } from './find-limits.js';
export { type Lab, type LabOptions, startLab } from './lab/lab.js';
export { LimitsFailure, type LimitsOptions } from './limits-options.js';
export type { CheckKind } from './plan/check-kinds.js';
export { parseLabelSource } from './plan/labels/label-source.js';
export { makePlan } from './plan/make-plan.js';
export { readManifests } from './plan/manifests/index.js';
export type * from './plan/plan.js';
export type * from './plan/plan-options.js';
export { type LimitOptions, planWithLimits } from './plan/plan-with-limits.js';
export { ejectionsCsv } from './report/csv/ejections.js';
export { endpointsCsv } from './report/csv/endpoints.js';
export { errorsCsv } from './report/csv/errors.js';
export { histogramCsv } from './report/csv/histogram.js';
export { limitsCsv } from './report/csv/limits.js';
export { timelineCsv } from './report/csv/timeline.js';
export { csvReport } from './report/csv/versions.js';
export { limitsHtml } from './report/html/limits/index.js';
export { htmlReport } from './report/html/run/index.js';
export { jsonReport } from './report/json.js';
export { tableReport } from './report/table.js';
export { readResult } from './results/read-result.js';
export { run } from './run.js';
export { RunFailure, type RunOptions } from './run-options.js';
export type { Cut } from './saved/cut/cut.js';
export { type OpenOptions, openRun } from './saved/open.js';
export type { SavedRun } from './saved/saved-run.js';
export { arrowSink } from './saved/sinks/arrow-sink.js';
