/** The options of `weighbridge identify`: those of `run` that are about the one request. */
import type { PlanOptions } from '../../plan/plan-options.js';
import type { IdentifyResult } from '../../probes/preflight/identify-result.js';
import { IDENTIFY_REPORTS } from '../../report/index.js';
import { type Input, inputsIn } from '../outputs/inputs.js';
import { type FlagSet, type Flags, inGroups, pick } from './flags.js';
import { NO_COLOR, type OutputOptions, parseOutput, reportFlags } from './output.js';
import { parsePlan, RUN_FLAGS } from './run.js';

export const IDENTIFY_FLAGS: FlagSet = {
  ...pick(RUN_FLAGS, [
    'manifest',
    'rule',
    'expect',
    'map',
    'host',
    'sni',
    'resolve',
    'connect-to',
    'unix-socket',
    'method',
    'header',
    'header-env',
    'secret',
    'data',
    'cacert',
    'cert',
    'key',
    'insecure',
    'http2',
    'timeout',
    'body-limit',
  ]),
  ...inGroups({ 'Output:': { ...reportFlags(IDENTIFY_REPORTS), ...NO_COLOR } }),
};

export interface IdentifyCommandOptions {
  readonly plan: PlanOptions;
  /** Every file that is read. */
  readonly inputs: readonly Input[];
  readonly output: OutputOptions<IdentifyResult>;
}

/**
 * @param url the URL on the command line, undefined when there is none
 * @throws UserError naming the flag
 */
export function parseIdentify(url: string | undefined, flags: Flags): IdentifyCommandOptions {
  return {
    plan: parsePlan(url, flags),
    inputs: inputsIn(IDENTIFY_FLAGS, flags),
    output: parseOutput(flags, IDENTIFY_REPORTS),
  };
}
