/** Runs whose requests draw their version independently, and that are judged as such. */
import type { RunResult } from '../../src/analysis/result.js';
import type { Plan } from '../../src/plan/plan.js';
import { run } from '../../src/run.js';

/**
 * One such run in a thousand is taken for one whose connections keep to versions (CONNECTIONS_ALPHA), and is then inconclusive.
 * It is made once more: that it happens twice has a chance of one in a million, and where connections do keep to versions both
 * runs say so.
 *
 * @param make makes the run from its beginning, counts beside it included
 */
export async function drawnAnew<Run>(
  make: () => Promise<Run>,
  resultOf: (run: Run) => Pick<RunResult, 'connections'>,
): Promise<Run> {
  const first = await make();
  return resultOf(first).connections?.keepVersion === true ? make() : first;
}

/** The same of a run of which nothing else is counted. */
export function runOfDraws(plan: Plan): Promise<RunResult> {
  return drawnAnew(
    () => run(plan),
    (result) => result,
  );
}
