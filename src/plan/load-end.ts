/** How a run ends: after a number of requests or a time, or when its verdict is known. */
import { contradiction, OptionError } from '../errors.js';
import { DEFAULT_MAX_TIME_MS } from './defaults.js';
import type { LoadPlan } from './plan.js';
import type { LoadOptions } from './plan-options.js';

/** Options of a run of a fixed size, and of one that ends with its verdict. */
const FIXED_KEYS = ['requests', 'durationMs'] as const;
const VERDICT_KEYS = ['untilVerdict', 'maxRequests', 'maxTimeMs'] as const;

/**
 * The load, which ends with the verdict if that is asked for, or if there is one to wait for and nothing else is asked for.
 *
 * @param options those that the load was made from
 * @param judged shares, errors or latency are judged by what is expected
 * @throws OptionError naming an option that waits for a verdict where there is none
 */
export function endedByVerdict(load: LoadPlan, options: LoadOptions, judged: boolean): LoadPlan {
  const asked = VERDICT_KEYS.find((key) => options[key] !== undefined);
  if (asked !== undefined && !judged) {
    throw new OptionError(
      (name) =>
        `${name(`load.${asked}`)}: there is no verdict to wait for. Give weights with ${name('expect')} or ${name('manifests')}.`,
    );
  }
  const fixed = FIXED_KEYS.some((key) => options[key] !== undefined);
  if (!judged || fixed || load.untilVerdict) return load;
  return { ...load, untilVerdict: true, requests: null, durationMs: DEFAULT_MAX_TIME_MS };
}

/**
 * Whether an option asks for a run that ends with its verdict.
 *
 * @throws OptionError naming options that do not go together
 */
export function endsWithVerdict(options: LoadOptions): boolean {
  const fixed = FIXED_KEYS.find((key) => options[key] !== undefined);
  const asked = VERDICT_KEYS.find((key) => options[key] !== undefined);
  if (asked === undefined) return false;
  if (fixed !== undefined) {
    throw contradiction(
      `load.${asked}`,
      `load.${fixed}`,
      'the first is for a run that ends when its verdict is known',
    );
  }
  return true;
}
