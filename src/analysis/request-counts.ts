/** Every scheduled request in one place. */
import { PHASE } from '../blocks/sample-block.js';
import type { Counts } from './counts.js';
import type { RequestCounts } from './result.js';

/**
 * @param phases requests by PHASE
 * @throws Error when the counts do not account for the `scheduled` requests: an error of this program
 */
export function requestCounts(counts: Counts, phases: Float64Array, scheduled: number): RequestCounts {
  const { attributed, unattributed } = counts;
  const failed = counts.ofClass('failed');
  const cutOff = counts.ofClass('cutOff');
  const seen = attributed + unattributed + failed + cutOff;
  if (seen !== scheduled) {
    throw new Error(
      `accounting: ${scheduled} requests were scheduled, but ${attributed} attributed + ${unattributed} ` +
        `unattributed + ${failed} failed + ${cutOff} cut off = ${seen}`,
    );
  }
  const phase = (code: number) => phases[code] as number;
  return {
    scheduled,
    attributed,
    unattributed,
    failed,
    cutOff,
    preflight: phase(PHASE.preflight),
    settle: phase(PHASE.settle),
    warmup: phase(PHASE.warmup),
  };
}
