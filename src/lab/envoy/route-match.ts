/** Which requests a route takes, as Envoy's route match. */
import type { PathMatch, RouteMatch, ValueMatch } from '../../plan/manifests/model.js';
import { trimPrefix } from '../../plan/routes/request-match.js';
import type { Json } from './json.js';

/** @param match null: a rule without matches, which takes everything */
export function envoyMatch(match: RouteMatch | null): Json {
  const headers = [
    ...(match?.method ? [{ name: ':method', string_match: { exact: match.method } }] : []),
    ...(match?.headers ?? []).map(valueMatch),
    ...(match?.withoutHeaders ?? []).map(inverted),
  ];
  const parameters = (match?.queryParams ?? []).map(valueMatch);
  return {
    ...pathMatch(match?.path ?? null),
    case_sensitive: match?.ignorePathCase !== true,
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
      // Envoy refuses the slash at the end.
      const value = trimPrefix(path.value);
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

/** A header that a request must not have with such a value; a missing one counts as empty. */
function inverted(match: ValueMatch): Json {
  return {
    ...valueMatch(match),
    invert_match: true,
    ...(match.type === 'Present' ? {} : { treat_missing_header_as_empty: true }),
  };
}
