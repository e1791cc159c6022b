/** What `weighbridge limits` does: options → plan → search → reports → exit code. */
import type { LimitsResult } from '../../analysis/limits/result.js';
import { findLimits } from '../../find-limits.js';
import { LimitsFailure } from '../../limits-options.js';
import { planWithLimits } from '../../plan/plan-with-limits.js';
import { stepLine } from '../../report/limits/step-line.js';
import { complain } from '../complain.js';
import { tellInternalError } from '../internal-error.js';
import type { FindLimitsCommandOptions } from '../options/find-limits.js';
import { destinationsIn } from '../options/output.js';
import { refuseConflicts } from '../outputs/conflicts.js';
import { madeBy, openReports, writeReports } from '../outputs/reports.js';
import { controlRun } from '../run-control.js';
import { compileInLittleMemory } from '../v8-flags.js';
import { exitCodeOf } from '../verdict-exit.js';

/**
 * @returns the exit code
 * @throws UserError if the search is not possible
 */
export async function limitsAction(options: FindLimitsCommandOptions): Promise<number> {
  const { output } = options;
  await refuseConflicts(options.inputs, destinationsIn(output));
  const { plan, facts } = await planWithLimits(options.plan);
  openReports(output, ' Nothing was sent.');
  const say = output.quiet ? () => {} : complain;
  const control = controlRun(complain);
  compileInLittleMemory();
  try {
    const { result, failure } = await resultOf(
      findLimits(plan, {
        ...options.limits,
        facts,
        signal: control.signal,
        forceSignal: control.forceSignal,
        endedBy: control.endedBy,
        onStart: () => {
          control.stage = 'load';
        },
        onStep: (step) => say(stepLine(step)),
      }),
    );
    control.stage = 'writing';
    const complaints = await writeReports(madeBy(result, options.command), output);
    for (const complaint of complaints) complain(complaint);
    if (failure !== null) tellInternalError(failure, ' The report is on what was measured up to then.');
    const ended = control.failedWriting() ? 'failed' : result.ended;
    return exitCodeOf({
      ended,
      verdict: result.verdict,
      isUnreachable: result.notes.some(({ code }) => code === 'limits-gateway-left'),
      outputsFailed: complaints.length > 0,
    });
  } finally {
    control.release();
  }
}

/** The result, also of a search that broke off. */
async function resultOf(
  searching: Promise<LimitsResult>,
): Promise<{ readonly result: LimitsResult; readonly failure: Error | null }> {
  try {
    return { result: await searching, failure: null };
  } catch (error) {
    if (!(error instanceof LimitsFailure)) throw error;
    return { result: error.result, failure: error.cause };
  }
}
