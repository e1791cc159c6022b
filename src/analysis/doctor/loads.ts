/** The two loads of `weighbridge doctor`, from the results of their runs. */
import { NEAR_CEILING_SHARE } from '../../blocks/generator-use.js';
import type { RunResult } from '../result.js';
import type { ClosedLoopResult, OpenLoopResult } from './result.js';

export function closedLoop(result: RunResult): ClosedLoopResult {
  const measured = measuredLoad(result);
  return { ...measured, clientLimited: (measured.generator?.busyShare ?? 0) >= NEAR_CEILING_SHARE };
}

export function openLoop(result: RunResult): OpenLoopResult {
  const { ratePerSecond, lateness } = result.load;
  return { ratePerSecond: ratePerSecond ?? 0, ...measuredLoad(result), latenessUs: latenessUs(lateness) };
}

function latenessUs(lateness: RunResult['load']['lateness']): OpenLoopResult['latenessUs'] {
  const { 50: p50 = null, 99: p99 = null } = lateness?.percentilesUs ?? {};
  return lateness === null || p50 === null ? null : { p50, p99, max: lateness.generatorMaxUs };
}

function measuredLoad({
  load,
  requests,
  requestsPerSecond,
  generator,
}: RunResult): Omit<ClosedLoopResult, 'clientLimited'> {
  const answered = requests.attributed + requests.unattributed;
  const sent = answered + requests.warmup;
  return {
    driver: load.driver,
    threads: load.threads,
    connections: load.connections,
    requests: answered,
    failed: requests.failed + requests.cutOff,
    requestsPerSecond,
    cpuUsPerRequest: generator === null || sent === 0 ? null : (generator.cpuMs * 1000) / sent,
    generator,
  };
}
