/** In which order the gateway of routes tries their rules. */
import type { OptionNamer } from '../../errors.js';
import { ISTIO_ORDER, type MatchOrder, OPEN_ORDERS } from '../gateways/match-order.js';
import type { ManifestSet, Route } from '../manifests/model.js';
import { ambiguous, type NumberedRule } from './numbered-rules.js';
import { compareEntries, type Entry } from './precedence.js';
import { gatewayOfRoute } from './route-gateway.js';

/** Matches that compete for a request, in the order of their gateway. */
export interface OrderedMatches {
  /** The winner first. */
  readonly entries: readonly Entry[];
  /** Istio's if the gateway's is not known. */
  readonly order: MatchOrder;
  /** The matches that may win: several if that depends on a gateway that is not known. */
  readonly winners: readonly Entry[];
  /** Whether another kind of gateway may answer with another rule, as the Gateway API leaves their order open. */
  readonly isOpen: boolean;
}

/**
 * Orders matches that a request meets, of routes with a gateway in common.
 *
 * @param matches those of VirtualServices in their order already
 */
export function inGatewayOrder(set: ManifestSet, matches: readonly Entry[]): OrderedMatches {
  if (matches[0]?.route.dialect.order === 'written')
    return { entries: matches, order: ISTIO_ORDER, winners: matches.slice(0, 1), isOpen: false };
  const orders = new Set(matches.map(({ route }) => route).map((route) => orderOfRoute(set, route)));
  const [known = null] = orders.size === 1 ? orders : [];
  const order = known ?? ISTIO_ORDER;
  const entries = ordered(matches, order);
  const open = new Set(OPEN_ORDERS.flatMap((one) => ordered(matches, one)[0] ?? []));
  return {
    entries,
    order,
    winners: known === null ? [...open] : entries.slice(0, 1),
    isOpen: new Set([...open].map(({ rule }) => rule)).size > 1,
  };
}

/** @throws OptionError asking for the rule, if the winner depends on a gateway that is not known */
export function requireWinner(
  set: ManifestSet,
  { winners }: OrderedMatches,
  rules: readonly NumberedRule[],
): void {
  const [first] = winners;
  const different = new Set(winners.map(({ rule }) => rule));
  if (first === undefined || different.size < 2) return;
  const { facts, label, unknown } = gatewayOfRoute(set, first.route);
  const why = (name: OptionNamer) =>
    facts === null
      ? `${unknown}: give the Gateway and its GatewayClass with ${name('manifests')} (docs/gateways.md says which kinds are known)`
      : `It was not read which of them come first with ${facts.name}, the kind of ${label}`;
  throw ambiguous(
    rules.filter(({ rule }) => different.has(rule)),
    (name) =>
      `answer this request. Regular expressions come before prefixes with some gateways and after them with others. ${why(name)}`,
  );
}

/** The order in which the route's gateway tries its rules; null if that is not known. */
function orderOfRoute(set: ManifestSet, route: Route): MatchOrder | null {
  return gatewayOfRoute(set, route).facts?.order?.value ?? null;
}

/** The matches with the winner first. */
function ordered(entries: readonly Entry[], order: MatchOrder): Entry[] {
  return [...entries].sort((a, b) => compareEntries(a, b, order).order);
}
