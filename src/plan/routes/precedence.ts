/** Which of several matches wins. Used by the plan, the embedded gateway and the Envoy configuration. */
import { compareText } from '../../collections.js';
import type { MatchOrder } from '../gateways/match-order.js';
import { compareAge } from '../manifests/age.js';
import type { Route, RouteMatch, RouteRule } from '../manifests/model.js';
import { matchStep, type Step } from './match-steps.js';

/** One match of one rule of one route. */
export interface Entry {
  readonly route: Route;
  readonly rule: RouteRule;
  /** Null: the rule matches every request. */
  readonly match: RouteMatch | null;
}

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
 * All matches of the routes in the order in which a gateway tries them.
 *
 * @param order of the gateway that serves all of them
 */
export function orderedEntries(routes: readonly Route[], order: MatchOrder): readonly Entry[] {
  return routes
    .flatMap((route) =>
      route.rules.flatMap((rule) =>
        (rule.matches.length === 0 ? [null] : rule.matches).map((match) => ({ route, rule, match })),
      ),
    )
    .sort((a, b) => compareEntries(a, b, order).order);
}

/**
 * Compares two matches that both fit a request: by the order of their gateway, or, if the routes' dialect says so, by
 * the order in which the rules are written. If they are equal in it, the older
 * route wins, then the first namespace and name (istio/istio, pilot/pkg/config/kube/gateway/conversion.go,
 * `sortRoutesByCreationTime`; Envoy Gateway, kgateway and nginx do the same); compareAge says what a missing timestamp means.
 */
export function compareEntries(a: Entry, b: Entry, order: MatchOrder): Decision {
  const written = a.route.dialect.order === 'written' || b.route.dialect.order === 'written';
  const byMatch = written ? null : compareMatches(a.match, b.match, order);
  return byMatch ?? decide(TIE_STEPS, a, b) ?? { order: 0, why: 'order in the rule' };
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

function compareNames({ ref: a }: Route, { ref: b }: Route): number {
  return compareText(a.namespace, b.namespace) || compareText(a.name, b.name);
}
