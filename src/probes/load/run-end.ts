/** What is known at the end of a load, from all workers together. */
import type { GatewayObservations } from '../../blocks/gateway-observations.js';
import { mergeCounters } from '../../blocks/run-counters.js';
import { LABELS_BOUNDED, type RunEnd, type RunEnding, type Settling } from '../../blocks/run-record.js';
import type { Note } from '../../plan/plan.js';
import type { Mask } from '../../plan/target/secrets.js';
import { count, counted } from '../../text/numbers.js';
import type { FleetResult } from './fleet.js';
import { MAX_REQUESTS_PER_RUN } from './schedule.js';

/** Adjustments of the wall clock below this, µs, are normal (NTP) and get no note. */
const CLOCK_STEP_US = 50_000;

const REQUESTS_BOUNDED: Note = {
  code: 'requests-bounded',
  text: `A run has at most ${count(MAX_REQUESTS_PER_RUN)} requests: this one ended there.`,
};

/**
 * Sums up what the workers reported at their end.
 *
 * @param ending how the run ended: an error if it broke off
 * @param settle how waiting for the route went (--settle); null if there was no waiting
 * @param gateway what the gateway reported itself; null if it was not asked
 * @param mask hides the secrets of the requests in error messages
 */
export function runEnd(
  fleet: FleetResult,
  ending: Exclude<RunEnding, 'failed'> | Error,
  settle: Settling | null,
  gateway: GatewayObservations | null,
  mask: Mask,
): RunEnd {
  const { summaries, threads } = fleet;
  const scheduled = fleet.scheduled.measured;
  const end: RunEnd = {
    ended: typeof ending === 'string' ? ending : 'failed',
    scheduled,
    threads,
    // What a thread counted died with it.
    counters: summaries.length === threads ? mergeCounters(summaries) : { connectionsOpened: null },
    clockStepUs: fleet.clockStepUs,
    generator: fleet.use,
    settle,
    gateway,
    notes: [...fleetNotes(fleet, mask), ...(scheduled >= MAX_REQUESTS_PER_RUN ? [REQUESTS_BOUNDED] : [])],
  };
  return typeof ending === 'string' ? end : failedEnd(end, ending);
}

/** The end of a run that broke off by an error. */
export function failedEnd(end: RunEnd, error: Error): RunEnd {
  const text =
    `The run broke off: ${error.message}. The figures are of what was measured up to then. Requests whose results were lost ` +
    'count as unfinished.';
  return { ...end, ended: 'failed', notes: [{ code: 'run-failed', text }, ...end.notes] };
}

function fleetNotes(fleet: FleetResult, mask: Mask): Note[] {
  const notes: Note[] = [];
  const samples: Record<string, string> = Object.assign(
    {},
    ...fleet.summaries.map(({ errorSamples }) => errorSamples),
  );
  for (const [kind, message] of Object.entries(samples)) {
    notes.push({ code: 'failure-sample', text: `A request that failed as '${kind}' said: ${mask(message)}` });
  }
  const limits = fleet.summaries.flatMap(({ streamLimit }) => (streamLimit === null ? [] : [streamLimit]));
  if (limits.length > 0) {
    notes.push({
      code: 'streams-limited',
      text:
        `The gateway allows ${Math.min(...limits)} streams on a connection (SETTINGS_MAX_CONCURRENT_STREAMS), fewer ` +
        'than --streams: no more were under way on one. More connections (-c) take more.',
    });
  }
  const unreported = fleet.threads - fleet.summaries.length;
  if (unreported > 0 && fleet.failure === null) {
    notes.push({
      code: 'threads-ended',
      text:
        `${counted(unreported, 'thread')} did not stop in time and ${unreported === 1 ? 'was' : 'were'} ended: requests whose ` +
        'results were lost count as unfinished.',
    });
  }
  if (fleet.labelsOverflowed) {
    notes.push(LABELS_BOUNDED);
  }
  if (Math.abs(fleet.clockStepUs) > CLOCK_STEP_US) {
    notes.push({
      code: 'clock-step',
      text:
        `This machine's clock was moved by ${Math.round(fleet.clockStepUs / 1000)} ms during the run. Times in the ` +
        'report are by a clock that does not step; only startedAt is by the one that was moved.',
    });
  }
  return notes;
}
