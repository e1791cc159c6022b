/** Which rule of which route answers the request, and why. */
import { OptionError } from '../../errors.js';
import { printable } from '../../text/printable.js';
import { ISTIO_ORDER } from '../gateways/match-order.js';
import type { ManifestSet, Route, RouteMatch, RouteRule } from '../manifests/model.js';
import type { Note } from '../plan.js';
import { explainSelection } from './explain-selection.js';
import { bareHost, mostSpecific } from './hostnames.js';
import {
  ambiguous,
  delegateMissing,
  list,
  listNames,
  type NumberedRule,
  noneFits,
  noneServed,
  noRules,
  numberRules,
  undecided,
} from './numbered-rules.js';
import { notServed, passedOver } from './passed-over.js';
import type { Entry } from './precedence.js';
import type { GivenRequest } from './request-match.js';
import { type OrderedMatches, requireWinner } from './route-order.js';
import { competing, lineAsSent, lineOf, type Search, splits } from './rule-search.js';
import { ServedRoutes } from './served-routes.js';

interface Found extends Pick<OrderedMatches, 'order' | 'isOpen'> {
  readonly entry: Entry;
  /** The other matches that the request meets, in order. */
  readonly beaten: readonly Entry[];
}

export interface Selection {
  readonly route: Route;
  readonly rule: RouteRule;
  /** The rule's match that the request meets; null for a rule that matches everything. */
  readonly match: RouteMatch | null;
  /** The Host given, else the first host for which the route is served (a wildcard if all are), else null: any host. */
  readonly host: string | null;
  /** Which rule it is, and which rules it comes before, as a sentence. */
  readonly explanation: string;
  /** Whether another kind of gateway may answer with another rule, as the Gateway API leaves their order open. */
  readonly isOpen: boolean;
  readonly notes: readonly Note[];
}

/**
 * Finds the rule that answers a request. What the request leaves open is first filled as curl does (`GET /`). If no rule
 * with backends answers that, a rule is used that fits with other values, if it is the only one.
 *
 * @param wanted the option `rule`: a number (over all rules as listed in errors), a rule's name, a route's name or
 *   `ROUTE/RULE`; null if not given
 * @throws UserError if no route has this host, no rule fits, several could be meant, or the manifests do not tell
 */
export function selectRule(set: ManifestSet, request: GivenRequest, wanted: string | null): Selection {
  const all = numberRules(set);
  if (all.length === 0) throw noRules(set);
  const served = new ServedRoutes(set, request.connect ?? null);
  const meant = wanted === null ? servedRules(all, served) : wantedRules(all, wanted);
  const { rules, host } =
    request.host === null
      ? withoutHost(meant, served)
      : forHost(meant, request.host, served, wanted !== null);
  const search: Search = { set, rules, served, host, request, isWanted: wanted !== null, unknown: false };
  const found = asSent(search) ?? asAsked(search);
  const entry = found?.entry ?? onlyWanted(rules, wanted);
  if (entry === null) throw noneFits(rules, request, host);
  if (wanted === null) {
    const maybe = { ...search, unknown: true };
    const other = asSent(maybe) ?? asAsked(maybe);
    if (other !== null && other.entry.rule !== entry.rule) throw undecided(rules, other.entry);
  }
  const explanation = explainSelection({
    entry,
    beaten: found?.beaten ?? [],
    order: found?.order ?? ISTIO_ORDER,
    rules,
    request,
    host,
    isWanted: wanted !== null,
  });
  const notes: Note[] = [{ code: 'rule-selected', text: explanation }];
  if (wanted === null) notes.push(...passedOver(search, entry), ...notServed(set, rules, served, host));
  return { ...entry, host, explanation, isOpen: found?.isOpen === true, notes };
}

/** Without those that no gateway serves. */
function servedRules(all: readonly NumberedRule[], served: ServedRoutes): readonly NumberedRule[] {
  const found = all.filter(({ route }) => served.has(route));
  if (found.length === 0) throw noneServed(all);
  return found;
}

function wantedRules(all: readonly NumberedRule[], wanted: string): NumberedRule[] {
  const found = /^\d+$/.test(wanted)
    ? all.filter((one) => one.number === Number(wanted))
    : all.filter(({ route, rule }) => {
        const { name } = route.ref;
        return [rule.name, name, `${name}/${rule.name ?? ''}`].includes(wanted);
      });
  if (found.length > 0 && wanted !== '') return found;
  throw new OptionError(
    (name) => `${name('rule')}: there is no rule '${printable(wanted)}'. These are there:\n${list(all)}`,
  );
}

/** The rules of the routes that are served for the host; `isWanted`: of those, the ones whose hostnames cover it. */
function forHost(
  rules: readonly NumberedRule[],
  host: string,
  served: ServedRoutes,
  isWanted: boolean,
): { rules: readonly NumberedRule[]; host: string } {
  const namesOf = hostsWith(served);
  const places = served.at(host);
  const names = isWanted ? rules.flatMap(namesOf) : places.map(({ name }) => name);
  const best = mostSpecific(names, bareHost(host));
  if (best !== null) {
    const routes = new Set(places.filter(({ name }) => name === best).flatMap((at) => at.routes));
    return {
      rules: rules.filter((one) => (isWanted ? namesOf(one).includes(best) : routes.has(one.route))),
      host,
    };
  }
  throw new OptionError(
    (name) =>
      `No route is for the host ${printable(host)}. The manifests have routes for: ${listNames(rules.flatMap(namesOf))}. Give one of these with ${name('host')}.`,
  );
}

/** The rules for the only host; of a route's hosts, the first that can be sent. */
function withoutHost(
  rules: readonly NumberedRule[],
  served: ServedRoutes,
): { rules: readonly NumberedRule[]; host: string | null } {
  const namesOf = hostsWith(served);
  const plain = rules.filter((one) => one.route.dialect.protocol !== 'grpc' && splits(one.rule));
  const heads = new Set(
    (plain.length > 0 ? plain : rules).map((one) => {
      const names = namesOf(one);
      return names.find((name) => !name.startsWith('*')) ?? (names[0] as string);
    }),
  );
  const [head = '*'] = heads;
  if (heads.size > 1) {
    throw new OptionError(
      (name) =>
        `The manifests have routes for several hosts: ${listNames(heads)}. Say which one with ${name('host')}.`,
    );
  }
  const same = rules.filter((one) => namesOf(one).includes(head));
  return { rules: same, host: head === '*' ? null : head };
}

/** The hosts for which a rule's route is served; as its manifest has them, if it is served nowhere. */
function hostsWith(served: ServedRoutes): (rule: NumberedRule) => readonly string[] {
  return ({ route }) => {
    const names = served.hostsOf(route);
    if (names.length > 0) return names;
    return route.hostnames.length === 0 ? ['*'] : route.hostnames;
  };
}

/** The rule that answers the request as curl would send it, if it has backends or the path was given. */
function asSent(search: Search): Found | null {
  const { rules, request } = search;
  const groups = competing(search, lineAsSent(search));
  for (const { winners } of groups) {
    const missing = winners.find(({ rule }) => rule.delegate?.ruleIndex === null);
    if (missing !== undefined) throw delegateMissing(rules, missing);
  }
  const splitting = groups.filter(({ entries: [first] }) => splits((first as Entry).rule));
  const meant = splitting.length > 0 || request.path === null ? splitting : groups;
  if (meant.length > 1) {
    throw ambiguous(
      rules.filter((one) => meant.some(({ entries }) => entries[0]?.rule === one.rule)),
      () => 'on different gateways or listeners answer this request',
    );
  }
  const [group] = meant;
  if (group === undefined) return null;
  requireWinner(search.set, group, rules);
  const { entries, order, isOpen } = group;
  const [entry, ...beaten] = entries as [Entry, ...Entry[]];
  return { entry, beaten, order, isOpen };
}

/** The only rule that fits if missing values of path, method, headers and query may be chosen for it. */
function asAsked(search: Search): Found | null {
  const { rules } = search;
  const entries = competing(search, { ...lineOf(search), mayAdd: true }).flatMap((group) => group.entries);
  const splitting = entries.filter((entry) => splits(entry.rule));
  const meant = splitting.length > 0 ? splitting : entries;
  const different = new Set(meant.map((entry) => entry.rule));
  if (different.size > 1) {
    throw ambiguous(
      rules.filter((one) => different.has(one.rule)),
      (name) =>
        `could be meant (give a path in the URL, or a header with ${name('headers')}, that only one of them matches)`,
    );
  }
  return meant[0] === undefined ? null : { entry: meant[0], beaten: [], order: ISTIO_ORDER, isOpen: false };
}

/** The rule that the option `rule` names, although the request does not meet it: deriving the target adds a note. */
function onlyWanted(rules: readonly NumberedRule[], wanted: string | null): Entry | null {
  const [only] = rules;
  if (wanted === null || only === undefined || rules.length > 1) return null;
  return { route: only.route, rule: only.rule, match: only.rule.matches[0] ?? null };
}
