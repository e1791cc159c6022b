/** Which of several matches wins. */
import type { PathMatch, Route, RouteMatch, RouteRule } from '../manifests/model.js';
import { trimPrefix } from './request-match.js';

/** One match of one rule of one route. */
export interface Entry {
  readonly route: Route;
  readonly rule: RouteRule;
  /** Null: the rule matches every request. */
  readonly match: RouteMatch | null;
}

/** Exact before prefix before regular expression (Istio's order; Gateway API leaves the last one open). */
const PATH_RANK = { Exact: 0, PathPrefix: 1, TextPrefix: 1, RegularExpression: 2 } as const;

/** A negative number when `a` wins, positive when `b` does, 0 when this step does not decide. */
type Step = readonly [why: string, compare: (a: Entry, b: Entry) => number];

const STEPS: readonly Step[] = [
  ['kind of path match', (a, b) => PATH_RANK[pathOf(a).type] - PATH_RANK[pathOf(b).type]],
  ['longer path', (a, b) => pathLength(b) - pathLength(a)],
  ['matches a method', (a, b) => Number(hasMethod(b)) - Number(hasMethod(a))],
  ['more headers', (a, b) => (b.match?.headers.length ?? 0) - (a.match?.headers.length ?? 0)],
  [
    'more query parameters',
    (a, b) => (b.match?.queryParams.length ?? 0) - (a.match?.queryParams.length ?? 0),
  ],
];

const TIES: readonly Step[] = [
  ['older route', (a, b) => created(a.route) - created(b.route) || 0],
  ['namespace and name', (a, b) => compareText(fullName(a.route), fullName(b.route))],
  ['order in the route', (a, b) => a.rule.index - b.rule.index],
];

/**
 * Compares two matches that both fit a request: Gateway API's precedence (in Istio's reading where it leaves
 * something open) for HTTPRoute and GRPCRoute, the order of the rules for VirtualServices.
 *
 * @returns the order (negative: `a` wins) and the step that decided
 */
export function compareEntries(a: Entry, b: Entry): { order: number; why: string } {
  const ordered = a.route.kind === 'VirtualService' || b.route.kind === 'VirtualService';
  for (const [why, compare] of ordered ? TIES : [...STEPS, ...TIES]) {
    const order = compare(a, b);
    if (order !== 0) return { order, why };
  }
  return { order: 0, why: 'order in the rule' };
}

function pathOf(entry: Entry): PathMatch {
  return entry.match?.path ?? { type: 'PathPrefix', value: '/' };
}

function pathLength(entry: Entry): number {
  const { type, value } = pathOf(entry);
  return (type === 'PathPrefix' ? trimPrefix(value) : value).length;
}

function hasMethod(entry: Entry): boolean {
  return entry.match !== null && entry.match.method !== null;
}

/** Routes that do not say when they were created come last. */
function created(route: Route): number {
  return route.ref.createdAt === null ? Number.MAX_VALUE : Date.parse(route.ref.createdAt);
}

function fullName(route: Route): string {
  return `${route.ref.namespace}/${route.ref.name}`;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
