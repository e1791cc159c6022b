/** The options of `weighbridge plan`: those of `run` that say what is expected and how much is sent, and the power. */
import type { PlanningResult } from '../../analysis/planning/result.js';
import type { PlanOptions } from '../../plan/plan-options.js';
import { parseConfidence } from '../../plan/units.js';
import { PLAN_REPORTS } from '../../report/index.js';
import { type Input, inputsIn } from '../outputs/inputs.js';
import { type FlagSet, type Flags, inGroups, pick, read, value } from './flags.js';
import { EXPLAIN, NO_COLOR, type OutputOptions, parseOutput, reportFlags } from './output.js';
import { parsePlan, RUN_FLAGS } from './run.js';

/** The chance with which a split that is kept passes. */
const DEFAULT_POWER = 0.9;

const POWER: FlagSet = {
  power: value('in how many of 100 runs a split that is kept should pass', {
    defaultDescription: String(DEFAULT_POWER * 100),
    common: true,
  }),
};

export const PLAN_FLAGS: FlagSet = {
  ...pick(RUN_FLAGS, ['manifest', 'rule', 'expect', 'tolerance', 'confidence']),
  ...inGroups({ 'What to expect:': POWER }),
  ...pick(RUN_FLAGS, [
    'only',
    'max-error-rate',
    'max-latency',
    'max-latency-ratio',
    'istio',
    'host',
    'http2',
    'method',
    'header',
    'secret',
    'requests',
    'duration',
    'until-verdict',
    'max-requests',
    'max-time',
    'connections',
    'streams',
    'rate',
    'max-in-flight',
    'eject-after',
    'eject-base',
    'eject-interval',
    'eject-max',
  ]),
  ...inGroups({ 'Output:': { ...reportFlags(PLAN_REPORTS), ...EXPLAIN, ...NO_COLOR } }),
};

export interface PlanCommandOptions {
  readonly plan: PlanOptions;
  /** A fraction. */
  readonly power: number;
  /** Every file that is read. */
  readonly inputs: readonly Input[];
  readonly output: OutputOptions<PlanningResult>;
}

/**
 * @param url the URL on the command line, undefined when there is none
 * @throws UserError naming the flag
 */
export function parsePlanCommand(url: string | undefined, flags: Flags): PlanCommandOptions {
  return {
    plan: parsePlan(url, flags),
    power: read(flags, 'power', parseConfidence) ?? DEFAULT_POWER,
    inputs: inputsIn(PLAN_FLAGS, flags),
    output: parseOutput(flags, PLAN_REPORTS),
  };
}
