/** The order in which gateways try the matches of Gateway API routes, as data. plan/routes/precedence.ts compares by it. */

/** Steps of a comparison. A later step decides only where all before it see no difference. */
export type MatchStep =
  /** Kinds of path matches, the first one first. */
  | 'exact, prefix, regular expression'
  | 'exact, regular expression, prefix'
  /** The longer path; slashes at the end of a prefix do not count. */
  | 'longer path'
  /** The longer path as written; the prefix `/` has the length 0. */
  | 'longer path as written'
  /** The longer path; regular expressions are not compared. */
  | 'longer path unless regular expression'
  /** Text order of paths. */
  | 'path in text order'
  | 'path in reverse text order'
  | 'method'
  | 'more headers'
  /** A method counts as one more header. */
  | 'more headers with method'
  | 'more exact headers with method'
  | 'more query parameters'
  | 'more exact query parameters'
  | MatchScore;

/** One sum decides, instead of steps one after the other: the larger one first. */
export interface MatchScore {
  readonly exact: number;
  readonly prefix: { readonly base: number; readonly perCharacter: number };
  /** The prefix `/`, if it is counted in its own way. */
  readonly root: number | null;
  readonly regularExpression: { readonly base: number; readonly perCharacter: number };
  readonly method: number;
  readonly header: number;
  readonly queryParameter: number;
}

export type MatchOrder = readonly MatchStep[];

const GATEWAY_API_REST: MatchOrder = ['method', 'more headers', 'more query parameters'];

export const ISTIO_ORDER: MatchOrder = [
  'exact, prefix, regular expression',
  'longer path',
  ...GATEWAY_API_REST,
];

export const KGATEWAY_ORDER: MatchOrder = [
  'exact, regular expression, prefix',
  'longer path unless regular expression',
  ...GATEWAY_API_REST,
];

export const ENVOY_GATEWAY_ORDER: MatchOrder = [
  'exact, regular expression, prefix',
  'longer path as written',
  'more headers with method',
  'more exact headers with method',
  'more query parameters',
  'more exact query parameters',
];

export const CONTOUR_ORDER: MatchOrder = [
  'exact, regular expression, prefix',
  'longer path',
  'path in reverse text order',
  ...GATEWAY_API_REST,
];

export const NGINX_ORDER: MatchOrder = [
  'exact, regular expression, prefix',
  'longer path',
  'path in text order',
  ...GATEWAY_API_REST,
];

export const TRAEFIK_ORDER: MatchOrder = [
  {
    exact: 100_000,
    prefix: { base: 10_000, perCharacter: 100 },
    root: 1,
    regularExpression: { base: 10_000, perCharacter: 100 },
    method: 1000,
    header: 100,
    queryParameter: 10,
  },
];

export const VARNISH_ORDER: MatchOrder = [
  {
    exact: 100_000,
    prefix: { base: 10_000, perCharacter: 100 },
    root: null,
    regularExpression: { base: 5000, perCharacter: 0 },
    method: 5000,
    header: 200,
    queryParameter: 100,
  },
];

/**
 * What the Gateway API leaves open: the place of regular expressions among paths, and their order among themselves.
 * A gateway that is not known may have either order.
 */
export const OPEN_ORDERS: readonly MatchOrder[] = [ISTIO_ORDER, KGATEWAY_ORDER];
