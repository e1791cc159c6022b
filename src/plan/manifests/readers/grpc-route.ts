/** GRPCRoute of the Gateway API: a method is the path `/service/method`. */

import type { Field } from '../fields.js';
import type { PathMatch, ResourceRef, RouteRule } from '../model.js';
import type { Reader, SetBuilder } from '../resource.js';
import { nameBackends } from './backend-names.js';
import { readBackends, readFilters } from './backend-refs.js';
import { optionalName, pattern } from './checks.js';
import { GATEWAY_API_ROUTE, readValueMatches, routeReader } from './gateway-api.js';
import { readSession } from './session-persistence.js';

export const grpcRoute: Reader = routeReader(
  'GRPCRoute',
  ['v1', 'v1alpha2'],
  { ...GATEWAY_API_ROUTE, protocol: 'grpc' },
  readRule,
);

function readRule(rule: Field, index: number, ref: ResourceRef, set: SetBuilder): RouteRule {
  const filters = readFilters(rule, ref, set);
  return {
    index,
    name: optionalName(rule.get('name')),
    line: rule.line,
    matches: rule
      .get('matches')
      .items()
      .map((match) => ({
        path: readMethod(match.get('method')),
        method: null,
        headers: readValueMatches(match, 'headers'),
        queryParams: [],
        other: [],
      })),
    backends: readBackends(rule, ref, set),
    requestHeaders: filters.requestHeaders,
    responseHeaders: filters.responseHeaders,
    mirrors: nameBackends(filters.mirrors),
    timeouts: { requestMs: null, backendRequestMs: null },
    retries: null,
    fault: null,
    answersItself: filters.answersItself,
    filters: filters.others,
    session: readSession(rule.get('sessionPersistence')),
  };
}

function readMethod(method: Field): PathMatch | null {
  const type = method.get('type').oneOf('Exact', 'RegularExpression');
  const service = part(method.get('service'), type);
  const name = part(method.get('method'), type);
  if (service === null && name === null) return null;
  if (type === 'Exact' && service !== null) {
    return name === null
      ? { type: 'TextPrefix', value: `/${service}/` }
      : { type: 'Exact', value: `/${service}/${name}` };
  }
  const literal = (text: string) => (type === 'Exact' ? text.replaceAll('.', '\\.') : text);
  const value = `/${literal(service ?? '[^/]+')}/${name === null ? '.+' : literal(name)}`;
  // Two expressions that can be used may make one that cannot: it is too large, or has two groups of one name.
  return { type: 'RegularExpression', value: pattern(method, value) };
}

function part(field: Field, type: 'Exact' | 'RegularExpression'): string | null {
  const text = field.text() || null;
  if (text === null) return null;
  if (type === 'Exact' && !/^[A-Za-z0-9_.]+$/.test(text))
    field.fail('is not the name of a gRPC service or method');
  return type === 'Exact' ? text : pattern(field, text);
}
