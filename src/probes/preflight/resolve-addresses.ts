/**
 * Before the load: the names among a plan's addresses become IP addresses, once and for the whole run, so that
 * connections can be divided evenly among them. A name whose addresses change during the run is not asked again.
 */
import { type LookupAddress, lookup as systemLookup } from 'node:dns';
import { connect, isIP, type LookupFunction } from 'node:net';
import { MAX_TIMER_MS } from '../../blocks/clock.js';
import { UserError } from '../../errors.js';
import type { ConnectTo, Note, Plan } from '../../plan/plan.js';
import { addressLabel, distinct } from '../../plan/target/connect-to.js';
import { printable } from '../../text/printable.js';
import { nameNotFound } from './explain-failure.js';

/** Addresses used at most. */
const MAX_ADDRESSES = 256;
/** Addresses named in a note. */
const MAX_SHOWN = 4;

export interface ResolveOptions {
  /** Address of an answer that came (`203.0.113.7:80`), null when none is known. */
  readonly reached: string | null;
  /** Ends it at once, with the plan as it is. */
  readonly signal?: AbortSignal | undefined;
  /** In place of the system's. */
  readonly lookup?: LookupFunction;
}

type TcpAddress = Extract<ConnectTo, { kind: 'tcp' }>;

/**
 * Gives the plan with IP addresses, without repetition, at most 256; its notes say what was left out.
 *
 * A name with addresses of both families is usually one gateway seen twice, or has a family that this machine
 * cannot reach: then only the family counts that a connection by happy eyeballs (RFC 8305) really reached.
 *
 * @throws UserError for a name that cannot be looked up (exit 4)
 */
export async function resolveAddresses(plan: Plan, options: ResolveOptions): Promise<Plan> {
  const notes: Note[] = [];
  const found: ConnectTo[] = [];
  for (const to of plan.target.connectTo) {
    if (to.kind === 'unix' || isIP(to.host) !== 0) {
      found.push(to);
      continue;
    }
    const addresses = await orAborted(addressesOf(to, plan, options, notes), options.signal);
    if (addresses === null) return plan;
    found.push(...addresses);
  }
  const all = distinct(found);
  if (all.length > MAX_ADDRESSES) {
    const text = `There are ${all.length} addresses to connect to; the first ${MAX_ADDRESSES} are used.`;
    notes.push({ code: 'addresses-bounded', text });
  }
  const target = { ...plan.target, connectTo: all.slice(0, MAX_ADDRESSES) };
  return { ...plan, target, notes: [...plan.notes, ...notes] };
}

async function addressesOf(
  to: TcpAddress,
  plan: Plan,
  { reached, lookup = systemLookup }: ResolveOptions,
  notes: Note[],
): Promise<TcpAddress[]> {
  const found = await lookUp(to.host, lookup);
  const addresses = found.map(({ address }): TcpAddress => ({ ...to, host: address }));
  const families = new Set(found.map(({ family }) => family));
  if (families.size < 2) return addresses;
  const known = addresses.find((one) => addressLabel(one) === reached)?.host;
  const host = known ?? (await hostReached(to, plan, lookup)) ?? addresses[0]?.host ?? '';
  const family = isIP(host);
  const left = addresses.filter((one) => isIP(one.host) !== family);
  notes.push({ code: 'addresses-left-out', text: leftOut(to.host, family, left) });
  return addresses.filter((one) => isIP(one.host) === family);
}

function leftOut(name: string, family: number, left: readonly TcpAddress[]): string {
  const one = left.length === 1;
  const shown = left.slice(0, MAX_SHOWN).map(addressLabel).join(', ');
  return (
    `${printable(name)} has IPv4 and IPv6 addresses. IPv${family} is what a connection takes, so the ` +
    `${one ? 'address' : `${left.length} addresses`} of the other family (${shown}${left.length > MAX_SHOWN ? ', …' : ''}) ` +
    `${one ? 'is' : 'are'} left out; --resolve or --connect-to names others.`
  );
}

function lookUp(name: string, lookup: LookupFunction): Promise<LookupAddress[]> {
  return new Promise((resolve, reject) => {
    lookup(name, { all: true, order: 'verbatim' }, (error, addresses) => {
      if (error === null) resolve(addresses as LookupAddress[]);
      else reject(new UserError(nameNotFound(printable(name), error.code ?? error.message), 'unreachable'));
    });
  });
}

/** The IP address that a plain connection gets to first; null when it gets to none. */
function hostReached(
  { host, port }: TcpAddress,
  { load }: Plan,
  lookup: LookupFunction,
): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, lookup, autoSelectFamily: true });
    const end = (reached: string | null) => {
      socket.destroy();
      resolve(reached);
    };
    socket.setTimeout(Math.min(load.timeoutMs, MAX_TIMER_MS), () => end(null));
    socket.once('connect', () => end(socket.remoteAddress ?? null));
    socket.on('error', () => end(null));
  });
}

/** Null when the signal comes first. */
function orAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T | null> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const abort = () => resolve(null);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
