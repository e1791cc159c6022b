/** The steps before the load: the pre-flight or the wait for the route, then the look-up of names. */

import type { Settling } from '../../blocks/run-record.js';
import type { Note, Plan } from '../../plan/plan.js';
import { addressLabel } from '../../plan/target/connect-to.js';
import { connectionCount } from '../lane/connection-share.js';
import { checkGateway } from './check-gateway.js';
import { resolveAddresses } from './resolve-addresses.js';
import { waitForRoute } from './wait-for-route.js';

/** Addresses that a note lists. */
const MAX_SHOWN = 8;

export interface PrepareOptions {
  /** False: no request is sent before the load, and the plan's identifier is used as it is. */
  readonly preflight: boolean;
  /** How long to wait for every version with weight to answer (--settle), ms; null not to wait. */
  readonly settleMs: number | null;
  readonly signal?: AbortSignal | undefined;
}

export interface Prepared {
  /** The plan with its identifier chosen and with IP addresses in place of names. */
  readonly plan: Plan;
  /** Number of requests of the pre-flight. */
  readonly preflights: number;
  /** How the wait for the route went; null if there was none. */
  readonly settling: Settling | null;
}

/**
 * Prepares a plan for its load.
 *
 * @throws UserError if no request was answered, or a name cannot be looked up (exit 4), or if the answers say that no load
 *   can be sent or no version can be read (exit 2)
 */
export async function prepare(plan: Plan, options: PrepareOptions): Promise<Prepared> {
  const { signal } = options;
  const { found, reached, preflights, settling } = await ask(plan, options);
  if (signal?.aborted === true) return { plan: found, preflights, settling };
  const resolved = await resolveAddresses(found, { reached, signal });
  return { plan: { ...resolved, notes: [...resolved.notes, ...untested(resolved)] }, preflights, settling };
}

interface Asked extends Omit<Prepared, 'plan'> {
  readonly found: Plan;
  readonly reached: string | null;
}

async function ask(plan: Plan, { preflight, settleMs, signal }: PrepareOptions): Promise<Asked> {
  if (settleMs !== null) {
    const waited = await waitForRoute(plan, settleMs, signal);
    return { found: waited.plan, reached: waited.reached, preflights: 0, settling: waited.settling };
  }
  if (!preflight) return { found: plan, reached: null, preflights: 0, settling: null };
  const checked = await checkGateway(plan, signal);
  return { found: checked.plan, reached: checked.reached, preflights: checked.requests, settling: null };
}

/** A note if there are fewer connections than addresses, so that some addresses are not tested. */
function untested({ target, load }: Plan): Note[] {
  const connections = connectionCount(load);
  const left = target.connectTo.slice(connections);
  if (left.length === 0) return [];
  const names = left.slice(0, MAX_SHOWN).map(addressLabel).join(', ');
  const text =
    `${connections} connection${connections === 1 ? '' : 's'} cannot reach ${target.connectTo.length} ` +
    `addresses: ${names}${left.length > MAX_SHOWN ? ' and others' : ''} ${left.length === 1 ? 'is' : 'are'} not tested. ` +
    'More connections (-c) reach all of them.';
  return [{ code: 'addresses-untested', text }];
}
