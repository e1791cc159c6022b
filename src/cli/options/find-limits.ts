/** The options of `weighbridge limits`, in the order of its help. */

import type { AfterRefusal, LimitsResult, SearchKind } from '../../analysis/limits/result.js';
import { UserError } from '../../errors.js';
import type { LimitsOptions } from '../../limits-options.js';
import {
  DEFAULT_KNEE_TOLERANCE,
  DEFAULT_MAX_TIME_MS,
  DEFAULT_REFUSAL_THRESHOLD,
} from '../../plan/defaults.js';
import type { LimitOptions } from '../../plan/plan-with-limits.js';
import { CONNECTIONS, MAX_RATE_PER_SECOND } from '../../plan/ranges.js';
import { parsePercent, parsePositiveDuration, parsePositiveNumber } from '../../plan/units.js';
import { LIMITS_REPORTS } from '../../report/index.js';
import { type Input, inputsIn } from '../outputs/inputs.js';
import { parseExpectKnee } from './expect-knee.js';
import { type Flags, inGroups, pick, read, readList, value } from './flags.js';
import { parseGateway } from './gateway.js';
import { givenCommand } from './given-command.js';
import { LIMIT_FLAGS, parseLimits } from './limits.js';
import { seconds, within } from './load.js';
import { type OutputOptions, parseOutput, reportFlags } from './output.js';
import { parsePlan, RUN_FLAGS } from './run.js';
import { TARGET_FLAGS } from './target.js';
import { parsePreflight, VERSION_FLAGS } from './version.js';

const SEARCH_FLAGS = {
  search: value(
    'what is raised: connections (closed loop), or rate (open loop: requests due at fixed times)',
    { defaultDescription: 'connections', sets: 'search', common: true },
  ),
  'max-connections': value('largest number of connections; by rate: they bound the requests in flight', {
    defaultDescription: 'four times the predicted knee; 1000 without a prediction',
    sets: ['maxConnections', 'load.connections', 'load.maxInFlight'],
    common: true,
  }),
  'max-rate': value('search by rate: the largest rate, requests per second', {
    defaultDescription: '10000',
    sets: 'maxRatePerSecond',
  }),
  'max-time': value('no step begins after this time', {
    defaultDescription: seconds(DEFAULT_MAX_TIME_MS),
    sets: 'maxTimeMs',
    common: true,
  }),
  steps: value('exactly these connections (or rates), such as 50,100,200, in place of a search', {
    sets: 'steps',
    common: true,
  }),
  'refusal-threshold': value(
    'a step is refused if its share of refusals is shown to be above this, in percent',
    { defaultDescription: `${DEFAULT_REFUSAL_THRESHOLD * 100}%`, sets: 'refusalThreshold' },
  ),
  'after-refusal': value(
    "wait: after a refusal a connection's next request leaves one median accepted time later; hammer: at once",
    { defaultDescription: 'wait', sets: 'afterRefusal', common: true },
  ),
  'envoy-admin': value(
    "URL of Envoy's admin interface, e.g. http://localhost:15000, whose counters tell which limit refused; may be repeated, once for each replica",
    { sets: 'gateway.admins', common: true },
  ),
};

/** A search draws no arrivals. */
const SEED = { ...RUN_FLAGS.seed, describe: 'seed of values such as {{uuid}}' };

const EXPECT_FLAGS = {
  'expect-knee': value(
    "what the verdict asks of the knee: '>=300', '<=300' or 300 (default: the prediction, if there is one)",
    { sets: 'expectKnee', common: true },
  ),
  'knee-tolerance': value('how far the knee may be from what is expected, in percent of it', {
    defaultDescription: `${DEFAULT_KNEE_TOLERANCE * 100}%`,
    sets: 'kneeTolerance',
  }),
};

export const FIND_LIMITS_FLAGS = {
  ...pick(RUN_FLAGS, ['manifest', 'rule', 'expect', 'map', 'istio']),
  ...inGroups({
    'What to expect:': { ...EXPECT_FLAGS, ...LIMIT_FLAGS },
    'Search:': SEARCH_FLAGS,
    'Target:': TARGET_FLAGS,
  }),
  ...pick(RUN_FLAGS, ['streams', 'timeout', 'threads', 'driver', 'requests-per-connection', 'cookies']),
  seed: SEED,
  ...inGroups({ 'Which version:': VERSION_FLAGS }),
  ...inGroups({ 'Output:': reportFlags(LIMITS_REPORTS) }),
  ...pick(RUN_FLAGS, ['quiet', 'explain', 'no-color']),
};

export interface FindLimitsCommandOptions {
  /** The command line, without secrets. */
  readonly command: string;
  readonly plan: LimitOptions;
  readonly limits: LimitsOptions;
  /** Every file that is read. */
  readonly inputs: readonly Input[];
  readonly output: OutputOptions<LimitsResult>;
}

/**
 * @param url the URL on the command line, undefined when there is none
 * @throws UserError naming the flag
 */
export function parseFindLimits(url: string | undefined, flags: Flags): FindLimitsCommandOptions {
  // Of a run, --max-time is the time until its verdict.
  const { 'max-time': _maxTime, ...ofPlan } = flags;
  const plan = parsePlan(url, ofPlan);
  const operands = url === undefined ? [] : [url];
  const { gatewayReplicas, ...limits } = parseLimits(flags);
  const search = read(flags, 'search', oneOf<SearchKind>('connections', 'rate'));
  return {
    command: givenCommand(['limits', ...operands], flags, FIND_LIMITS_FLAGS, plan.secretHeaders),
    plan: { ...plan, ...limits },
    limits: {
      preflight: parsePreflight(flags),
      search,
      maxConnections: read(flags, 'max-connections', within(CONNECTIONS)),
      maxRatePerSecond: read(flags, 'max-rate', rate),
      maxTimeMs: read(flags, 'max-time', parsePositiveDuration),
      steps: readList(flags, 'steps', (items, flag) =>
        items.map((item) => (search === 'rate' ? rate(item, flag) : within(CONNECTIONS)(item, flag))),
      ),
      refusalThreshold: read(flags, 'refusal-threshold', parsePercent),
      afterRefusal: read(flags, 'after-refusal', oneOf<AfterRefusal>('wait', 'hammer')),
      expectKnee: read(flags, 'expect-knee', parseExpectKnee),
      kneeTolerance: read(flags, 'knee-tolerance', parsePercent),
      gatewayReplicas,
      admins: parseGateway(flags).admins,
    },
    inputs: inputsIn(FIND_LIMITS_FLAGS, flags),
    output: parseOutput(flags, LIMITS_REPORTS),
  };
}

function rate(text: string, flag: string): number {
  return parsePositiveNumber(text, flag, MAX_RATE_PER_SECOND);
}

function oneOf<T extends string>(...words: readonly [T, T]): (text: string, flag: string) => T {
  return (text, flag) => {
    const word = words.find((one) => one === text);
    if (word === undefined) throw new UserError(`${flag}: '${text}' is neither ${words[0]} nor ${words[1]}.`);
    return word;
  };
}
