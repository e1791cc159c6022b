/** All that is needed to do the run again. */
import type { LoadResult, RunResult } from '../../../analysis/result.js';
import { duration } from '../../../text/durations.js';
import { count, plain, rate } from '../../../text/numbers.js';
import { type Entry, targetEntries } from '../frame/configuration.js';
import { commandBlock } from '../frame/header.js';
import { definitions, type Section, section } from '../frame/section.js';

export function configurationSection(result: RunResult): Section {
  const { target, load, identifier, tool } = result;
  return section(
    'configuration',
    'Configuration',
    commandBlock(tool),
    definitions([
      ...targetEntries(target),
      ...(load.mode === 'unknown'
        ? [['Load', 'not known: another tool sent it'] as const]
        : loadEntries(load)),
      ['Version read from', identifier.version],
      ['Endpoint read from', identifier.endpoint],
      ...judgedEntries(result),
      ['Weighbridge', tool.version],
    ]),
  );
}

function loadEntries(load: LoadResult): Entry[] {
  const open = load.mode === 'open';
  return [
    ['Loop', open ? 'open' : 'closed'],
    ...(open
      ? ([
          ['Rate', rate(load.ratePerSecond ?? 0)],
          ['Arrival', load.arrival ?? 'not known'],
          ['At most in flight', load.maxInFlight === null ? 'no limit' : count(load.maxInFlight)],
        ] satisfies Entry[])
      : []),
    ['Connections', count(load.connections)],
    ['Streams on each', count(load.streams)],
    ['Threads', count(load.threads)],
    ['Until the verdict', load.untilVerdict ? 'yes' : 'no'],
    [
      load.untilVerdict ? 'At most requests' : 'Requests',
      load.requests === null ? 'as many as fit' : count(load.requests),
    ],
    [
      load.untilVerdict ? 'At most for' : 'Duration',
      load.plannedDurationMs === null ? 'as long as it takes' : duration(load.plannedDurationMs),
    ],
    ['Time-out', duration(load.timeoutMs)],
    [
      'Requests per connection',
      load.requestsPerConnection === null ? 'no limit' : count(load.requestsPerConnection),
    ],
    ['Cookies', load.cookies === 'off' ? 'not sent back' : 'sent back on each connection'],
    ['Driver', load.driver ?? 'not known'],
    ['Seed', String(load.seed)],
  ];
}

function judgedEntries({ split, errors }: RunResult): Entry[] {
  return [
    ...(split === null
      ? []
      : ([
          [
            'Judged',
            split.method === 'fixed' ? 'once, at the end' : 'at every look, until the verdict was known',
          ],
          [
            'Tolerance',
            split.tolerancePoints === null
              ? 'by version, see the split'
              : `± ${plain(split.tolerancePoints)} points`,
          ],
        ] satisfies Entry[])),
    ['Statuses that are errors', errors.statuses.join(', ')],
    ['Confidence of intervals', `${plain(errors.intervalConfidence * 100)} %`],
  ];
}
