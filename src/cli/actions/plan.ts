/** What `weighbridge plan` does: manifests and options → what a run takes. Nothing is sent. */
import { planning } from '../../analysis/planning/planning.js';
import { EXIT_CODES } from '../../exit-codes.js';
import { planWithFacts } from '../../plan/plan-facts.js';
import { complain } from '../complain.js';
import { destinationsIn } from '../options/output.js';
import type { PlanCommandOptions } from '../options/plan.js';
import { refuseConflicts } from '../outputs/conflicts.js';
import { openReports, writeReports } from '../outputs/reports.js';

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
  const complaints = await writeReports(result, output);
  for (const complaint of complaints) complain(complaint);
  if (result.weights.possible === false) return EXIT_CODES.fail.code;
  return EXIT_CODES[complaints.length > 0 ? 'outputFailed' : 'pass'].code;
}
