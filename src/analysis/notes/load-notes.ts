/** Notes on the load: requests that were not sent or unfinished, and lateness. */
import { counted } from '../../text/numbers.js';
import { type NoteMaker, note } from './note-maker.js';

/** Lateness from which the generator, not the gateway, may be what was measured. */
const LATE_MEAN_US = 1_000;
const LATE_MAX_US = 50_000;

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
  function generatorLate({ load }) {
    const { lateness } = load;
    if (lateness === null) return [];
    if (lateness.generatorMeanUs < LATE_MEAN_US && lateness.generatorMaxUs < LATE_MAX_US) return [];
    return [
      note(
        'generator-late',
        `This machine fell behind the schedule: ${counted(lateness.sentLate, 'request')} went out late, with a free ` +
          `connection at hand by ${usAsMs(lateness.generatorMeanUs)} on average and ${usAsMs(lateness.generatorMaxUs)} at ` +
          'most. Response times count from the due time and include it; a lower rate or more --threads avoid it.',
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
