/** Error counts as rates, with their intervals. */
import type { ErrorCounts } from '../slot-counts.js';
import type { Rate } from '../stats/rate-limit.js';
import type { ShareTest } from '../stats/share-test.js';

/** Errors among requests. */
export function rateOf({ errors, requests }: ErrorCounts): Rate {
  return { events: errors, trials: requests };
}

/** Bounds at `alpha` each; null without requests. */
export function intervalOf(
  { events, trials }: Rate,
  alpha: number,
  test: ShareTest,
): [lo: number, hi: number] | null {
  return trials === 0 ? null : [test.lower(events, trials, alpha), test.upper(events, trials, alpha)];
}

/** Null where one of them has no request. */
export function differenceOf(rate: Rate, base: Rate): number | null {
  return rate.trials === 0 || base.trials === 0
    ? null
    : rate.events / rate.trials - base.events / base.trials;
}
