/** All that is needed to do the search again. */
import type { LimitsResult } from '../../../analysis/limits/result.js';
import { count } from '../../../text/numbers.js';
import { targetEntries } from '../frame/configuration.js';
import { commandBlock } from '../frame/header.js';
import { definitions, type Section, section } from '../frame/section.js';

export function configurationSection({ target, limits, predicted, tool }: LimitsResult): Section {
  return section(
    'configuration',
    'Configuration',
    commandBlock(tool),
    definitions([
      ...targetEntries(target),
      ['Search by', limits.search === 'rate' ? 'rate' : 'connections'],
      ['Streams on each', count(limits.streams)],
      ['After a refusal', limits.afterRefusal],
      ...(predicted === null ? [] : [['Replicas of the gateway', count(predicted.gatewayReplicas)] as const]),
      ['Weighbridge', tool.version],
    ]),
  );
}
