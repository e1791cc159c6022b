/** What `weighbridge analyze` does: saved runs → the same reports → exit code. */
import { isatty } from 'node:tty';
import { analyze } from '../../analyze.js';
import { OptionError, UserError } from '../../errors.js';
import { STDIN_FILE } from '../../io/byte-source.js';
import { DEFAULT_BODY_LIMIT_BYTES, DEFAULT_CONFIDENCE, DEFAULT_TOLERANCE } from '../../plan/defaults.js';
import { type GivenEjection, makeEjection, namedAsExpected, withGiven } from '../../plan/ejection.js';
import { applyMap, expectedVersions } from '../../plan/expectations.js';
import { parseLabelSource } from '../../plan/labels/label-source.js';
import type { EjectionRule, ExpectedVersion, JudgePlan } from '../../plan/plan.js';
import type { LabelMap } from '../../plan/plan-options.js';
import { openRun } from '../../saved/open.js';
import type { SavedRun } from '../../saved/saved-run.js';
import type { ImportOptions } from '../../saved/vegeta/import-plan.js';
import type { AnalyzeCommandOptions } from '../options/analyze.js';
import type { JudgeOptions } from '../options/judge.js';
import { destinationsIn } from '../options/output.js';
import type { VersionOptions } from '../options/version.js';
import { refuseOverwriting } from '../outputs/destinations.js';
import { analyzedInputs, eventLogInput } from '../outputs/inputs.js';
import { openReports, writeReports } from '../outputs/reports.js';
import { exitCode } from '../verdict-exit.js';

/** More generators than any run has; and each file that is read takes a few MB. */
const MAX_FILES = 256;

/**
 * @returns the exit code
 * @throws UserError for what cannot be analyzed
 */
export async function analyzeAction(options: AnalyzeCommandOptions): Promise<number> {
  const { files, cut, output, eventLog } = options;
  checkFiles(files);
  const judge = judgeOf(options.judge);
  const givenEjection = makeEjection(options.ejection);
  const imports = importOf(options.version, judge);
  const inputs = [...analyzedInputs(files), ...eventLogInput(eventLog)];
  refuseOverwriting(inputs, destinationsIn(output));
  openReports(output, '');
  const runs: SavedRun[] = [];
  for (const file of files) runs.push(await openRun(file, imports));
  refuseReadLabels(runs, options.version);
  const first = runs[0] as SavedRun;
  const changes = first.imported === true ? {} : overrides(judge, first);
  const result = await analyze(runs, {
    ...(cut === undefined ? {} : { cut }),
    judge: changes,
    ...(eventLog === undefined ? {} : { eventLog }),
    ...(givenEjection === null ? {} : { ejection: rulesFrom(givenEjection, first, changes) }),
  });
  const complaints = await writeReports(result, output);
  for (const complaint of complaints) process.stderr.write(`weighbridge: ${complaint}\n`);
  // That the run was interrupted then is no interruption of this.
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

/** What the options say of the verdict; undefined where they say nothing. */
interface GivenJudge {
  readonly expected: readonly ExpectedVersion[] | undefined;
  readonly map: LabelMap | undefined;
  readonly tolerance: number | undefined;
  readonly confidence: number | undefined;
}

function judgeOf({ expect, map, tolerance, confidence }: JudgeOptions): GivenJudge {
  const expected = expect === undefined ? undefined : expectedVersions(expect);
  return { expected, map, tolerance, confidence };
}

function importOf(
  { versionFrom, endpointFrom, bodyLimitBytes }: VersionOptions,
  { expected, map, tolerance, confidence }: GivenJudge,
): ImportOptions {
  return {
    version: versionFrom === undefined ? null : parseLabelSource(versionFrom, 'versionFrom'),
    endpoint: endpointFrom === undefined ? null : parseLabelSource(endpointFrom, 'endpointFrom'),
    bodyLimitBytes: bodyLimitBytes ?? DEFAULT_BODY_LIMIT_BYTES,
    judge: {
      expected: expected === undefined ? null : mapped(expected, map),
      tolerance: tolerance ?? DEFAULT_TOLERANCE,
      confidence: confidence ?? DEFAULT_CONFIDENCE,
    },
  };
}

/** What differs from how the run was to be judged. Labels are in the file as they were read, so all of it can. */
function overrides(
  { expected, map, tolerance, confidence }: GivenJudge,
  { plan }: SavedRun,
): Partial<JudgePlan> {
  const named = expected ?? plan.judge.expected;
  if (named === null && map !== undefined) {
    throw new UserError('--map says what stands for an expected version: give --expect too.');
  }
  return {
    ...(expected === undefined && map === undefined ? {} : { expected: mapped(named ?? [], map) }),
    ...(tolerance === undefined ? {} : { tolerance }),
    ...(confidence === undefined ? {} : { confidence }),
  };
}

/** The run's rules with what was given laid over them. */
function rulesFrom(
  given: GivenEjection,
  { plan }: SavedRun,
  { expected = plan.judge.expected }: Partial<JudgePlan>,
): readonly EjectionRule[] {
  return withGiven(namedAsExpected(plan.ejection, expected).rules, given, expected);
}

function mapped(expected: readonly ExpectedVersion[], map: LabelMap | undefined): readonly ExpectedVersion[] {
  return map === undefined ? expected : applyMap(expected, map);
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
