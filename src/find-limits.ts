/** Finds the limits of a gateway's circuit breakers: pre-flight, search, result. For the command line and for library users. */
import type { LimitsResult } from './analysis/limits/result.js';
import { BreakerWatch } from './gateway/breaker-watch.js';
import { Deadline } from './io/deadline.js';
import type { LimitsOptions } from './limits-options.js';
import { LiveSearch } from './live-search.js';
import type { Plan } from './plan/plan.js';
import { checkLocalPorts } from './probes/load/local-ports.js';
import { prepare } from './probes/preflight/prepare.js';
import { checkPreflight, stopSignal } from './run-options.js';
import { searchLoad } from './search-load.js';

/** After a signal the gateway's counters are read once more, for so long. */
const GATEWAY_GRACE_MS = 1_200;

/**
 * Raises the load step by step until the gateway refuses requests, and says from where on it does.
 *
 * @param plan what is sent and where; its load gives streams, time-out and threads
 * @throws UserError if an option is wrong, the pre-flight shows that no load can be sent, or not all connections can be opened
 * @throws LimitsFailure if the search broke off by an error; it has the result up to then
 */
export async function findLimits(plan: Plan, given: LimitsOptions = {}): Promise<LimitsResult> {
  const options = { ...given, signal: stopSignal(given) };
  checkPreflight(plan, options);
  const { load, maxLevel, notes } = searchLoad(plan.load, options);
  const { admins = [], signal, forceSignal } = options;
  const forGateway = new Deadline({ signal, graceMs: GATEWAY_GRACE_MS, forceSignal });
  try {
    const breakers = admins.length === 0 ? null : new BreakerWatch(admins, forGateway.signal);
    const prepared = await prepare(
      { ...plan, load, notes: [...plan.notes, ...notes] },
      { preflight: options.preflight !== false, settleMs: null, signal },
    );
    checkLocalPorts(prepared.plan);
    await breakers?.look();
    options.onStart?.(prepared.plan);
    return await new LiveSearch(prepared, maxLevel, options, breakers).result();
  } finally {
    forGateway.clear();
  }
}
