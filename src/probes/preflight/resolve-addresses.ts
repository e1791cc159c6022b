/**
 * Before the load: replaces the names among a plan's addresses by IP addresses, so that connections can be divided
 * evenly among these. Names are looked up once: if a name's addresses change during the run, it has no effect.
 */
import { type LookupAddress, lookup as systemLookup } from 'node:dns';
import { connect, isIP, type LookupFunction } from 'node:net';
import { timerMs } from '../../blocks/clock.js';
import { OptionError } from '../../errors.js';
import type { ConnectTo, Note, Plan } from '../../plan/plan.js';
import { addressLabel, distinct } from '../../plan/target/connect-to.js';
import { printable } from '../../text/printable.js';
import { hostNotFound } from './explain-failure.js';

/** Addresses that are used at most. */
const MAX_ADDRESSES = 256;
/** Addresses that a note lists. */
const MAX_SHOWN = 4;

export interface ResolveOptions {
  /** Address that answered a single request (`203.0.113.7:80`); null if none is known. */
  readonly reached: string | null;
  /** Ends the look-up at once; the plan is then unchanged. */
  readonly signal?: AbortSignal | undefined;
  /** Looks names up; the system's resolver by default. */
  readonly lookup?: LookupFunction;
}

type TcpAddress = Extract<ConnectTo, { kind: 'tcp' }>;

/**
 * Returns the plan with at most 256 different IP addresses. Its notes say what was left out.
 *
 * A name that has IPv4 and IPv6 addresses usually means the same gateway twice, or one of the families cannot be
 * reached from this machine. So only the family is used that a connection by happy eyeballs (RFC 8305) reaches.
 *
 * @throws UserError if a name cannot be looked up (exit 4)
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
    `${printable(name)} has IPv4 and IPv6 addresses. Connections use IPv${family}, so the ` +
    `${one ? 'address' : `${left.length} addresses`} of the other family (${shown}${left.length > MAX_SHOWN ? ', …' : ''}) ` +
    `${one ? 'is' : 'are'} left out. --resolve or --connect-to sets other addresses.`
  );
}

function lookUp(host: string, lookup: LookupFunction): Promise<LookupAddress[]> {
  return new Promise((resolve, reject) => {
    lookup(host, { all: true, order: 'verbatim' }, (error, addresses) => {
      if (error === null) resolve(addresses as LookupAddress[]);
      else {
        const why = error.code ?? error.message;
        reject(new OptionError((name) => hostNotFound(printable(host), why, name), 'unreachable'));
      }
    });
  });
}

/** The IP address that a TCP connection reaches first; null if it reaches none. */
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
    socket.setTimeout(timerMs(load.timeoutMs), () => end(null));
    socket.once('connect', () => end(socket.remoteAddress ?? null));
    socket.on('error', () => end(null));
  });
}

/** The result of `work`; null if the signal comes first. */
function orAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T | null> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const abort = () => resolve(null);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
