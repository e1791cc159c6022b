/** A whole run: checks, pre-flight, load, analysis, result. For the command line and for library users. */
import type { RunResult } from './analysis/result.js';
import { fixedSize } from './analysis/stats/sample-size.js';
import type { GatewaySources } from './blocks/gateway-observations.js';
import { UserError } from './errors.js';
import type { GatewayWatch } from './gateway/watch.js';
import { LiveRun } from './live-run.js';
import { MAX_REQUESTS_FACTOR } from './plan/defaults.js';
import type { Plan } from './plan/plan.js';
import { REQUESTS } from './plan/ranges.js';
import { tolerancesOf } from './plan/tolerance.js';
import { checkDescriptors } from './probes/load/descriptors.js';
import { checkLocalPorts } from './probes/load/local-ports.js';
import { prepare } from './probes/preflight/prepare.js';
import { checkPreflight, type RunOptions, stopSignal } from './run-options.js';

/**
 * Runs a plan against its gateway.
 *
 * @throws UserError if the pre-flight shows that no load can be sent, or not all connections can be opened
 * @throws RunFailure if the run broke off by an error; it has the result up to then
 */
export async function run(plan: Plan, given: RunOptions = {}): Promise<RunResult> {
  const options = { ...given, signal: stopSignal(given) };
  const { connections, streams } = plan.load;
  if (!(connections >= 1 && streams >= 1)) {
    throw new UserError('The plan has no load.connections or load.streams: each is a number from 1 on.');
  }
  checkPreflight(plan, options);
  checkDescriptors(plan.load);
  const watch = await watchFor(options.gateway);
  try {
    const prepared = await prepare(withCap(plan), {
      preflight: options.preflight !== false,
      settleMs: options.settleMs ?? null,
      signal: options.signal,
    });
    checkLocalPorts(prepared.plan);
    await watch?.begin();
    options.onStart?.(prepared.plan);
    return await new LiveRun(prepared, options, watch).result();
  } finally {
    watch?.cancel();
  }
}

/** Until the verdict: with the most requests that the run may take. */
function withCap(plan: Plan): Plan {
  const { load, judge } = plan;
  if (!load.untilVerdict || load.requests !== null) return plan;
  const shares = (judge.expected ?? []).map(({ share }) => share);
  const size = fixedSize(shares, tolerancesOf(judge), judge.confidence);
  return { ...plan, load: { ...load, requests: Math.min(MAX_REQUESTS_FACTOR * size, REQUESTS.max) } };
}

/** The code is loaded only if the gateway is watched. */
async function watchFor(sources: GatewaySources | undefined): Promise<GatewayWatch | null> {
  if (sources === undefined) return null;
  const { GatewayWatch } = await import('./gateway/watch.js');
  return new GatewayWatch(sources);
}
