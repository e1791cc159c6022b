/** What `weighbridge identify` does: one request, and what each identifier reads from its answer. */
import { OptionError } from '../../errors.js';
import { EXIT_CODES } from '../../exit-codes.js';
import { makePlan } from '../../plan/make-plan.js';
import { explainFailure, failureExit } from '../../probes/preflight/explain-failure.js';
import { identifyReply } from '../../probes/preflight/identify-result.js';
import { sendSingleRequest } from '../../probes/preflight/single-request.js';
import { identifyReport } from '../../report/identify-table.js';
import { jsonText } from '../../report/json.js';
import { complain } from '../complain.js';
import { flagName } from '../options/flag-names.js';
import type { IdentifyCommandOptions } from '../options/identify.js';
import { destinationsIn } from '../options/output.js';
import { refuseConflicts } from '../outputs/conflicts.js';
import { STDOUT, writeOutput } from '../outputs/destinations.js';
import { openReports } from '../outputs/reports.js';
import { stdoutStyle } from '../terminal.js';

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
  const reply = await sendSingleRequest(plan);
  if (reply.kind === 'failure') {
    throw new OptionError((name) => explainFailure(plan, reply, name), failureExit(reply));
  }
  const result = identifyReply(plan, reply, flagName);
  const complaints: string[] = [];
  for (const destination of output.reports) {
    const complaint = await writeOutput(destination, jsonText(result));
    if (complaint !== null) complaints.push(complaint);
  }
  if (!output.reports.some(({ file }) => file === STDOUT)) {
    process.stdout.write(identifyReport(result, stdoutStyle(output.color)));
  }
  for (const complaint of complaints) complain(complaint);
  if (result.problem !== null) return EXIT_CODES.unreachable.code;
  return EXIT_CODES[complaints.length > 0 ? 'outputFailed' : 'pass'].code;
}
