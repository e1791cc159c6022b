/** The body of `weighbridge analyze`, loaded only when it runs. */
import { isatty } from 'node:tty';
import { type AnalyzeOptions, analyze } from '../../analyze.js';
import { UserError } from '../../errors.js';
import { STDIN_FILE } from '../../io/byte-source.js';
import { isSameFile } from '../../io/same-file.js';
import { DEFAULT_BODY_LIMIT, DEFAULT_CONFIDENCE, DEFAULT_TOLERANCE } from '../../plan/defaults.js';
import { applyMap, parseExpect } from '../../plan/expectations.js';
import { parseLabelSource } from '../../plan/labels/label-source.js';
import type { EjectionRule, ExpectedVersion, JudgePlan } from '../../plan/plan.js';
import { type GivenEjection, namedAsExpected, withGiven } from '../../plan/policy/ejection-rules.js';
import { parseDuration } from '../../plan/units.js';
import { type Cut, parseWhere } from '../../saved/cut/cut.js';
import { openRun } from '../../saved/open.js';
import type { SavedRun } from '../../saved/saved-run.js';
import type { ImportOptions } from '../../saved/vegeta/import-plan.js';
import { exitCode } from '../exit-code.js';
import { ejectionFromFlags } from '../options/ejection-from-flags.js';
import { type Flags, many, one } from '../options/flags.js';
import { eventLogFromFlags } from '../options/gateway-from-flags.js';
import {
  bodyLimitFromFlags,
  confidenceFromFlags,
  toleranceFromFlags,
} from '../options/reading-from-flags.js';
import { type Output, openOutputs } from '../outputs.js';
import { writeReports } from '../reports.js';

/** More generators than any run has; and each file that is read takes a few MB. */
const MAX_FILES = 256;

/**
 * @returns the exit status
 * @throws UserError for what cannot be analyzed
 */
export async function analyzeFromFlags(files: readonly string[], flags: Flags): Promise<number> {
  if (files.length === 0) {
    throw new UserError(
      "Nothing to analyze. Give the file of a run that was saved with 'weighbridge run --save FILE', or of results of vegeta.",
    );
  }
  if (files.length > MAX_FILES)
    throw new UserError(`At most ${MAX_FILES} files are read as one run, not ${files.length}.`);
  const cut = cutFromFlags(flags);
  const judge = judgeFromFlags(flags);
  const givenEjection = ejectionFromFlags(flags);
  const imports = importFromFlags(flags, judge);
  const eventLog = eventLogFromFlags(flags);
  if (files.includes(STDIN_FILE) && isatty(0)) {
    throw new UserError(
      "-: standard input is the terminal. Pipe a saved run in, e.g. 'weighbridge analyze - < run.arrow'.",
    );
  }
  refuseTwice(files);
  const outputs = openOutputs(flags, '');
  refuseOverwriting(files, outputs);
  const runs: SavedRun[] = [];
  for (const file of files) runs.push(await openRun(file, imports));
  refuseReadLabels(runs, flags);
  const first = runs[0] as SavedRun;
  const changes = first.imported === true ? {} : overrides(judge, first);
  const options: AnalyzeOptions = {
    ...(cut === null ? {} : { cut }),
    judge: changes,
    ...(eventLog === undefined ? {} : { eventLog }),
    ...(givenEjection === null ? {} : { ejection: rulesFrom(givenEjection, first, changes) }),
  };
  const result = await analyze(runs, options);
  const complaints = await writeReports(result, outputs, flags);
  for (const complaint of complaints) process.stderr.write(`weighbridge: ${complaint}\n`);
  // That the run was interrupted then is no interruption of this.
  return exitCode({ ...result, ended: 'completed' }, complaints.length > 0);
}

function cutFromFlags(flags: Flags): Cut | null {
  const time = (name: string): number | null => {
    const text = one(flags, name);
    return text === undefined ? null : parseDuration(text, `--${name}`);
  };
  const sinceMs = time('since');
  const untilMs = time('until');
  if (untilMs !== null && untilMs <= (sinceMs ?? 0)) {
    throw new UserError(
      `--until: nothing lies before ${one(flags, 'until')}${sinceMs === null ? '' : ` and after --since ${one(flags, 'since')}`}.`,
    );
  }
  const where = parseWhere(many(flags, 'where'));
  return sinceMs === null && untilMs === null && Object.keys(where).length === 0
    ? null
    : { sinceMs, untilMs, where };
}

/** What the options say of the verdict; undefined where they say nothing. */
interface GivenJudge {
  readonly expected: readonly ExpectedVersion[] | undefined;
  readonly map: readonly string[];
  readonly tolerance: number | undefined;
  readonly confidence: number | undefined;
}

function judgeFromFlags(flags: Flags): GivenJudge {
  const texts = many(flags, 'expect');
  return {
    expected: texts.length > 0 ? parseExpect(texts) : undefined,
    map: many(flags, 'map'),
    tolerance: toleranceFromFlags(flags),
    confidence: confidenceFromFlags(flags),
  };
}

function importFromFlags(flags: Flags, judge: GivenJudge): ImportOptions {
  const source = (name: string) => {
    const text = one(flags, name);
    return text === undefined ? null : parseLabelSource(text, `--${name}`);
  };
  return {
    version: source('version-from'),
    endpoint: source('endpoint-from'),
    bodyLimitBytes: bodyLimitFromFlags(flags) ?? DEFAULT_BODY_LIMIT,
    judge: {
      expected: judge.expected === undefined ? null : mapped(judge.expected, judge.map),
      tolerance: judge.tolerance ?? DEFAULT_TOLERANCE,
      confidence: judge.confidence ?? DEFAULT_CONFIDENCE,
    },
  };
}

/** What differs from how the run was to be judged. Labels are in the file as they were read, so all of it can. */
function overrides(
  { expected, map, tolerance, confidence }: GivenJudge,
  { plan }: SavedRun,
): Partial<JudgePlan> {
  const named = expected ?? plan.judge.expected;
  if (named === null && map.length > 0) {
    throw new UserError('--map says what stands for an expected version: give --expect too.');
  }
  return {
    ...(expected === undefined && map.length === 0 ? {} : { expected: mapped(named ?? [], map) }),
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

function mapped(expected: readonly ExpectedVersion[], map: readonly string[]): readonly ExpectedVersion[] {
  return map.length === 0 ? expected : applyMap(expected, map);
}

function refuseReadLabels(runs: readonly SavedRun[], flags: Flags): void {
  const saved = runs.find((run) => run.imported !== true);
  const flag = ['version-from', 'endpoint-from', 'body-limit'].find((name) => flags[name] !== undefined);
  if (saved === undefined || flag === undefined) return;
  throw new UserError(
    `--${flag}: ${saved.file} holds the labels that were read when the run was made, not the responses: they cannot ` +
      'be read otherwise now. --map says what a label stands for.',
  );
}

function refuseTwice(files: readonly string[]): void {
  files.forEach((file, i) => {
    const first = files.slice(0, i).find((other) => other === file || isSameFile(other, file));
    if (first === undefined) return;
    const names = first === file ? `${file} is there twice` : `${first} and ${file} are the same file`;
    throw new UserError(`${names}: its requests would be counted twice.`);
  });
}

/** A report must not take the place of the run that it is about. */
function refuseOverwriting(files: readonly string[], outputs: readonly Output[]): void {
  for (const { flag, file } of outputs) {
    const input = file === '-' ? undefined : files.find((one) => isSameFile(one, file));
    if (input !== undefined)
      throw new UserError(`--${flag}: ${file} is what is to be analyzed. Give another name.`);
  }
}
