/** The options for the rule that ejections are compared with. */
import { UserError } from '../../errors.js';
import type { EjectionOptions } from '../../plan/plan-options.js';
import { ENVOY_OUTLIER_DEFAULTS } from '../../plan/policy/envoy-defaults.js';
import { FAILURES_IN_A_ROW, PERCENT } from '../../plan/ranges.js';
import { parseCount, parsePositiveDuration } from '../../plan/units.js';
import { type Flags, one, read, value } from './flags.js';
import { seconds, within } from './load.js';

const otherwise = (value: string | number) => `the manifests', else ${value}`;

export const EJECTION_FLAGS = {
  'eject-after': value(
    'compare ejections with this rule: consecutive 5xx that eject an endpoint (0: none do)',
    {
      defaultDescription: otherwise(ENVOY_OUTLIER_DEFAULTS.consecutive5xx),
      sets: 'ejection.after',
    },
  ),
  'eject-base': value(
    'how long the first ejection of an endpoint lasts; the nth in a row lasts n times that',
    {
      defaultDescription: otherwise(seconds(ENVOY_OUTLIER_DEFAULTS.baseEjectionTimeMs)),
      sets: 'ejection.baseMs',
    },
  ),
  'eject-interval': value('how often the gateway puts endpoints back', {
    defaultDescription: otherwise(seconds(ENVOY_OUTLIER_DEFAULTS.intervalMs)),
    sets: 'ejection.intervalMs',
  }),
  'eject-max': value("how many of a version's endpoints may be out at once, in percent", {
    defaultDescription: otherwise(ENVOY_OUTLIER_DEFAULTS.maxEjectionPercent),
    sets: 'ejection.maxPercent',
  }),
};

/**
 * @returns undefined if no flag is given
 * @throws UserError naming the flag
 */
export function parseEjections(flags: Flags): EjectionOptions | undefined {
  const names = Object.keys(EJECTION_FLAGS).filter((name) => flags[name] !== undefined);
  if (names.length === 0) return undefined;
  return {
    after: read(flags, 'eject-after', within(FAILURES_IN_A_ROW)),
    baseMs: read(flags, 'eject-base', atLeastAMillisecond),
    intervalMs: read(flags, 'eject-interval', atLeastAMillisecond),
    maxPercent: read(flags, 'eject-max', (text, flag) =>
      parseCount(text.replace(/(?<!\s)\s*%\s*$/, ''), flag, PERCENT),
    ),
    source: names.map((name) => `--${name} ${one(flags, name)?.trim()}`).join(' '),
  };
}

/** As in manifests: gateways keep these times in whole milliseconds. */
function atLeastAMillisecond(text: string, flag: string): number {
  const ms = parsePositiveDuration(text, flag);
  if (ms < 1) throw new UserError(`${flag}: '${text}' is shorter than 1ms.`);
  return ms;
}
