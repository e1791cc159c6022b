/** Finds the limits of a gateway's circuit breakers: pre-flight, search, result. For the command line and for library users. */
import { predict } from './analysis/limits/predict.js';
import type { LimitsResult } from './analysis/limits/result.js';
import { BreakerWatch } from './gateway/breaker-watch.js';
import type { LimitsOptions } from './limits-options.js';
import { LiveSearch } from './live-search.js';
import type { Note, Plan } from './plan/plan.js';
import { MAX_CONNECTIONS, MAX_RATE_PER_SECOND } from './plan/ranges.js';
import { checkDescriptors, mostConnections } from './probes/load/descriptors.js';
import { prepare } from './probes/preflight/prepare.js';

const DEFAULT_MAX_CONNECTIONS = 1000;
const DEFAULT_MAX_RATE = 10_000;
/** The largest level, as a multiple of the predicted knee: a prediction may be wrong. */
const BEYOND_PREDICTION = 4;
/** With a predicted knee of 1 or 2 there is still room to search. */
const LEAST_MAX = 16;

/**
 * Raises the load step by step until the gateway refuses requests, and says from where on it does.
 *
 * @param plan what is sent and where; its load gives streams, time-out and threads
 * @throws UserError if the pre-flight shows that no load can be sent, or not all connections can be opened
 */
export async function findLimits(plan: Plan, options: LimitsOptions = {}): Promise<LimitsResult> {
  const { load, maxLevel, notes } = searchLoad(plan, options);
  const steered: Plan = { ...plan, load, notes: [...plan.notes, ...notes] };
  checkDescriptors(load);
  const { admins = [], signal } = options;
  const breakers = admins.length === 0 ? null : new BreakerWatch(admins, signal);
  const prepared = await prepare(steered, {
    preflight: options.preflight !== false,
    settleMs: null,
    signal,
  });
  await breakers?.look();
  options.onStart?.(prepared.plan);
  return await new LiveSearch(prepared, maxLevel, options, breakers).result();
}

/** The load of the largest level, which the search begins below. */
function searchLoad(
  { load }: Plan,
  options: LimitsOptions,
): { load: Plan['load']; maxLevel: number; notes: readonly Note[] } {
  const { search = 'connections', steps, facts } = options;
  const predicted =
    facts === undefined
      ? null
      : (predict(facts, new Map(), {
          search: 'connections',
          streams: load.streams,
          gatewayReplicas: options.gatewayReplicas ?? 1,
          wanted: null,
        })?.knee ?? null);
  const beyond = predicted === null ? null : Math.max(LEAST_MAX, Math.ceil(BEYOND_PREDICTION * predicted));
  const wanted =
    options.maxConnections ??
    (search === 'connections' && steps !== undefined ? Math.max(...steps) : null) ??
    Math.min(beyond ?? DEFAULT_MAX_CONNECTIONS, MAX_CONNECTIONS);
  const common = {
    ...load,
    untilVerdict: false,
    requests: null,
    durationMs: null,
    rampMs: 0,
    warmup: null,
  } as const;
  const asked = { ...common, mode: 'closed', connections: wanted, ratePerSecond: null } as const;
  // A default gives way to the limit of open files; what was asked for is refused (checkDescriptors).
  const isAsked = options.maxConnections !== undefined || steps !== undefined;
  const connections = isAsked ? wanted : Math.min(wanted, mostConnections(asked) ?? wanted);
  const notes: Note[] =
    connections === wanted
      ? []
      : [
          {
            code: 'no-file-descriptor',
            text: `At most ${connections} connections, since this process may have no more files open (ulimit -n); without that limit the search would go up to ${wanted}.`,
          },
        ];
  if (search === 'connections') {
    return {
      load: { ...asked, connections, maxInFlight: connections * load.streams },
      maxLevel: connections,
      notes,
    };
  }
  const maxRate = options.maxRatePerSecond ?? (steps === undefined ? DEFAULT_MAX_RATE : Math.max(...steps));
  return {
    load: {
      ...common,
      mode: 'open',
      connections,
      maxInFlight: connections * load.streams,
      ratePerSecond: Math.min(maxRate, MAX_RATE_PER_SECOND),
    },
    maxLevel: maxRate,
    notes,
  };
}
