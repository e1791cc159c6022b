/** Routes, rules and matches in words, fit for a terminal. */

import { printable } from '../../text/printable.js';
import { isSecretName, SECRET } from '../../text/secrets.js';
import type { Route, RouteMatch, RouteRule, ValueMatch } from './model.js';
import { resourceLabel } from './resource.js';

/** `HTTPRoute istio-test/backend-route, rule 2 (canary)` */
export function describeRule(route: Route, rule: RouteRule): string {
  const name = rule.name === null ? '' : ` (${printable(rule.name)})`;
  return `${resourceLabel(route.ref)}, rule ${rule.index + 1}${name}`;
}

/** `PathPrefix /api, GET, header x-canary = yes`; `every request` for no match at all. */
export function describeMatch(match: RouteMatch | null): string {
  const parts: string[] = [];
  if (match?.path) parts.push(`${match.path.type} ${match.path.value}`);
  if (match?.method) parts.push(match.method);
  for (const header of match?.headers ?? []) parts.push(`header ${describeValue(header)}`);
  for (const param of match?.queryParams ?? []) parts.push(`query ${describeValue(param)}`);
  parts.push(...(match?.other ?? []));
  return parts.length === 0 ? 'every request' : printable(parts.join(', '), 200);
}

/** `backend-v1 90, backend-v2 10`, or what answers instead. */
export function describeBackends(rule: RouteRule): string {
  if (rule.answersItself !== null) return rule.answersItself;
  if (rule.backends.length === 0) return 'no backends';
  const shown = rule.backends.slice(0, 8).map(({ name, weight }) => `${name} ${weight}`);
  return printable(shown.join(', ') + (rule.backends.length > 8 ? ', …' : ''), 200);
}

function describeValue({ name, type, value }: ValueMatch): string {
  if (type === 'Present') return name;
  // A regular expression says what to give, and is rarely a secret itself: `cookie matches .*user=jason.*`.
  const shown = type !== 'RegularExpression' && isSecretName(name) ? SECRET : value;
  return `${name} ${{ Exact: '=', TextPrefix: 'begins with', RegularExpression: 'matches' }[type]} ${shown}`;
}
