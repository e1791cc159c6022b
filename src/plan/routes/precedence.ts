/** Which of several matches wins. Used by the plan, the embedded gateway and the Envoy configuration. */
import { compareText } from '../../collections.js';
import { compareAge } from '../manifests/age.js';
import type { PathMatch, Route, RouteMatch, RouteRule } from '../manifests/model.js';
import { trimPrefix } from './request-match.js';

/** One match of one rule of one route. */
export interface Entry {
  readonly route: Route;
  readonly rule: RouteRule;
  /** Null: the rule matches every request. */
  readonly match: RouteMatch | null;
}

/** Exact before prefix before regular expression (Istio's order; the Gateway API leaves the last one open). */
const PATH_RANK = { Exact: 0, PathPrefix: 1, TextPrefix: 1, RegularExpression: 2 } as const;

/** A negative number when `a` wins, positive when `b` does, 0 when this step does not decide. */
type Step<T> = readonly [why: string, compare: (a: T, b: T) => number];

const MATCH_STEPS: readonly Step<RouteMatch | null>[] = [
  ['kind of path match', (a, b) => PATH_RANK[pathOf(a).type] - PATH_RANK[pathOf(b).type]],
  ['longer path', (a, b) => pathLength(b) - pathLength(a)],
  ['matches a method', (a, b) => Number(hasMethod(b)) - Number(hasMethod(a))],
  ['more headers', (a, b) => (b?.headers.length ?? 0) - (a?.headers.length ?? 0)],
  ['more query parameters', (a, b) => (b?.queryParams.length ?? 0) - (a?.queryParams.length ?? 0)],
];

const TIE_STEPS: readonly Step<Entry>[] = [
  ['older route', (a, b) => compareAge(a.route.ref, b.route.ref)],
  ['namespace and name', (a, b) => compareNames(a.route, b.route)],
  ['order in the route', (a, b) => a.rule.index - b.rule.index],
];

/** The result of a comparison, and the step that decided. */
interface Decision {
  /** Negative: `a` wins; 0: neither does. */
  readonly order: number;
  readonly why: string;
}

/**
 * All matches of the routes in the order in which a gateway tries them. The routes must share the order of their
 * dialects, as routes of one family of gateways do.
 */
export function orderedEntries(routes: readonly Route[]): readonly Entry[] {
  return routes
    .flatMap((route) =>
      route.rules.flatMap((rule) =>
        (rule.matches.length === 0 ? [null] : rule.matches).map((match) => ({ route, rule, match })),
      ),
    )
    .sort((a, b) => compareEntries(a, b).order);
}

/**
 * Compares two matches that both fit a request: the Gateway API's precedence (in Istio's reading where it leaves
 * something open), or the order of the rules, depending on the routes' dialect. If they are equal, the older
 * route wins, then the first namespace and name (istio/istio, pilot/pkg/config/kube/gateway/conversion.go,
 * `sortHTTPRoutes` and `sortRoutesByCreationTime`); compareAge says what a missing timestamp means.
 */
export function compareEntries(a: Entry, b: Entry): Decision {
  const written = a.route.dialect.order === 'written' || b.route.dialect.order === 'written';
  const byMatch = written ? null : compareMatches(a.match, b.match);
  return byMatch ?? decide(TIE_STEPS, a, b) ?? { order: 0, why: 'order in the rule' };
}

/** The Gateway API's precedence of two matches, the more specific first; null if they are equal in it. */
export function compareMatches(a: RouteMatch | null, b: RouteMatch | null): Decision | null {
  return decide(MATCH_STEPS, a, b);
}

function decide<T>(steps: readonly Step<T>[], a: T, b: T): Decision | null {
  for (const [why, compare] of steps) {
    const order = compare(a, b);
    if (order !== 0) return { order, why };
  }
  return null;
}

function pathOf(match: RouteMatch | null): PathMatch {
  return match?.path ?? { type: 'PathPrefix', value: '/' };
}

function pathLength(match: RouteMatch | null): number {
  const { type, value } = pathOf(match);
  return (type === 'PathPrefix' ? trimPrefix(value) : value).length;
}

function hasMethod(match: RouteMatch | null): boolean {
  return match !== null && match.method !== null;
}

function compareNames({ ref: a }: Route, { ref: b }: Route): number {
  return compareText(a.namespace, b.namespace) || compareText(a.name, b.name);
}
