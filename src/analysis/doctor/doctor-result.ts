/** Makes the result of `weighbridge doctor` from what was measured. */
import { worst } from '../stats/two-one-sided.js';
import { type Asked, doctorChecks } from './checks.js';
import { doctorFindings } from './findings.js';
import type { DoctorResult } from './result.js';

/** @param asked what the machine is to be able to do */
export function doctorResult(
  measured: Omit<DoctorResult, 'schemaVersion' | 'verdict' | 'checks' | 'findings'>,
  asked: Asked,
): DoctorResult {
  const { ended, machine, closedLoop, openLoop } = measured;
  const checks = ended === 'completed' ? doctorChecks(asked, machine, closedLoop, openLoop) : [];
  return {
    schemaVersion: 1,
    tool: measured.tool,
    startedAt: measured.startedAt,
    ended,
    verdict: worst(checks.map(({ verdict }) => verdict)),
    checks,
    machine,
    closedLoop,
    openLoop,
    findings: doctorFindings(measured),
  };
}
