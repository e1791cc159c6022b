/** The options of `weighbridge compare`. */
import type { CompareResult } from '../../analysis/compare/result.js';
import type { LatencyTolerance } from '../../analysis/compare/tolerances.js';
import type { CompareOptions } from '../../compare.js';
import {
  DEFAULT_CONFIDENCE,
  DEFAULT_ERROR_TOLERANCE,
  DEFAULT_KNEE_TOLERANCE,
  DEFAULT_LATENCY_TOLERANCE,
} from '../../plan/defaults.js';
import { parseConfidence, parsePercent, parsePositiveDuration } from '../../plan/units.js';
import { COMPARE_REPORTS } from '../../report/index.js';
import { type FlagSet, type Flags, inGroups, on, read, readList, toggle, value } from './flags.js';
import { givenCommand } from './given-command.js';
import { NO_COLOR, type OutputOptions, parseOutput, reportFlags } from './output.js';
import { parseTolerances } from './tolerance.js';

const COUNTS_FLAGS: FlagSet = {
  tolerance: value(
    'how far shares may differ: 2 (percentage points), 20% (of the share) or v2=1; a list, and may be repeated',
    { defaultDescription: "the first result's", sets: 'tolerance', common: true },
  ),
  'latency-tolerance': value(
    'how far percentiles of latency may differ: 10% of the first, or a time such as 5ms',
    {
      defaultDescription: `${DEFAULT_LATENCY_TOLERANCE * 100}%`,
      sets: 'latencyTolerance',
      common: true,
    },
  ),
  'error-tolerance': value('how far error rates may differ, in percentage points, such as 0.5%', {
    defaultDescription: `${DEFAULT_ERROR_TOLERANCE * 100}%`,
    sets: 'errorTolerance',
    common: true,
  }),
  'knee-tolerance': value('how far the knees of two searches for limits may differ, as 10% of the first', {
    defaultDescription: `${DEFAULT_KNEE_TOLERANCE * 100}%`,
    sets: 'kneeTolerance',
  }),
  confidence: value('confidence of all intervals together, in percent', {
    defaultDescription: String(DEFAULT_CONFIDENCE * 100),
    sets: 'confidence',
  }),
};

const GATE_FLAGS: FlagSet = {
  'fail-on-regression': toggle(
    'exit status 1 if a result is worse than the first, 3 if that cannot be told',
    {
      common: true,
    },
  ),
};

export const COMPARE_FLAGS: FlagSet = inGroups({
  'Which differences count:': COUNTS_FLAGS,
  'What follows:': GATE_FLAGS,
  'Output:': { ...reportFlags(COMPARE_REPORTS), quiet: toggle('no table'), ...NO_COLOR },
});

export interface CompareCommandOptions {
  /** The command line. */
  readonly command: string;
  /** The reference first. */
  readonly files: readonly string[];
  readonly compare: CompareOptions;
  readonly failOnRegression: boolean;
  readonly output: OutputOptions<CompareResult>;
}

/** @throws UserError naming the flag */
export function parseCompare(files: readonly string[], flags: Flags): CompareCommandOptions {
  return {
    command: givenCommand(['compare', ...files], flags, COMPARE_FLAGS),
    files,
    compare: {
      tolerance: readList(flags, 'tolerance', parseTolerances),
      latencyTolerance: read(flags, 'latency-tolerance', parseLatencyTolerance),
      errorTolerance: read(flags, 'error-tolerance', parsePercent),
      kneeTolerance: read(flags, 'knee-tolerance', parsePercent),
      confidence: read(flags, 'confidence', parseConfidence),
    },
    failOnRegression: on(flags, 'fail-on-regression'),
    output: parseOutput(flags, COMPARE_REPORTS),
  };
}

function parseLatencyTolerance(text: string, flag: string): LatencyTolerance {
  return text.trim().endsWith('%')
    ? { relative: parsePercent(text, flag) }
    : { ms: parsePositiveDuration(text, flag) };
}
