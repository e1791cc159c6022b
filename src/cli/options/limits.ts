/** What is known of the gateway's limits besides its manifests: `--limit v1:connections=100,pending=50,requests=100`. */
import { UserError } from '../../errors.js';
import type { GivenLimits } from '../../plan/given-limits.js';
import type { BackendProtocol } from '../../plan/limit-facts.js';
import type { PolicyScope } from '../../plan/plan.js';
import type { LimitOptions } from '../../plan/plan-with-limits.js';
import { GATEWAY_REPLICAS, LIMIT } from '../../plan/ranges.js';
import { parseCount } from '../../plan/units.js';
import { printable } from '../../text/printable.js';
import { type Flags, many, read, value } from './flags.js';
import { within } from './load.js';

/** Each limit by its word. */
const FIELDS = {
  connections: 'maxConnections',
  pending: 'maxPendingRequests',
  requests: 'maxRequests',
} as const;

const EXAMPLE =
  'Write it as connections=100,pending=50,requests=100, or as v2:connections=100 for one version.';

export const LIMIT_FLAGS = {
  limit: value(
    "limits of the gateway by hand, [VERSION:]connections=100,pending=50,requests=100, in place of the manifests'; may be repeated",
    { sets: 'limits', common: true },
  ),
  'limits-scope': value(
    'what limits are counted over: version, or route for all versions of the rule together (default: as the gateway of the manifests does, else version)',
    { sets: 'limitsScope' },
  ),
  'backend-protocol': value(
    'what the gateway speaks to backends, whatever the client speaks: http1 or http2 (default: as the manifests say, else http1)',
    { sets: 'backendProtocol' },
  ),
  'gateway-replicas': value('how many replicas of the gateway share the load: each counts by itself', {
    defaultDescription: '1',
    sets: 'gatewayReplicas',
  }),
};

export interface LimitFlags extends Pick<LimitOptions, 'limits' | 'limitsScope' | 'backendProtocol'> {
  readonly gatewayReplicas: number | undefined;
}

/** @throws UserError naming the flag */
export function parseLimits(flags: Flags): LimitFlags {
  const texts = many(flags, 'limit');
  return {
    limits: texts.length === 0 ? undefined : texts.map(parseLimit),
    limitsScope: read(flags, 'limits-scope', parseScope),
    backendProtocol: read(flags, 'backend-protocol', parseProtocol),
    gatewayReplicas: read(flags, 'gateway-replicas', within(GATEWAY_REPLICAS)),
  };
}

/** The last colon before the first limit ends the version, which may have colons itself. */
function parseLimit(text: string): GivenLimits {
  const fail = (why: string) => new UserError(`--limit: '${printable(text)}': ${why}. ${EXAMPLE}`);
  const colon = text.lastIndexOf(':');
  const version = colon < 0 ? null : text.slice(0, colon).trim();
  if (version === '') throw fail('there is no version before the colon');
  const limits = new Map<string, number>();
  for (const item of text.slice(colon + 1).split(',')) {
    const [word = '', ...values] = item.split('=').map((part) => part.trim());
    if (!isField(word) || values.length !== 1) throw fail(`'${printable(item)}' is no limit`);
    if (limits.has(FIELDS[word])) throw fail(`${word} is given twice`);
    limits.set(FIELDS[word], parseCount(values[0] ?? '', `--limit: ${word}`, LIMIT));
  }
  return { version, ...Object.fromEntries(limits) };
}

function isField(word: string): word is keyof typeof FIELDS {
  return Object.hasOwn(FIELDS, word);
}

function parseScope(text: string, flag: string): PolicyScope {
  if (text === 'version' || text === 'route') return text;
  throw new UserError(`${flag}: '${printable(text)}' is neither version nor route.`);
}

function parseProtocol(text: string, flag: string): BackendProtocol {
  if (text === 'http1') return 'http/1.1';
  if (text === 'http2') return 'h2';
  throw new UserError(`${flag}: '${printable(text)}' is neither http1 nor http2.`);
}
