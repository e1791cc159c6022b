/** What comes before the load: the pre-flight or waiting for the route, and the addresses of names. */

import type { Settling } from '../../blocks/run-record.js';
import type { Note, Plan } from '../../plan/plan.js';
import { addressLabel } from '../../plan/target/connect-to.js';
import { connectionCount } from '../lane/connection-share.js';
import { scout } from './check-gateway.js';
import { resolveAddresses } from './resolve-addresses.js';
import { waitForRoute } from './wait-for-route.js';

/** Addresses named in a note. */
const MAX_SHOWN = 8;

export interface PrepareOptions {
  /** False: no request before the load, the plan's identifier is taken as it is. */
  readonly preflight: boolean;
  /** Waits this long for every version with weight to answer; null not to wait. */
  readonly settleMs: number | null;
  readonly signal?: AbortSignal | undefined;
}

export interface Prepared {
  /** The plan with its identifier settled and IP addresses to connect to. */
  readonly plan: Plan;
  /** Requests of the pre-flight. */
  readonly preflights: number;
  /** Null when there was no waiting. */
  readonly settling: Settling | null;
}

/**
 * @throws UserError when no load can be sent
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
    const settled = await waitForRoute(plan, settleMs, signal);
    return { found: settled.plan, reached: settled.reached, preflights: 0, settling: settled.settling };
  }
  if (!preflight) return { found: plan, reached: null, preflights: 0, settling: null };
  const scouted = await scout(plan, signal);
  return { found: scouted.plan, reached: scouted.reached, preflights: scouted.requests, settling: null };
}

/** Connections that are too few for the addresses leave some out. */
function untested({ target, load }: Plan): Note[] {
  const connections = connectionCount(load);
  const left = target.connectTo.slice(connections);
  if (left.length === 0) return [];
  const names = left.slice(0, MAX_SHOWN).map(addressLabel).join(', ');
  const text =
    `${connections} connection${connections === 1 ? '' : 's'} cannot reach ${target.connectTo.length} ` +
    `addresses: not tested ${left.length === 1 ? 'is' : 'are'} ${names}${left.length > MAX_SHOWN ? ' and others' : ''}. ` +
    'More connections (-c) reach all.';
  return [{ code: 'addresses-untested', text }];
}
