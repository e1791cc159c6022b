/** Notes on the load: requests that were not sent or unfinished, and lateness. */
import { counted } from '../../text/numbers.js';
import { type NoteMaker, note } from './note-maker.js';

/** Lateness from which the generator, not the gateway, may be what was measured: at most. */
const LATE_MAX_US = 50_000;
/** The same, of its p99 or, where that is not known, its mean: more than this part of the p50 of latency. */
const LATE_PART = 0.1;

export const LOAD_NOTES: readonly NoteMaker[] = [
  function cutOff({ requests, ended }) {
    if (requests.cutOff === 0) return [];
    const text =
      ended === 'completed'
        ? 'due and found no free connection before the end: never sent. More connections (-c) or a lower rate (-q) ' +
          'avoid it.'
        : `unfinished when the run ${ended === 'failed' ? 'broke off: with a lost result,' : 'was stopped:'} ` +
          'in flight, or due and not yet sent. A slow version loses more of those in flight.';
    return [note('cut-off', `${counted(requests.cutOff, 'request')} ${were(requests.cutOff)} ${text}`)];
  },
  function generatorLate({ load, overall }) {
    const { lateness } = load;
    if (lateness === null) return [];
    const { generatorMaxUs, generatorMeanUs, percentilesUs } = lateness;
    // Of few requests a p99 would be the longest under another name.
    const p99 = percentilesUs?.['99'] ?? null;
    const p50 = overall.latencyUs.percentiles['50'] ?? null;
    if (generatorMaxUs < LATE_MAX_US && (p50 === null || (p99 ?? generatorMeanUs) <= p50 * LATE_PART))
      return [];
    return [
      note(
        'generator-late',
        'This machine, not the gateway, was late: with a free connection at hand, requests went out after their due times by ' +
          `${usAsMs(generatorMeanUs)} on average, ${p99 === null ? '' : `${usAsMs(p99)} in p99, `}` +
          `${usAsMs(generatorMaxUs)} at most${p50 === null ? '' : `, while the p50 of latency is ${usAsMs(p50)}`}. ` +
          'Latencies from the due time include it; those from sending (serviceTimeUs) do not. A machine with less other work, ' +
          'more cores, more --threads or a lower rate make it less.',
      ),
    ];
  },
  function waitedForConnection({ load }) {
    const { waited, waitMaxUs } = load.lateness ?? { waited: 0, waitMaxUs: 0 };
    if (waitMaxUs < LATE_MAX_US) return [];
    return [
      note(
        'waited-for-connection',
        `${counted(waited, 'request')} waited for up to ${usAsMs(waitMaxUs)} after the due time because all ${load.streams === 1 ? counted(load.connections, 'connection') : counted(load.maxInFlight ?? 0, 'stream')} were ` +
          'busy: response times from the due time include it.',
      ),
    ];
  },
  function longTail({ durationMs, load, ended }) {
    const planned = load.plannedDurationMs;
    if (planned === null || ended !== 'completed' || durationMs <= planned * 1.1) return [];
    return [
      note(
        'long-tail',
        `Sending ended after ${usAsMs(planned * 1000)}, the last request ${usAsMs((durationMs - planned) * 1000)} later: the ` +
          'rate shown is over all of that time.',
      ),
    ];
  },
];

function were(n: number): string {
  return n === 1 ? 'was' : 'were';
}

function usAsMs(us: number): string {
  return `${Number((us / 1000).toPrecision(3))} ms`;
}
