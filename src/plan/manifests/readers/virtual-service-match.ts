/** What a VirtualService's rule matches. */

import type { Field } from '../fields.js';
import type { PathMatch, RouteMatch, ValueMatch } from '../model.js';
import { headerName, methodName, pattern, queryText } from './checks.js';

/** Conditions that a request to a gateway cannot be made to meet, or that are not modelled. */
const OTHER = [
  'scheme',
  'authority',
  'port',
  'sourceLabels',
  'sourceNamespace',
  'gateways',
  'withoutHeaders',
  'ignoreUriCase',
] as const;

/** One entry of `match`. */
export function readMatch(match: Field): RouteMatch {
  const other: string[] = OTHER.filter((key) => match.get(key).present);
  const method = match.get('method');
  const exact = method.get('exact');
  if (method.present && !exact.present) other.push('method');
  return {
    path: readUri(match.get('uri')),
    method: methodName(exact),
    headers: readValues(match.get('headers'), headerName),
    queryParams: readValues(match.get('queryParams'), queryText),
    other,
  };
}

function readUri(uri: Field): PathMatch | null {
  const found = readString(uri);
  if (found === null) return null;
  const { type, value } = found;
  if (type !== 'RegularExpression' && /[^\x21-\x7e]|[?#]/.test(value)) {
    uri.fail('holds characters that a path may not have');
  }
  return { type, value };
}

/** `headers` and `queryParams`: names with a StringMatch, or an empty one for "present". */
function readValues(values: Field, nameOf: (field: Field, key: string) => string): ValueMatch[] {
  return values.entries().map(([key, field]) => ({
    name: nameOf(field, key),
    ...(readString(field) ?? { type: 'Present', value: '' }),
  }));
}

/** A StringMatch: exact, prefix or regex; null when it is empty. */
function readString(
  field: Field,
): { type: 'Exact' | 'TextPrefix' | 'RegularExpression'; value: string } | null {
  const exact = field.get('exact');
  const prefix = field.get('prefix');
  const regex = field.get('regex');
  if ([exact, prefix, regex].filter((one) => one.present).length > 1) {
    field.fail('has more than one of exact, prefix and regex');
  }
  if (exact.present) return { type: 'Exact', value: queryText(exact) };
  if (prefix.present) return { type: 'TextPrefix', value: queryText(prefix) };
  return regex.present ? { type: 'RegularExpression', value: pattern(regex) } : null;
}
