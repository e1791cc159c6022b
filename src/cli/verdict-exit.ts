/** The exit status of what has a verdict. */

import type { RunEnding, RunResult, Verdict } from '../analysis/result.js';
import { OUTCOMES } from '../blocks/outcome.js';
import { EXIT_CODES, type ExitName } from '../exit-codes.js';

/** What decides it. */
export interface Ended {
  readonly ended: RunEnding;
  readonly verdict: Verdict | null;
  /** The gateway did not answer. */
  readonly isUnreachable: boolean;
  /** An output could not be written. */
  readonly outputsFailed: boolean;
}

/** If several apply, the first of: internal error, interrupted, unreachable, fail, output not written, inconclusive, pass. */
export function exitCodeOf(end: Ended): number {
  return EXIT_CODES[exitName(end)].code;
}

function exitName({ ended, verdict, isUnreachable, outputsFailed }: Ended): ExitName {
  if (ended === 'failed') return 'internalError';
  if (ended === 'interrupted' || ended === 'terminated') return ended;
  if (isUnreachable) return 'unreachable';
  if (verdict === 'fail') return 'fail';
  if (outputsFailed) return 'outputFailed';
  return verdict === 'inconclusive' ? 'inconclusive' : 'pass';
}

/**
 * The exit status of a run.
 *
 * @param outputsFailed an output could not be written
 */
export function exitCode(result: RunResult, outputsFailed: boolean): number {
  const { ended, verdict } = result;
  return exitCodeOf({ ended, verdict, isUnreachable: neverReached(result), outputsFailed });
}

/** Whether not one measured request could be sent. */
function neverReached({ requests, failures }: RunResult): boolean {
  const unsent = OUTCOMES.filter((outcome) => outcome.class === 'failed' && !outcome.sent).map(
    ({ name }) => name,
  );
  const never = unsent.reduce((sum, name) => sum + (failures[name] ?? 0), 0);
  return requests.failed > 0 && never === requests.scheduled - requests.cutOff;
}
