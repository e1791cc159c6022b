/** HTTPRoute of the Gateway API. */

import { gatewayApiDuration } from '../durations.js';
import type { Field } from '../fields.js';
import type { PathMatch, ResourceRef, RetryPolicy, RouteMatch, RouteRule } from '../model.js';
import type { Reader, SetBuilder } from '../resource.js';
import { nameBackends } from './backend-names.js';
import { readBackends, readFilters } from './backend-refs.js';
import { methodName, optionalName, pathText, pattern } from './checks.js';
import { GATEWAY_API_ROUTE, readValueMatches, routeReader } from './gateway-api.js';
import { readSession } from './session-persistence.js';

export const httpRoute: Reader = routeReader('HTTPRoute', ['v1', 'v1beta1'], GATEWAY_API_ROUTE, readRule);

function readRule(rule: Field, index: number, ref: ResourceRef, set: SetBuilder): RouteRule {
  const filters = readFilters(rule, ref, set);
  const timeouts = rule.get('timeouts');
  const backendRequestMs = gatewayApiDuration(timeouts.get('backendRequest'));
  return {
    index,
    name: optionalName(rule.get('name')),
    line: rule.line,
    matches: rule.get('matches').items().map(readMatch),
    backends: readBackends(rule, ref, set),
    requestHeaders: filters.requestHeaders,
    responseHeaders: filters.responseHeaders,
    mirrors: nameBackends(filters.mirrors),
    timeouts: { requestMs: gatewayApiDuration(timeouts.get('request')), backendRequestMs },
    retries: readRetry(rule.get('retry'), backendRequestMs),
    fault: null,
    answersItself: filters.answersItself,
    reply: filters.reply,
    filters: filters.others,
    session: readSession(rule.get('sessionPersistence')),
  };
}

function readMatch(match: Field): RouteMatch {
  const path = match.get('path');
  return {
    path: path.present ? readPath(path) : null,
    method: methodName(match.get('method')),
    headers: readValueMatches(match, 'headers'),
    queryParams: readValueMatches(match, 'queryParams'),
    other: [],
  };
}

function readPath(path: Field): PathMatch {
  const type = path.get('type').oneOf('PathPrefix', 'Exact', 'RegularExpression');
  const value = path.get('value');
  if (type !== 'RegularExpression') return { type, value: pathText(value, '/') };
  return { type, value: value.present ? pattern(value) : '/' };
}

/**
 * A `retry` stanza as istiod translates it: two attempts unless it says otherwise, on connection errors and
 * the given status codes.
 */
function readRetry(retry: Field, backendRequestMs: number | null): RetryPolicy | null {
  if (!retry.present) return null;
  const codes = retry
    .get('codes')
    .items()
    .map((code) => code.whole(100, 599));
  return {
    attempts: retry.get('attempts').whole(0, 1000) ?? 2,
    retryOn: ['connect-failure', 'refused-stream', 'unavailable', 'cancelled', ...codes].join(','),
    perTryTimeoutMs: backendRequestMs,
    backoffMs: gatewayApiDuration(retry.get('backoff')) || null,
  };
}
