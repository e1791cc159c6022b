/** Which rule of which route answers the request, and why. */
import { OptionError } from '../../errors.js';
import { printable } from '../../text/printable.js';
import { ISTIO_ORDER } from '../gateways/match-order.js';
import type { Dialect } from '../manifests/dialect.js';
import type { ManifestSet, Route, RouteMatch, RouteRule } from '../manifests/model.js';
import type { Note } from '../plan.js';
import { explainSelection } from './explain-selection.js';
import { bareHost, mostSpecific } from './hostnames.js';
import {
  ambiguous,
  list,
  listNames,
  type NumberedRule,
  noneFits,
  noRules,
  numberRules,
} from './numbered-rules.js';
import type { Entry } from './precedence.js';
import { type GivenRequest, matches, type RequestLine } from './request-match.js';
import { inGatewayOrder, ordered, requireWinner } from './route-order.js';

export interface Selection {
  readonly route: Route;
  readonly rule: RouteRule;
  /** The rule's match that the request meets; null for a rule that matches everything. */
  readonly match: RouteMatch | null;
  /** The Host given, else the route's first hostname (perhaps a wildcard), else null: any host. */
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
 * @throws UserError if no route has this host, no rule fits, or several could be meant
 */
export function selectRule(set: ManifestSet, request: GivenRequest, wanted: string | null): Selection {
  const all = numberRules(set);
  if (all.length === 0) throw noRules(set);
  const { rules, host } = forHost(wanted === null ? all : wantedRules(all, wanted), request.host);
  const anyHost = wanted !== null;
  const found = asSent(set, rules, request, anyHost) ?? asAsked(rules, request, anyHost);
  const entry = found?.entry ?? onlyWanted(rules, wanted);
  if (entry === null) throw noneFits(rules, request, host);
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
  const unmet = rules.filter(({ rule }) => rule.matches.some(({ other }) => other.length > 0));
  if (unmet.length > 0 && wanted === null) {
    const text = `Rules with conditions that a probe cannot meet were passed over:\n${list(unmet)}`;
    notes.push({ code: 'rule-conditions', text });
  }
  return { ...entry, host, explanation, isOpen: found?.isOpen === true, notes };
}

/**
 * The rule that wins for a complete request; none if a gateway would answer 404, several if it depends on a gateway that
 * is not known.
 */
export function winningRules(
  set: ManifestSet,
  route: Route,
  host: string,
  request: RequestLine,
): readonly Entry[] {
  const rivals = numberRules(set).filter((one) => compete(one.route, route));
  const best = mostSpecific(
    rivals.flatMap((one) => hostnamesOf(one.route)),
    bareHost(host),
  );
  const rules = rivals.filter((one) => best !== null && hostnamesOf(one.route).includes(best));
  return inGatewayOrder(set, fitting(rules, request, false)).winners;
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

/** Keeps the rules of routes whose hostname fits the host best; without a host, those of the only hostname. */
function forHost(
  rules: readonly NumberedRule[],
  host: string | null,
): { rules: readonly NumberedRule[]; host: string | null } {
  if (host !== null) {
    const names = rules.flatMap((one) => hostnamesOf(one.route));
    const best = mostSpecific(names, bareHost(host));
    if (best !== null) return { rules: rules.filter((one) => hostnamesOf(one.route).includes(best)), host };
    throw new OptionError(
      (name) =>
        `No route is for the host ${printable(host)}. The manifests have routes for: ${listNames(names)}. Give one of these with ${name('host')}.`,
    );
  }
  const plain = rules.filter((one) => one.route.dialect.protocol !== 'grpc' && splits(one.rule));
  const meant = plain.length > 0 ? plain : rules;
  const heads = new Set(meant.map((one) => hostnamesOf(one.route)[0] as string));
  const [head = '*'] = heads;
  if (heads.size > 1) {
    throw new OptionError(
      (name) =>
        `The manifests have routes for several hosts: ${listNames(heads)}. Say which one with ${name('host')}.`,
    );
  }
  const same = rules.filter((one) => hostnamesOf(one.route).includes(head));
  return { rules: same, host: head === '*' ? null : head };
}

/** The rule that answers the request as curl would send it, if it has backends or the path was given. */
function asSent(
  set: ManifestSet,
  rules: readonly NumberedRule[],
  request: GivenRequest,
  anyCondition: boolean,
) {
  const line = { ...request, path: request.path ?? '/', method: request.method ?? 'GET', mayAdd: false };
  const groups = competing(fitting(rules, line, anyCondition)).map((group) => inGatewayOrder(set, group));
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
  requireWinner(set, group, rules);
  const { entries, order, isOpen } = group;
  const [entry, ...beaten] = entries as [Entry, ...Entry[]];
  return { entry, beaten, order, isOpen };
}

/** The only rule that fits if missing values of path, method, headers and query may be chosen for it. */
function asAsked(rules: readonly NumberedRule[], request: GivenRequest, anyCondition: boolean) {
  const entries = fitting(rules, { ...request, mayAdd: true }, anyCondition);
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

/** All matches that the request meets; among those with the same order of rules, the winner is first. */
function fitting(rules: readonly NumberedRule[], line: RequestLine, anyCondition: boolean): Entry[] {
  const entries = rules.flatMap(({ route, rule }) => {
    const all = rule.matches.length === 0 ? [null] : rule.matches;
    return all
      .filter((match) => anyCondition || match === null || match.other.length === 0)
      .filter((match) => matches(match, line))
      .map((match): Entry => ({ route, rule, match }));
  });
  const of = (order: Dialect['order']) => entries.filter(({ route }) => route.dialect.order === order);
  return [...ordered(of('precedence'), ISTIO_ORDER), ...ordered(of('written'), ISTIO_ORDER)];
}

/** Groups matches (winner first) that compete for a request: same family of gateways, shared listener. */
function competing(entries: readonly Entry[]): Entry[][] {
  const groups: Entry[][] = [];
  for (const entry of entries) {
    const group = groups.find(([first]) => compete((first as Entry).route, entry.route));
    if (group === undefined) groups.push([entry]);
    else group.push(entry);
  }
  return groups;
}

function compete(a: Route, b: Route): boolean {
  if (a.dialect.gateways.group !== b.dialect.gateways.group) return false;
  if (a.parents.length === 0 || b.parents.length === 0) return true;
  const same = <T>(one: T | null, other: T | null) => one === null || other === null || one === other;
  return a.parents.some((one) =>
    b.parents.some(
      (other) =>
        one.name === other.name &&
        one.namespace === other.namespace &&
        same(one.sectionName, other.sectionName) &&
        same(one.port, other.port),
    ),
  );
}

function splits(rule: RouteRule): boolean {
  return rule.answersItself === null && rule.backends.length > 0;
}

/** `*` for a route without hostnames. */
function hostnamesOf(route: Route): readonly string[] {
  return route.hostnames.length === 0 ? ['*'] : route.hostnames;
}
