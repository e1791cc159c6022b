/** What each step of a gateway's order compares. */
import { compareText } from '../../collections.js';
import type { MatchScore, MatchStep } from '../gateways/match-order.js';
import type { PathMatch, RouteMatch, ValueMatch } from '../manifests/model.js';
import { trimPrefix } from './request-match.js';

/** A negative number when `a` wins, positive when `b` does, 0 when this step does not decide. */
export type Step<T> = readonly [why: string, compare: (a: T, b: T) => number];

type Match = RouteMatch | null;

const PREFIX_FIRST = { Exact: 0, PathPrefix: 1, TextPrefix: 1, RegularExpression: 2 } as const;
const REGULAR_EXPRESSION_FIRST = { Exact: 0, RegularExpression: 1, PathPrefix: 2, TextPrefix: 2 } as const;

const KIND = 'kind of path match';
const LONGER = 'longer path';
const HEADERS = 'more headers';
const QUERY = 'more query parameters';

const STEPS: Readonly<Record<Exclude<MatchStep, MatchScore>, Step<Match>>> = {
  'exact, prefix, regular expression': [KIND, lowest((match) => PREFIX_FIRST[pathOf(match).type])],
  'exact, regular expression, prefix': [
    KIND,
    lowest((match) => REGULAR_EXPRESSION_FIRST[pathOf(match).type]),
  ],
  'longer path': [LONGER, highest((match) => pathLength(pathOf(match)))],
  'longer path as written': [LONGER, highest((match) => writtenLength(pathOf(match)))],
  'longer path unless regular expression': [
    LONGER,
    highest((match) => (pathOf(match).type === 'RegularExpression' ? 0 : pathLength(pathOf(match)))),
  ],
  'path in text order': ['path in text order', (a, b) => compareText(pathOf(a).value, pathOf(b).value)],
  'path in reverse text order': [
    'path in reverse text order',
    (a, b) => compareText(pathOf(b).value, pathOf(a).value),
  ],
  method: ['matches a method', highest(methods)],
  'more headers': [HEADERS, highest((match) => match?.headers.length ?? 0)],
  'more headers with method': [HEADERS, highest((match) => (match?.headers.length ?? 0) + methods(match))],
  'more exact headers with method': [
    'more exact headers',
    highest((match) => exact(match?.headers) + methods(match)),
  ],
  'more query parameters': [QUERY, highest((match) => match?.queryParams.length ?? 0)],
  'more exact query parameters': [
    'more exact query parameters',
    highest((match) => exact(match?.queryParams)),
  ],
};

/** The comparison of a step, and how an explanation calls it. */
export function matchStep(step: MatchStep): Step<Match> {
  if (typeof step === 'string') return STEPS[step];
  return ['path, method, headers and query parameters', highest((match) => score(match, step))];
}

function highest(value: (match: Match) => number): (a: Match, b: Match) => number {
  return (a, b) => value(b) - value(a);
}

function lowest(value: (match: Match) => number): (a: Match, b: Match) => number {
  return (a, b) => value(a) - value(b);
}

/** The API server completes a match without a path with the prefix `/`. */
function pathOf(match: Match): PathMatch {
  return match?.path ?? { type: 'PathPrefix', value: '/' };
}

function pathLength({ type, value }: PathMatch): number {
  return (type === 'PathPrefix' ? trimPrefix(value) : value).length;
}

function writtenLength({ type, value }: PathMatch): number {
  return type === 'PathPrefix' && value === '/' ? 0 : value.length;
}

function methods(match: Match): number {
  return match !== null && match.method !== null ? 1 : 0;
}

function exact(values: readonly ValueMatch[] = []): number {
  return values.filter(({ type }) => type === 'Exact').length;
}

function score(match: Match, weights: MatchScore): number {
  const headers = weights.header * (match?.headers.length ?? 0);
  const queryParams = weights.queryParameter * (match?.queryParams.length ?? 0);
  return pathScore(pathOf(match), weights) + weights.method * methods(match) + headers + queryParams;
}

function pathScore({ type, value }: PathMatch, weights: MatchScore): number {
  if (type === 'Exact') return weights.exact;
  if (type !== 'RegularExpression' && value === '/' && weights.root !== null) return weights.root;
  const { base, perCharacter } = type === 'RegularExpression' ? weights.regularExpression : weights.prefix;
  return base + perCharacter * value.length;
}
