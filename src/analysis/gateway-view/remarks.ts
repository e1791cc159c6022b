/** Remarks on the gateway's view as a whole: its clock, where it may be incomplete, and what was left out. */

import { secondsOf } from '../../text/durations.js';
import { counted } from '../../text/numbers.js';
import type { EjectionWindow } from '../ejections/result.js';
import type { Offset } from './clock-offset.js';
import type { ClusterMeans } from './cluster-versions.js';
import type { ReportedEjection } from './reported-ejection.js';

/**
 * On the offset of the event log's clock; none if it is 0.
 *
 * @param logged ejections of the log during the run
 */
export function offsetRemarks(
  offset: Offset | null,
  windows: readonly EjectionWindow[],
  logged: readonly ReportedEjection[],
): string[] {
  if (offset === null) {
    if (logged.length === 0) return [];
    const why =
      windows.length === 0 ? 'the client saw no absence' : 'too few of its ejections fit what the client saw';
    return [
      `The offset of the event log's clock is not known, since ${why}: its times are used as they are.`,
    ];
  }
  const { estimate, bounds } = offset;
  if (estimate === 0) return [];
  return [
    `The event log's clock is about ${wholeMs(Math.abs(estimate))} ${estimate > 0 ? 'ahead of' : 'behind'} this machine's (between ` +
      `${wholeMs(bounds[0])} and ${wholeMs(bounds[1])}); its times were corrected by this offset.`,
  ];
}

/** On a log that may lack its last lines. */
export function incompleteRemarks(unknownAfterMs: number | null): string[] {
  if (unknownAfterMs === null) return [];
  return [
    `After ${secondsOf(unknownAfterMs)} s the event log may lack lines: by default Envoy writes them up to 10 s late.`,
  ];
}

/** On ejections in clusters that do not belong to the run. */
export function foreignRemarks(
  reported: readonly ReportedEjection[],
  means: ReadonlyMap<string, ClusterMeans>,
): string[] {
  const foreign = reported.filter(({ cluster }) => means.get(cluster)?.kind === 'foreign');
  const clusters = [...new Set(foreign.map(({ cluster }) => cluster))];
  const [first] = clusters;
  if (first === undefined) return [];
  const others = clusters.length === 1 ? '' : ` and ${counted(clusters.length - 1, 'other cluster')}`;
  return [
    `${counted(foreign.length, 'ejection')} in ${first}${others} left out: by their names they do not belong to the versions of this run.`,
  ];
}

function wholeMs(value: number): string {
  return `${Math.round(value)} ms`;
}
