/** The exit status of a run. */
import type { RunResult } from '../analysis/result.js';
import { OUTCOMES } from '../blocks/outcome.js';

const INTERRUPTED = 130;
const TERMINATED = 143;

/**
 * Where several hold, the first of interrupted, unreachable, fail, output not written, inconclusive, pass.
 *
 * @param outputsFailed an output could not be written
 */
export function exitCode(result: RunResult, outputsFailed: boolean): number {
  if (result.ended === 'interrupted') return INTERRUPTED;
  if (result.ended === 'terminated') return TERMINATED;
  if (neverReached(result)) return 4;
  if (result.verdict === 'fail') return 1;
  if (outputsFailed) return 5;
  return result.verdict === 'inconclusive' ? 3 : 0;
}

/** Whether no measured request got as far as being sent. */
function neverReached({ requests, failures }: RunResult): boolean {
  const unsent = OUTCOMES.filter((outcome) => outcome.class === 'failed' && !outcome.sent).map(
    ({ name }) => name,
  );
  const never = unsent.reduce((sum, name) => sum + (failures[name] ?? 0), 0);
  return requests.failed > 0 && never === requests.scheduled - requests.cutOff;
}
