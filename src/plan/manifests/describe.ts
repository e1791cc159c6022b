/** Routes, rules and matches in words, fit for a terminal. */

import { plain } from '../../text/numbers.js';
import { printable } from '../../text/printable.js';
import { isSecretName, SECRET } from '../../text/secrets.js';
import type { Arrival, Mirror, PathMatch, Route, RouteMatch, RouteRule, ValueMatch } from './model.js';
import { resourceLabel } from './resource.js';

/** `HTTPRoute istio-test/backend-route, rule 2 (canary)`; a rule of a delegate names it too. */
export function describeRule(route: Route, { name, index, delegate }: RouteRule): string {
  const called = name === null ? '' : ` (${printable(name)})`;
  const at = delegate?.ruleIndex ?? null;
  const other =
    at === null || !delegate ? '' : `, rule ${at + 1} of its delegate ${delegate.namespace}/${delegate.name}`;
  return `${resourceLabel(route.ref)}, rule ${index + 1}${called}${other}`;
}

/** `PathPrefix /api, GET, header x-canary = yes`; `every request` for no match at all. */
export function describeMatch(match: RouteMatch | null): string {
  const parts: string[] = [];
  if (match?.path) parts.push(describePath(match.path, match.ignorePathCase));
  if (match?.method) parts.push(match.method);
  for (const header of match?.headers ?? []) parts.push(`header ${describeValue(header)}`);
  for (const header of match?.withoutHeaders ?? []) parts.push(`without header ${describeValue(header)}`);
  for (const param of match?.queryParams ?? []) parts.push(`query ${describeValue(param)}`);
  if (match?.arrival) parts.push(...describeArrival(match.arrival));
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

/** `10 % of requests to web-v3` */
export function describeCopies({ name, percent }: Pick<Mirror, 'name' | 'percent'>): string {
  return printable(`${shareOfRequests(percent)} to ${name}`);
}

/** `10 % of requests` */
export function shareOfRequests(percent: number): string {
  if (percent === 0) return 'no request';
  return percent === 100 ? 'all requests' : `${plain(percent)} % of requests`;
}

/** `PathPrefix /api`; `prefix /api` for that of a VirtualService or of a gRPC service, which need not end at a slash. */
export function describePath({ type, value }: PathMatch, ignoreCase = false): string {
  return `${type === 'TextPrefix' ? 'prefix' : type} ${value}${ignoreCase ? ' in any case' : ''}`;
}

/** `port 80`, `gateway istio-system/public or mesh` */
function describeArrival({ gateways, port, sourceLabels, sourceNamespace }: Arrival): string[] {
  return [
    ...(port === null ? [] : [`port ${port}`]),
    ...(gateways.length === 0 ? [] : [`gateway ${gateways.join(' or ')}`]),
    ...Object.entries(sourceLabels).map(([key, value]) => `source label ${key} = ${value}`),
    ...(sourceNamespace === null ? [] : [`source namespace ${sourceNamespace}`]),
  ];
}

/** `x-canary = yes`; values of names that are secret are not shown. */
export function describeValue({ name, type, value }: ValueMatch): string {
  if (type === 'Present') return name;
  // A regular expression says what to give, and is rarely a secret itself: `cookie matches .*user=jason.*`.
  const shown = type !== 'RegularExpression' && isSecretName(name) ? SECRET : value;
  return `${name} ${{ Exact: '=', TextPrefix: 'begins with', RegularExpression: 'matches' }[type]} ${shown}`;
}
