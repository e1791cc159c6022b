/** Which requests a route takes: Envoy's route match, and the order of the Gateway API. */
import type { PathMatch, RouteMatch, ValueMatch } from '../../plan/manifests/model.js';
import type { Json } from '../mesh/names.js';

/** @param match null: a rule without matches, which takes everything */
export function envoyMatch(match: RouteMatch | null): Json {
  const headers = [
    ...(match?.method ? [{ name: ':method', string_match: { exact: match.method } }] : []),
    ...(match?.headers ?? []).map(valueMatch),
  ];
  const parameters = (match?.queryParams ?? []).map(valueMatch);
  return {
    ...pathMatch(match?.path ?? null),
    case_sensitive: true,
    ...(headers.length === 0 ? {} : { headers }),
    ...(parameters.length === 0 ? {} : { query_parameters: parameters }),
  };
}

function pathMatch(path: PathMatch | null): Json {
  switch (path?.type) {
    case undefined:
      return { prefix: '/' };
    case 'Exact':
      return { path: path.value };
    case 'TextPrefix':
      return { prefix: path.value };
    case 'RegularExpression':
      return { safe_regex: { regex: path.value } };
    case 'PathPrefix': {
      // To the Gateway API `/api/` and `/api` are the same prefix; Envoy refuses the slash at the end.
      const value = path.value.replace(/\/+$/, '');
      return value === '' ? { prefix: '/' } : { path_separated_prefix: value };
    }
  }
}

function valueMatch(match: ValueMatch): Json {
  switch (match.type) {
    case 'Exact':
      return { name: match.name, string_match: { exact: match.value } };
    case 'TextPrefix':
      return { name: match.name, string_match: { prefix: match.value } };
    case 'RegularExpression':
      return { name: match.name, string_match: { safe_regex: { regex: match.value } } };
    case 'Present':
      return { name: match.name, present_match: true };
  }
}

const PATH_RANK: Readonly<Record<PathMatch['type'], number>> = {
  Exact: 3,
  PathPrefix: 2,
  TextPrefix: 2,
  RegularExpression: 1,
};

/**
 * Order of two matches on one host, most specific first: exact path, prefix, regular expression; then the
 * longer path, a method, more headers, more query parameters (Gateway API, as istiod sorts).
 *
 * @returns negative when `a` comes first, 0 when equal
 */
export function compareMatches(a: RouteMatch | null, b: RouteMatch | null): number {
  return (
    rank(b) - rank(a) ||
    pathLength(b) - pathLength(a) ||
    Number(Boolean(b?.method)) - Number(Boolean(a?.method)) ||
    (b?.headers.length ?? 0) - (a?.headers.length ?? 0) ||
    (b?.queryParams.length ?? 0) - (a?.queryParams.length ?? 0)
  );
}

function rank(match: RouteMatch | null): number {
  return PATH_RANK[match?.path?.type ?? 'PathPrefix'];
}

function pathLength(match: RouteMatch | null): number {
  return match?.path?.value.length ?? 1;
}
