/** The exit status of a run. */
import type { RunResult } from '../analysis/result.js';
import { OUTCOMES } from '../blocks/outcome.js';
import { EXIT_CODES, type ExitName } from '../exit-codes.js';

/**
 * If several apply, the first of: internal error, interrupted, unreachable, fail, output not written, inconclusive, pass.
 *
 * @param outputsFailed an output could not be written
 */
export function exitCode(result: RunResult, outputsFailed: boolean): number {
  return EXIT_CODES[exitName(result, outputsFailed)].code;
}

function exitName(result: RunResult, outputsFailed: boolean): ExitName {
  const { ended, verdict } = result;
  if (ended === 'failed') return 'internalError';
  if (ended === 'interrupted' || ended === 'terminated') return ended;
  if (neverReached(result)) return 'unreachable';
  if (verdict === 'fail') return 'fail';
  if (outputsFailed) return 'outputFailed';
  return verdict === 'inconclusive' ? 'inconclusive' : 'pass';
}

/** Whether not one measured request could be sent. */
function neverReached({ requests, failures }: RunResult): boolean {
  const unsent = OUTCOMES.filter((outcome) => outcome.class === 'failed' && !outcome.sent).map(
    ({ name }) => name,
  );
  const never = unsent.reduce((sum, name) => sum + (failures[name] ?? 0), 0);
  return requests.failed > 0 && never === requests.scheduled - requests.cutOff;
}
