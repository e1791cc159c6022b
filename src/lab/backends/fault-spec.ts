/** Faults of backends as people write them: `v2-0:status=503,after=5s,for=10s`. */
import { UserError } from '../../errors.js';
import { parseDuration, parsePositiveDuration } from '../../plan/units.js';
import { printable } from '../../text/printable.js';

/** What a fault does. */
export type FaultEffect =
  /** Answers this status. */
  | { readonly kind: 'status'; readonly status: number }
  /** Answers that much later. */
  | { readonly kind: 'slow'; readonly delayMs: number }
  /** Closes the connection instead of answering. */
  | { readonly kind: 'close' }
  /** Answers bytes that are not HTTP. */
  | { readonly kind: 'garbage' }
  /** Holds every request until the fault ends, as a long pause of the process does. */
  | { readonly kind: 'stall' }
  /** Takes no connections. */
  | { readonly kind: 'refuse' };

export interface FaultSpec {
  /** A pod (`v2-0`), a version (`v2`), a service (`backend-v2`) or `*`. */
  readonly target: string;
  readonly effect: FaultEffect;
  /** Time from setting the fault to its beginning. */
  readonly afterMs: number;
  /** How long it lasts; null: until it is cleared. */
  readonly forMs: number | null;
  /** Share of the requests that it hits, above 0 to 1. */
  readonly rate: number;
}

const SYNTAX =
  "Write TARGET:EFFECT[,after=TIME][,for=TIME][,rate=SHARE], as in 'v2-0:status=503,after=5s,for=10s'. TARGET is a pod, a version, a service or *; EFFECT is status=CODE, slow=TIME, close, garbage, stall=TIME or refuse.";

/**
 * Reads a fault. `stall=300ms` lasts 300 ms; other faults end with `for`.
 *
 * @param where the flag or field that holds the text, for messages
 * @throws UserError saying what is wrong and how it is written
 */
export function parseFault(text: string, where: string): FaultSpec {
  const fail = (why: string) => new UserError(`${where}: '${printable(text)}': ${why}. ${SYNTAX}`);
  const colon = text.lastIndexOf(':');
  if (colon < 1) throw fail('there is no TARGET before a colon');
  const target = text.slice(0, colon).trim();
  // Control characters cannot be meant; like this they can be shown by whoever refuses them.
  const [first = '', ...others] = printable(text.slice(colon + 1), 1000).split(',');
  const options = new Map<string, string>();
  for (const option of others) {
    const [name, value] = pair(option);
    if (!['after', 'for', 'rate'].includes(name))
      throw fail(`'${printable(option)}' is not after, for or rate`);
    if (value === null) throw fail(`${name} needs a value`);
    if (options.has(name)) throw fail(`${name} is given twice`);
    options.set(name, value);
  }
  const [kind, value] = pair(first);
  const effect = readEffect(kind, value, where, fail);
  const after = options.get('after');
  const lasting = kind === 'stall' ? value : (options.get('for') ?? null);
  if (kind === 'stall' && options.has('for')) throw fail('a stall has its length in stall=TIME, not in for');
  if ((kind === 'stall' || kind === 'refuse') && options.has('rate')) {
    throw fail(`${kind} concerns the whole pod and takes no rate`);
  }
  return {
    target,
    effect,
    afterMs: after === undefined ? 0 : parseDuration(after, `${where}: after`),
    forMs:
      lasting === null
        ? null
        : parsePositiveDuration(lasting, `${where}: ${kind === 'stall' ? kind : 'for'}`),
    rate: readRate(options.get('rate'), fail),
  };
}

/** The fault as `parseFault` reads it. */
export function formatFault(fault: FaultSpec): string {
  const { effect } = fault;
  const parts = [
    effect.kind === 'status'
      ? `status=${effect.status}`
      : effect.kind === 'slow'
        ? `slow=${effect.delayMs}ms`
        : effect.kind === 'stall'
          ? `stall=${fault.forMs}ms`
          : effect.kind,
  ];
  if (fault.afterMs > 0) parts.push(`after=${fault.afterMs}ms`);
  if (fault.forMs !== null && effect.kind !== 'stall') parts.push(`for=${fault.forMs}ms`);
  if (fault.rate < 1) parts.push(`rate=${fault.rate}`);
  return `${fault.target}:${parts.join(',')}`;
}

type Fail = (why: string) => UserError;

function pair(text: string): [name: string, value: string | null] {
  const at = text.indexOf('=');
  return at < 0 ? [text.trim(), null] : [text.slice(0, at).trim(), text.slice(at + 1).trim()];
}

function readEffect(kind: string, value: string | null, where: string, fail: Fail): FaultEffect {
  switch (kind) {
    case 'status':
      if (value === null || !/^[2-5]\d\d$/.test(value)) throw fail('status needs a code from 200 to 599');
      return { kind, status: Number(value) };
    case 'slow':
      if (value === null) throw fail('slow needs a time');
      return { kind, delayMs: parsePositiveDuration(value, `${where}: slow`) };
    case 'stall':
      if (value === null) throw fail('stall needs a time');
      return { kind };
    case 'close':
    case 'garbage':
    case 'refuse':
      if (value !== null) throw fail(`${kind} takes no value`);
      return { kind };
    default:
      throw fail(kind === '' ? 'there is no EFFECT' : `'${printable(kind)}' is no EFFECT`);
  }
}

function readRate(text: string | undefined, fail: Fail): number {
  if (text === undefined) return 1;
  const rate = /^\d*(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (!(rate > 0 && rate <= 1)) throw fail('rate is a share above 0, at most 1');
  return rate;
}
