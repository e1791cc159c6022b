/** What `weighbridge doctor` does: measure this machine → reports → exit code. */
import { doctor } from '../../doctor.js';
import { complain } from '../complain.js';
import type { DoctorCommandOptions } from '../options/doctor.js';
import { destinationsIn } from '../options/output.js';
import { refuseConflicts } from '../outputs/conflicts.js';
import { madeBy, openReports, writeReports } from '../outputs/reports.js';
import { controlRun } from '../run-control.js';
import { compileInLittleMemory } from '../v8-flags.js';
import { exitCodeOf } from '../verdict-exit.js';

/**
 * @returns the exit code
 * @throws UserError if an option is wrong
 */
export async function doctorAction({
  command,
  doctor: options,
  output,
}: DoctorCommandOptions): Promise<number> {
  await refuseConflicts([], destinationsIn(output));
  openReports(output, ' Nothing was sent.');
  const control = controlRun(complain);
  try {
    control.stage = 'load';
    compileInLittleMemory();
    const result = await doctor({ ...options, signal: control.signal });
    control.stage = 'writing';
    const complaints = await writeReports(madeBy(result, command), output);
    for (const complaint of complaints) complain(complaint);
    const stopped = control.endedBy();
    return exitCodeOf({
      ended: result.ended === 'completed' ? 'completed' : typeof stopped === 'string' ? stopped : 'failed',
      verdict: result.verdict,
      isUnreachable: false,
      outputsFailed: complaints.length > 0,
    });
  } finally {
    control.release();
  }
}
