/** What `weighbridge plan` does: manifests and options → what a run takes. Nothing is sent. */
import { planning } from '../../analysis/planning/planning.js';
import { EXIT_CODES } from '../../exit-codes.js';
import { planWithFacts } from '../../plan/plan-facts.js';
import { jsonText } from '../../report/json.js';
import { planningReport } from '../../report/planning/index.js';
import { complain } from '../complain.js';
import { destinationsIn } from '../options/output.js';
import type { PlanCommandOptions } from '../options/plan.js';
import { refuseConflicts } from '../outputs/conflicts.js';
import { STDOUT, writeOutput } from '../outputs/destinations.js';
import { openReports } from '../outputs/reports.js';
import { stdoutStyle } from '../terminal.js';

/**
 * @returns the exit code
 * @throws UserError for wrong input
 */
export async function planAction({
  plan: options,
  power,
  inputs,
  output,
}: PlanCommandOptions): Promise<number> {
  await refuseConflicts(inputs, destinationsIn(output));
  const { plan, facts } = await planWithFacts(options);
  openReports(output, '');
  const result = planning(plan, facts, power);
  const complaints: string[] = [];
  for (const destination of output.reports) {
    const complaint = await writeOutput(destination, jsonText(result));
    if (complaint !== null) complaints.push(complaint);
  }
  if (!output.reports.some(({ file }) => file === STDOUT)) {
    process.stdout.write(planningReport(result, { ...stdoutStyle(output.color), explain: output.explain }));
  }
  for (const complaint of complaints) complain(complaint);
  if (result.weights.possible === false) return EXIT_CODES.fail.code;
  return EXIT_CODES[complaints.length > 0 ? 'outputFailed' : 'pass'].code;
}
