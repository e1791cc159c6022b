/** Which matches of the rules in question a request meets, in the order in which gateways try them. */
import type { ManifestSet, Route, RouteRule } from '../manifests/model.js';
import type { NumberedRule } from './numbered-rules.js';
import type { Place } from './place.js';
import { type Entry, orderedEntries } from './precedence.js';
import { type GivenRequest, headerOf, matches, type RequestLine } from './request-match.js';
import { inGatewayOrder, type OrderedMatches } from './route-order.js';
import type { ServedRoutes } from './served-routes.js';

/** What is looked for. */
export interface Search {
  readonly set: ManifestSet;
  /** The rules in question. */
  readonly rules: readonly NumberedRule[];
  readonly served: ServedRoutes;
  /** Host of the rules, perhaps a wildcard; null: any. */
  readonly host: string | null;
  readonly request: GivenRequest;
  /** Whether the option `rule` names the rules: only what a request has in it counts then. */
  readonly isWanted: boolean;
  /** What a condition counts as if neither manifests nor request tell whether it is met. */
  readonly unknown: boolean;
}

/** The request as far as it is given. */
export function lineOf({ request, host }: Search): Omit<RequestLine, 'mayAdd'> {
  const { path, method, headers, connect } = request;
  const known = request.host ?? (host === null || host.startsWith('*') ? null : host);
  return { host: known, scheme: connect?.scheme ?? null, path, method, headers };
}

/** The request as curl would send it: what is open has its default. */
export function lineAsSent(search: Search): RequestLine {
  const { path, method, headers, defaults = [] } = search.request;
  return {
    ...lineOf(search),
    path: path ?? '/',
    method: method ?? 'GET',
    headers: [...headers, ...defaults],
    mayAdd: false,
  };
}

/** The matches that the request meets, by the place where they compete for it. Places with the same winner are one group. */
export function competing(search: Search, line: RequestLine): OrderedMatches[] {
  const { set, rules, served, host, isWanted, unknown } = search;
  const inQuestion = new Set(rules.map(({ rule }) => rule));
  const groups: OrderedMatches[] = [];
  // The option names the rules whatever the place is.
  const places = isWanted ? anywhere(rules) : served.at(host);
  for (const { routes, place } of places) {
    const entries = fitting(routes, place, line, isWanted, unknown).filter(({ rule }) =>
      inQuestion.has(rule),
    );
    const group = inGatewayOrder(set, entries);
    const [first] = group.entries;
    if (first !== undefined && groups.every(({ entries: [other] }) => other?.rule !== first.rule))
      groups.push(group);
  }
  return groups;
}

/** The routes of the rules: VirtualServices compete with each other, others do so within the route. */
function anywhere(rules: readonly NumberedRule[]): readonly { routes: readonly Route[]; place: null }[] {
  const routes = [...new Set(rules.map(({ route }) => route))];
  const written = routes.filter(({ dialect }) => dialect.order === 'written');
  const others = routes.filter(({ dialect }) => dialect.order !== 'written');
  return [...others.map((route) => [route]), written].map((group) => ({ routes: group, place: null }));
}

/** The matches of the routes that the request meets at a place, in order. */
export function fitting(
  routes: readonly Route[],
  place: Place | null,
  line: RequestLine,
  anyCondition: boolean,
  unknown = false,
): Entry[] {
  // A token might have the claims that a match asks for.
  const hasToken = unknown && headerOf(line, 'authorization') !== null;
  return orderedEntries(routes, place, unknown).filter(
    ({ match }) =>
      (anyCondition || hasToken || match === null || match.other.length === 0) && matches(match, line),
  );
}

/** Whether a rule divides requests among backends. */
export function splits(rule: RouteRule): boolean {
  return rule.answersItself === null && rule.backends.length > 0;
}
