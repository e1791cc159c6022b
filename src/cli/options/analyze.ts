/** The options of `weighbridge analyze`, in the order of its help. */
import type { RunResult } from '../../analysis/result.js';
import type { EjectionOptions, JudgeOptions } from '../../plan/plan-options.js';
import { RUN_REPORTS } from '../../report/index.js';
import type { Cut } from '../../saved/cut/cut.js';
import { type Input, inputsIn } from '../outputs/inputs.js';
import { CUT_FLAGS, parseCut } from './cut.js';
import { EJECTION_FLAGS, parseEjections } from './ejections.js';
import { type Flag, type Flags, inGroups, pick } from './flags.js';
import { GATEWAY_FLAGS, parseGateway } from './gateway.js';
import { givenCommand } from './given-command.js';
import { JUDGE_FLAGS, parseJudge, RULE_FLAGS } from './judge.js';
import { EXPLAIN, NO_COLOR, type OutputOptions, parseOutput, QUIET, reportFlags, TIMES } from './output.js';
import { parseVersion, VERSION_FLAGS, type VersionOptions } from './version.js';

export const ANALYZE_FLAGS = inGroups({
  'Which requests:': CUT_FLAGS,
  'What to expect (default: as the run did):': {
    ...pick(JUDGE_FLAGS, ['expect', 'map']),
    ...Object.fromEntries(RULE_FLAGS.map((name) => [name, asTheRun(JUDGE_FLAGS[name])])),
  },
  'Ejections (default: the rule of the run):': {
    ...EJECTION_FLAGS,
    ...pick(GATEWAY_FLAGS, ['envoy-event-log']),
  },
  'Which version (for results of vegeta; a saved run has its labels):': pick(VERSION_FLAGS, [
    'version-from',
    'endpoint-from',
    'body-limit',
  ]),
  'Output:': {
    ...reportFlags(RUN_REPORTS),
    quiet: { ...QUIET.quiet, describe: 'no table' },
    ...TIMES,
    ...EXPLAIN,
    ...NO_COLOR,
  },
});

function asTheRun(flag: Flag): Flag {
  const { defaultDescription } = flag;
  const otherwise = defaultDescription === undefined ? '' : `, else ${defaultDescription}`;
  return { ...flag, defaultDescription: `the run's${otherwise}` };
}

export interface AnalyzeCommandOptions {
  /** The command line, without secrets. */
  readonly command: string;
  /** Saved runs, or results of vegeta; at least one. */
  readonly files: readonly string[];
  /** Every other file that is read. */
  readonly inputs: readonly Input[];
  readonly cut: Cut | undefined;
  readonly judge: JudgeOptions;
  readonly ejection: EjectionOptions | undefined;
  readonly eventLog: string | undefined;
  readonly version: VersionOptions;
  readonly output: OutputOptions<RunResult>;
}

/** @throws UserError naming the flag */
export function parseAnalyze(files: readonly string[], flags: Flags): AnalyzeCommandOptions {
  return {
    command: givenCommand(['analyze', ...files], flags, ANALYZE_FLAGS),
    files,
    inputs: inputsIn(ANALYZE_FLAGS, flags),
    cut: parseCut(flags),
    judge: parseJudge(flags),
    ejection: parseEjections(flags),
    eventLog: parseGateway(flags).eventLog,
    version: parseVersion(flags),
    output: parseOutput(flags, RUN_REPORTS),
  };
}
