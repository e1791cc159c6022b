/** Terms that several reports share. */
import type { RunResult } from '../analysis/result.js';

/** Responses in which no version could be read (`unattributed` in JSON and CSV). */
export const VERSION_UNKNOWN = 'version unknown';
/** The same where a table has little room. */
export const VERSION_UNKNOWN_SHORT = 'ver. unknown';
/** Requests without an outcome: in flight, or due and not yet sent (`cutOff` in JSON). */
export const UNFINISHED = 'unfinished';

/** On the limits of circuit breakers. */
export const LIMITS_CAVEAT =
  'Each replica of the gateway has the limits for itself. That on connections is soft: each worker thread may open one to each endpoint.';

/**
 * Term for the requests that `requests.cutOff` counts. In a run that was not stopped they were due and never sent,
 * because no connection was free until the end. In a stopped run some of them were in flight, and the result does
 * not say how many.
 */
export function unfinishedTerm({ ended }: Pick<RunResult, 'ended'>): string {
  return ended === 'completed' ? 'not sent' : UNFINISHED;
}
