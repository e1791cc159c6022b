/** What `weighbridge identify` does: one request, and what each identifier reads from its answer. */
import { OptionError } from '../../errors.js';
import { EXIT_CODES } from '../../exit-codes.js';
import { makePlan } from '../../plan/make-plan.js';
import { explainFailure, failureExit } from '../../probes/preflight/explain-failure.js';
import { identifyReply } from '../../probes/preflight/identify-result.js';
import { sendSingleRequest } from '../../probes/preflight/single-request.js';
import { complain } from '../complain.js';
import { flagName } from '../options/flag-names.js';
import type { IdentifyCommandOptions } from '../options/identify.js';
import { destinationsIn } from '../options/output.js';
import { refuseConflicts } from '../outputs/conflicts.js';
import { openReports, writeReports } from '../outputs/reports.js';
import { compileQuickly } from '../v8-flags.js';

/**
 * @returns the exit code
 * @throws UserError for wrong input, and when no answer came
 */
export async function identifyAction({
  plan: options,
  inputs,
  output,
}: IdentifyCommandOptions): Promise<number> {
  await refuseConflicts(inputs, destinationsIn(output));
  const plan = await makePlan(options);
  openReports(output, ' Nothing was sent.');
  compileQuickly();
  const reply = await sendSingleRequest(plan);
  if (reply.kind === 'failure') {
    throw new OptionError((name) => explainFailure(plan, reply, name), failureExit(reply));
  }
  const result = identifyReply(plan, reply, flagName);
  const complaints = await writeReports(result, output);
  for (const complaint of complaints) complain(complaint);
  if (result.problem !== null) return EXIT_CODES.unreachable.code;
  return EXIT_CODES[complaints.length > 0 ? 'outputFailed' : 'pass'].code;
}
