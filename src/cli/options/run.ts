/** The options of `weighbridge run`, in the order of its help. */
import type { RunResult } from '../../analysis/result.js';
import type { PlanOptions } from '../../plan/plan-options.js';
import { RUN_REPORTS } from '../../report/index.js';
import { type Input, inputsIn } from '../outputs/inputs.js';
import { EJECTION_FLAGS, parseEjections } from './ejections.js';
import { type Flags, inGroups } from './flags.js';
import { GATEWAY_FLAGS, type GatewayOptions, parseGateway } from './gateway.js';
import { givenCommand } from './given-command.js';
import { ISTIO_FLAGS, parseIstio } from './istio.js';
import { JUDGE_FLAGS, parseJudge, parseManifests } from './judge.js';
import { LOAD_FLAGS, parseLoad, parseSettle } from './load.js';
import {
  EXPLAIN,
  LIVE_VIEW,
  NO_COLOR,
  type OutputOptions,
  parseOutput,
  QUIET,
  reportFlags,
  SAMPLE_FLAGS,
  TIMES,
} from './output.js';
import { parseTarget, TARGET_FLAGS } from './target.js';
import { parsePreflight, parseVersion, VERSION_FLAGS } from './version.js';

export const RUN_FLAGS = inGroups({
  'What to expect:': { ...JUDGE_FLAGS, ...ISTIO_FLAGS },
  'Target:': TARGET_FLAGS,
  'Load:': LOAD_FLAGS,
  'Which version:': VERSION_FLAGS,
  'Ejections:': { ...EJECTION_FLAGS, ...GATEWAY_FLAGS },
  'Output:': {
    ...reportFlags(RUN_REPORTS),
    ...SAMPLE_FLAGS,
    ...QUIET,
    ...LIVE_VIEW,
    ...TIMES,
    ...EXPLAIN,
    ...NO_COLOR,
  },
});

export interface RunCommandOptions {
  /** The command line, without secrets. */
  readonly command: string;
  readonly plan: PlanOptions;
  /** Every file that is read. */
  readonly inputs: readonly Input[];
  /** False: no request before the load. */
  readonly preflight: boolean;
  readonly settleMs: number | undefined;
  readonly gateway: GatewayOptions;
  readonly output: OutputOptions<RunResult>;
}

/**
 * @param url the URL on the command line, undefined when there is none
 * @throws UserError naming the flag
 */
export function parseRun(url: string | undefined, flags: Flags): RunCommandOptions {
  const plan = parsePlan(url, flags);
  const operands = url === undefined ? [] : [url];
  return {
    command: givenCommand(['run', ...operands], flags, RUN_FLAGS, plan.secretHeaders),
    plan,
    inputs: inputsIn(RUN_FLAGS, flags),
    preflight: parsePreflight(flags),
    settleMs: parseSettle(flags),
    gateway: parseGateway(flags),
    output: parseOutput(flags, RUN_REPORTS),
  };
}

/** The plan's options by the flags. Flags that the command does not have count as not given. */
export function parsePlan(url: string | undefined, flags: Flags): PlanOptions {
  return {
    ...parseTarget(url, flags),
    ...parseManifests(flags),
    ...parseJudge(flags),
    ...parseIstio(flags),
    ...parseVersion(flags),
    load: parseLoad(flags),
    ejection: parseEjections(flags),
  };
}
