/** The body of `weighbridge identify`, loaded only when it runs. */
import { UserError } from '../../errors.js';
import { explainFailure } from '../../probes/preflight/explain-failure.js';
import { identifyReply } from '../../probes/preflight/identify-result.js';
import { sendSingleRequest } from '../../probes/preflight/single-request.js';
import { identifyReport } from '../../report/identify-table.js';
import { jsonText } from '../../report/json.js';
import type { Flags } from '../options/flags.js';
import { planFromFlags } from '../options/plan-from-flags.js';
import { openOutputs, writeOutput } from '../outputs.js';
import { readStdin } from '../stdin.js';
import { stdoutStyle } from '../terminal.js';

const UNREACHABLE = 4;
const OUTPUT_FAILED = 5;

/**
 * @returns the exit status
 * @throws UserError for wrong options and input, and when no answer came
 */
export async function identifyFromFlags(url: string | undefined, flags: Flags): Promise<number> {
  const plan = await planFromFlags(url, flags, readStdin);
  const outputs = openOutputs(flags);
  const reply = await sendSingleRequest(plan);
  if (reply.kind === 'failure') throw new UserError(explainFailure(plan, reply), UNREACHABLE);
  const result = identifyReply(plan, reply);
  const complaints = outputs
    .map((output) => writeOutput(output, jsonText(result)))
    .filter((one) => one !== null);
  if (!outputs.some(({ file }) => file === '-')) {
    process.stdout.write(identifyReport(result, stdoutStyle(flags)));
  }
  for (const complaint of complaints) process.stderr.write(`weighbridge: ${complaint}\n`);
  if (result.problem !== null) return UNREACHABLE;
  return complaints.length > 0 ? OUTPUT_FAILED : 0;
}
