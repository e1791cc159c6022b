/** The options `versionFrom`, `endpointFrom` and `bodyLimitBytes`. */
import { DEFAULT_BODY_LIMIT_BYTES } from './defaults.js';
import { describeLabelSource, parseLabelSource } from './labels/label-source.js';
import type { IdentifyPlan, LabelSource } from './plan.js';
import type { PlanOptions } from './plan-options.js';
import { BODY_LIMIT_BYTES, checkCount } from './ranges.js';

/**
 * The options about version and endpoint with their defaults; a source that is not given is `none`.
 *
 * @throws OptionError naming the option that is wrong
 */
export function makeIdentify({
  versionFrom,
  endpointFrom,
  bodyLimitBytes,
}: Pick<PlanOptions, 'versionFrom' | 'endpointFrom' | 'bodyLimitBytes'>): IdentifyPlan {
  return {
    version: labelSource(versionFrom, 'versionFrom'),
    endpoint: labelSource(endpointFrom, 'endpointFrom'),
    bodyLimitBytes: checkCount(
      bodyLimitBytes ?? DEFAULT_BODY_LIMIT_BYTES,
      'bodyLimitBytes',
      BODY_LIMIT_BYTES,
    ),
    candidates: [],
    upstreamTimeStamped: false,
  };
}

function labelSource(given: string | LabelSource | undefined, option: string): LabelSource {
  if (given === undefined) return { from: 'none' };
  return parseLabelSource(typeof given === 'string' ? given : describeLabelSource(given), option);
}
