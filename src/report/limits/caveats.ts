/** What figures depend on, each said once. */
import type { LimitsResult } from '../../analysis/limits/result.js';
import { inSeconds } from '../../text/durations.js';
import { paragraph } from '../layout/page.js';
import { LIMITS_CAVEAT } from '../terms.js';
import { firstRefusalOf } from './find-steps.js';
import type { Found } from './words.js';

/** Empty where there is neither a limit nor a refusal. */
export function caveatSection(result: LimitsResult, columns: number): string[] {
  return caveats(result).flatMap((text) => paragraph('', [text], 0, columns));
}

export function caveats({ limits, predicted }: LimitsResult): string[] {
  if (predicted === null && firstRefusalOf(limits) === null) return [];
  return [LIMITS_CAVEAT, ...afterRefusal(limits)];
}

/** By rate, requests leave when they are due, whatever became of others. */
function afterRefusal({ search, afterRefusal: what, afterRefusalMs, steps }: Found): string[] {
  if (search === 'rate' || steps.every(({ refused }) => refused === 0)) return [];
  if (what === 'hammer') {
    return [
      'After a refusal each connection sent its next request at once (--after-refusal hammer), so that refused shares are as high as ' +
        'with clients that do the same.',
    ];
  }
  if (afterRefusalMs === null) return [];
  return [
    `After a refusal each connection waited ${inSeconds(afterRefusalMs)}, the median time of an accepted request, before its next ` +
      'request (--after-refusal wait).',
  ];
}
