/** The options about what to expect: manifests, weights, tolerance. */
import { UserError } from '../../errors.js';
import { CHECK_KINDS, type CheckKind } from '../../plan/check-kinds.js';
import {
  DEFAULT_CONFIDENCE,
  DEFAULT_ERROR_STATUSES,
  DEFAULT_MAX_ERROR_RATE,
  DEFAULT_TOLERANCE,
} from '../../plan/defaults.js';
import type { JudgeOptions, PlanOptions } from '../../plan/plan-options.js';
import { MAX_WEIGHT } from '../../plan/ranges.js';
import { parseConfidence, parsePercent } from '../../plan/units.js';
import { printable } from '../../text/printable.js';
import { parseErrorRates } from './error-rates.js';
import { type Flags, many, one, read, readList, value } from './flags.js';
import { parseLatencyLimits, parseLatencyRatios } from './latency-limits.js';
import { parseTolerances } from './tolerance.js';

const EXAMPLE = 'Write it as --expect v1=90,v2=10.';

export const JUDGE_FLAGS = {
  manifest: value(
    'manifests: a file, a folder, or - for standard input (as kubectl prints them); may be repeated',
    { alias: 'f', sets: 'manifests', reads: 'manifests', shown: '-f', common: true },
  ),
  rule: value('which rule of the manifests, by number or name; needed only if several could be meant', {
    sets: 'rule',
  }),
  expect: value('expected weights, e.g. v1=90,v2=10; overrides the manifests', {
    sets: 'expect',
    common: true,
  }),
  map: value(
    'which label stands for an expected version in responses, e.g. backend-v1=blue or podinfo-*=canary; may be repeated',
    {
      sets: 'map',
    },
  ),
  tolerance: value(
    'how far a share may be from its weight: 2 (percentage points), 20% (of the share) or v2=1; a list, and may be repeated',
    {
      defaultDescription: `${DEFAULT_TOLERANCE * 100}, at most half of the smallest share`,
      sets: 'tolerance',
      common: true,
    },
  ),
  confidence: value('confidence of the verdict, in percent', {
    defaultDescription: String(DEFAULT_CONFIDENCE * 100),
    sets: 'confidence',
  }),
  only: value(`which checks decide the verdict, such as split,errors: ${CHECK_KINDS.join(', ')}`, {
    defaultDescription: 'all',
    sets: 'only',
  }),
  'max-error-rate': value(
    'largest error rate of each version and of the whole run, such as 1%, v2=0.5% or off; a list, and may be repeated',
    {
      defaultDescription: `${DEFAULT_MAX_ERROR_RATE * 100}%, if versions are expected`,
      sets: 'maxErrorRate',
      common: true,
    },
  ),
  'max-error-increase': value(
    "by how much a version's error rate may exceed that of the version with most weight, such as 0.5% (points)",
    { sets: 'maxErrorIncrease' },
  ),
  'max-latency': value(
    'largest latency, such as p99=250ms, or v2:p99=250ms for one version; a list, and may be repeated',
    { sets: 'maxLatency' },
  ),
  'max-latency-ratio': value(
    'how many times that of the version with most weight a percentile may be, such as p99=1.2; a list, and may be repeated',
    { sets: 'maxLatencyRatio' },
  ),
  'error-status': value('which statuses are errors, such as 4xx,5xx or 429,5xx', {
    defaultDescription: DEFAULT_ERROR_STATUSES.join(','),
    sets: 'errorStatuses',
  }),
};

/** The flags that say what decides, besides the expected weights: `analyze` takes them too. */
export const RULE_FLAGS = [
  'tolerance',
  'confidence',
  'only',
  'max-error-rate',
  'max-error-increase',
  'max-latency',
  'max-latency-ratio',
  'error-status',
] as const;

/** @throws UserError naming the flag */
export function parseJudge(flags: Flags): JudgeOptions {
  const expect = many(flags, 'expect');
  const map = many(flags, 'map');
  return {
    expect: expect.length === 0 ? undefined : parseWeights(expect),
    map: map.length === 0 ? undefined : parseMap(map),
    tolerance: readList(flags, 'tolerance', parseTolerances),
    confidence: read(flags, 'confidence', parseConfidence),
    // What is no kind of check is refused by the library's own check.
    only: readList(flags, 'only', (items) => items as CheckKind[]),
    maxErrorRate: readList(flags, 'max-error-rate', parseErrorRates),
    maxErrorIncrease: read(flags, 'max-error-increase', parsePercent),
    maxLatency: readList(flags, 'max-latency', parseLatencyLimits),
    maxLatencyRatio: readList(flags, 'max-latency-ratio', parseLatencyRatios),
    errorStatuses: readList(flags, 'error-status', (items) => items),
  };
}

/** @throws UserError naming the flag */
export function parseManifests(flags: Flags): Pick<PlanOptions, 'manifests' | 'rule'> {
  return { manifests: many(flags, 'manifest'), rule: one(flags, 'rule') };
}

/**
 * Reads `--expect v1=90,v2=10`.
 *
 * @param values one text per flag; their lists are joined
 * @throws UserError naming --expect
 */
export function parseWeights(values: readonly string[]): Map<string, number> {
  const weights = new Map<string, number>();
  for (const item of values.flatMap((text) => text.split(','))) {
    const at = item.lastIndexOf('=');
    const name = item.slice(0, Math.max(0, at)).trim();
    const number = item.slice(at + 1).trim();
    const shown = printable(item.trim());
    if (item.trim() === '') throw new UserError(`--expect: a version is missing. ${EXAMPLE}`);
    if (at < 0) throw new UserError(`--expect: '${shown}' has no weight. ${EXAMPLE}`);
    if (name === '') throw new UserError(`--expect: '${shown}' names no version. ${EXAMPLE}`);
    if (!/^\d+(\.\d+)?$/.test(number) || Number(number) > MAX_WEIGHT) {
      throw new UserError(
        `--expect: the weight in '${shown}' is not a number from 0 to ${MAX_WEIGHT}. ${EXAMPLE}`,
      );
    }
    if (weights.has(name)) throw new UserError(`--expect: '${printable(name)}' is given twice. ${EXAMPLE}`);
    weights.set(name, Number(number));
  }
  return weights;
}

/**
 * Reads `--map NAME=LABEL`.
 *
 * @param values one text per flag; a version may have several labels
 * @throws UserError naming --map
 */
export function parseMap(values: readonly string[]): Map<string, string[]> {
  const labels = new Map<string, string[]>();
  for (const text of values) {
    const at = text.indexOf('=');
    const [name, label] = [text.slice(0, Math.max(0, at)).trim(), text.slice(at + 1).trim()];
    if (at < 0 || name === '' || label === '') {
      throw new UserError(
        `--map: '${printable(text)}' is not NAME=LABEL. Write it as --map backend-v1=blue.`,
      );
    }
    labels.set(name, [...(labels.get(name) ?? []), label]);
  }
  return labels;
}
