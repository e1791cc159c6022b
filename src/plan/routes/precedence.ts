/** Which of several matches wins. Used by the plan, the embedded gateway and the Envoy configuration. */
import { compareText } from '../../collections.js';
import { ISTIO_ORDER, type MatchOrder } from '../gateways/match-order.js';
import { compareAge } from '../manifests/age.js';
import type { Route, RouteMatch, RouteRule } from '../manifests/model.js';
import { matchStep, type Step } from './match-steps.js';
import { isServedAt, type Place } from './place.js';

/** One match of one rule of one route. */
export interface Entry {
  readonly route: Route;
  readonly rule: RouteRule;
  /** Null: the rule matches every request. */
  readonly match: RouteMatch | null;
}

const RULE_STEPS: readonly Step<Entry>[] = [
  ['order in the route', (a, b) => a.route.rules.indexOf(a.rule) - b.route.rules.indexOf(b.rule)],
];

const TIE_STEPS: readonly Step<Entry>[] = [
  ['older route', (a, b) => compareAge(a.route.ref, b.route.ref)],
  ['namespace and name', (a, b) => compareNames(a.route, b.route)],
  ...RULE_STEPS,
];

/** Of VirtualServices (istio/istio, pilot/pkg/model/config.go, `configCompareByCreationTime`). */
const ROUTE_STEPS: readonly Step<Route>[] = [
  ['exported to some namespaces only', (a, b) => exportRank(a, null) - exportRank(b, null)],
  ['older route', (a, b) => compareAge(a.ref, b.ref)],
  [
    'name and namespace',
    (a, b) => compareText(a.ref.name, b.ref.name) || compareText(a.ref.namespace, b.ref.namespace),
  ],
];

/** The result of a comparison, and the step that decided. */
interface Decision {
  /** Negative: `a` wins; 0: neither does. */
  readonly order: number;
  readonly why: string;
}

const SAME_RULE: Decision = { order: 0, why: 'order in the rule' };

/**
 * All matches of the routes in the order in which a gateway tries them at a place. The routes must share the order of
 * their dialects, as routes of one family of gateways do.
 *
 * @param place null: conditions on the place count as met
 * @param unknown what a condition counts as if the manifests do not tell whether it is met
 */
export function orderedEntries(
  routes: readonly Route[],
  place: Place | null,
  unknown = false,
): readonly Entry[] {
  if (routes.some(({ dialect }) => dialect.order === 'written'))
    return writtenEntries(routes, place, unknown);
  const order = place?.order ?? ISTIO_ORDER;
  return routes.flatMap(entriesOf).sort((a, b) => compareEntries(a, b, order).order);
}

function entriesOf(route: Route): Entry[] {
  return route.rules.flatMap((rule) =>
    (rule.matches.length === 0 ? [null] : rule.matches).map((match) => ({ route, rule, match })),
  );
}

/**
 * The order of Istio's VirtualServices of one host: the older one first, each as written up to its first match of
 * everything; matches of everything come last, whatever their age (istio/istio, pilot/pkg/networking/core/route/route.go,
 * `BuildHTTPRoutesForVirtualService` and `SortVHostRoutes`).
 */
function writtenEntries(routes: readonly Route[], place: Place | null, unknown: boolean): readonly Entry[] {
  const specific: Entry[] = [];
  const catchAll: Entry[] = [];
  const order = (a: Route, b: Route) =>
    exportRank(a, place) - exportRank(b, place) || (decide(ROUTE_STEPS, a, b)?.order ?? 0);
  for (const route of [...routes].sort(order)) {
    const served = entriesOf(route).filter(({ match }) => isServedAt(match, place, unknown));
    const last = served.findIndex(({ match }) => isCatchAll(match));
    specific.push(...served.slice(0, last < 0 ? served.length : last));
    if (last >= 0) catchAll.push(served[last] as Entry);
  }
  return [...specific, ...catchAll];
}

/** Whether a match takes every request, in the form that istiod recognizes (`IsCatchAllRoute`). */
function isCatchAll(match: RouteMatch | null): boolean {
  if (match === null) return true;
  const { path, method, headers, withoutHeaders = [], queryParams, other } = match;
  const everyPath =
    path === null ||
    (path.type === 'TextPrefix' && path.value === '/') ||
    (path.type === 'RegularExpression' && path.value === '.*');
  return (
    everyPath &&
    method === null &&
    [headers, withoutHeaders, queryParams, other].every(({ length }) => length === 0)
  );
}

/**
 * Compares two matches that both fit a request: by the order of their gateway, or, if the routes' dialect says so, by
 * the order in which the rules are written. If they are equal in it, the older route wins, then names decide
 * (istio/istio, pilot/pkg/config/kube/gateway/conversion.go, `sortRoutesByCreationTime`; Envoy Gateway, kgateway and
 * nginx do the same); compareAge says what a missing timestamp means.
 */
export function compareEntries(a: Entry, b: Entry, order: MatchOrder): Decision {
  const written = a.route.dialect.order === 'written' || b.route.dialect.order === 'written';
  if (written) {
    const last = Number(isCatchAll(a.match)) - Number(isCatchAll(b.match));
    if (last !== 0 && a.route !== b.route) return { order: last, why: 'matches of everything come last' };
    return decide(ROUTE_STEPS, a.route, b.route) ?? decide(RULE_STEPS, a, b) ?? SAME_RULE;
  }
  return compareMatches(a.match, b.match, order) ?? decide(TIE_STEPS, a, b) ?? SAME_RULE;
}

/** The order of two matches, the winner first; null if they are equal in it. */
export function compareMatches(
  a: RouteMatch | null,
  b: RouteMatch | null,
  order: MatchOrder,
): Decision | null {
  return decide(order.map(matchStep), a, b);
}

function decide<T>(steps: readonly Step<T>[], a: T, b: T): Decision | null {
  for (const [why, compare] of steps) {
    const order = compare(a, b);
    if (order !== 0) return { order, why };
  }
  return null;
}

/**
 * Of routes that some namespaces see only, the gateway's own come first (istio/istio, pilot/pkg/model/push_context.go,
 * `VirtualServicesForGateway`).
 */
function exportRank({ exportTo, ref }: Route, place: Place | null): number {
  if (exportTo === undefined) return 2;
  return place?.placeKnown === true && place.namespace !== ref.namespace ? 1 : 0;
}

function compareNames({ ref: a }: Route, { ref: b }: Route): number {
  return compareText(a.namespace, b.namespace) || compareText(a.name, b.name);
}
