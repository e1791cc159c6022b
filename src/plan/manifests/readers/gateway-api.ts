/** What HTTPRoute and GRPCRoute have in common: parents, backendRefs, filters, header matches. */

import { printable } from '../../../text/printable.js';
import { type Dialect, GATEWAY_API } from '../dialect.js';
import type { Field } from '../fields.js';
import type {
  Backend,
  HeaderModifier,
  ParentRef,
  ParentStatus,
  ResourceRef,
  RouteRule,
  ValueMatch,
} from '../model.js';
import type { Reader, SetBuilder } from '../resource.js';
import { nameBackends, type UnnamedBackend } from './backend-names.js';
import { headerName, headerValue, hostname, objectName, optionalName, pattern, queryText } from './checks.js';
import { readConditions } from './conditions.js';

/** Gateway API's bound of a backendRef's weight. */
const MAX_WEIGHT = 1_000_000;
const MAX_PORT = 65_535;

/** Of HTTPRoute, and of GRPCRoute but for the protocol. */
export const GATEWAY_API_ROUTE: Dialect = {
  order: 'precedence',
  protocol: 'http',
  gateways: GATEWAY_API,
  sidecarParent: null,
  missingBackendStatus: 500,
  backendsAt: { rules: 'rules', backends: 'backendRefs', headers: 'filters' },
};

/** What a rule's or a backendRef's filters do, as far as it matters to responses. */
export interface Filters {
  readonly requestHeaders: HeaderModifier | null;
  readonly responseHeaders: HeaderModifier | null;
  readonly mirrors: readonly UnnamedBackend[];
  readonly answersItself: string | null;
}

function readHostnames(spec: Field): string[] {
  return spec
    .get('hostnames')
    .items()
    .map((item) => hostname(item));
}

function readParents(spec: Field, ref: ResourceRef): ParentRef[] {
  return spec
    .get('parentRefs')
    .items()
    .filter(isGateway)
    .map((parent) => readParent(parent, ref));
}

function isGateway(parent: Field): boolean {
  return (parent.get('kind').text() ?? 'Gateway') === 'Gateway';
}

function readParent(parent: Field, ref: ResourceRef): ParentRef {
  return {
    name: objectName(parent.get('name')),
    namespace: optionalName(parent.get('namespace')) ?? ref.namespace,
    sectionName: optionalName(parent.get('sectionName')),
    port: parent.get('port').whole(1, MAX_PORT),
  };
}

/** What the status says of the parents that are Gateways; null if there is no status. */
function readStatus(status: Field, ref: ResourceRef): ParentStatus[] | null {
  const parents = status.get('parents');
  if (!parents.present) return null;
  return parents
    .items()
    .filter((entry) => isGateway(entry.get('parentRef')))
    .map((entry) => ({
      parent: readParent(entry.get('parentRef'), ref),
      controllerName: entry.get('controllerName').text(),
      conditions: readConditions(entry),
    }));
}

/** Whether a parent is a Service of the core group: the route is for requests to that Service within the mesh. */
function isService(parent: Field): boolean {
  return parent.get('kind').text() === 'Service' && parent.get('group').text() === '';
}

/** A rule's backendRefs, of any group and kind, under names of their own. An unset weight is 1. */
export function readBackends(rule: Field, ref: ResourceRef, set: SetBuilder): Backend[] {
  const backends = rule
    .get('backendRefs')
    .items()
    .map((item) => {
      const { requestHeaders, responseHeaders } = readFilters(item, ref, set);
      return { ...readBackendRef(item, ref), requestHeaders, responseHeaders };
    });
  return nameBackends(backends);
}

function readBackendRef(item: Field, ref: ResourceRef): UnnamedBackend {
  return {
    refName: objectName(item.get('name')),
    group: item.get('group').text() ?? '',
    kind: optionalName(item.get('kind')) ?? 'Service',
    namespace: optionalName(item.get('namespace')) ?? ref.namespace,
    port: item.get('port').whole(1, MAX_PORT),
    subset: null,
    host: null,
    weight: item.get('weight').whole(0, MAX_WEIGHT) ?? 1,
    requestHeaders: null,
    responseHeaders: null,
  };
}

/**
 * Reads `filters`. Those that change only the request on its way (URLRewrite, CORS) are passed over; those
 * that are not known, and may do anything, are named among what was skipped.
 */
export function readFilters(owner: Field, ref: ResourceRef, set: SetBuilder): Filters {
  const filters = {
    requestHeaders: null as HeaderModifier | null,
    responseHeaders: null as HeaderModifier | null,
    mirrors: [] as UnnamedBackend[],
    answersItself: null as string | null,
  };
  for (const filter of owner.get('filters').items()) {
    const type = filter.get('type').requiredText();
    if (type === 'RequestHeaderModifier') {
      filters.requestHeaders = readModifier(filter.get('requestHeaderModifier'));
    } else if (type === 'ResponseHeaderModifier') {
      filters.responseHeaders = readModifier(filter.get('responseHeaderModifier'));
    } else if (type === 'RequestMirror') {
      filters.mirrors.push(readBackendRef(filter.get('requestMirror').get('backendRef'), ref));
    } else if (type === 'RequestRedirect') {
      filters.answersItself = type;
    } else if (type !== 'URLRewrite' && type !== 'CORS') {
      set.skipped.push(`${filter.place}: ${filter.path}: a filter of type ${printable(type)} is not read`);
    }
  }
  return filters;
}

function readModifier(modifier: Field): HeaderModifier {
  const pairs = (key: string) =>
    modifier
      .get(key)
      .items()
      .map((item) => [headerName(item.get('name')), headerValue(item.get('value'))] as const);
  const remove = modifier
    .get('remove')
    .items()
    .map((item) => headerName(item));
  return { set: pairs('set'), add: pairs('add'), remove };
}

/** `headers` or `queryParams` of a match. */
export function readValueMatches(match: Field, key: 'headers' | 'queryParams'): ValueMatch[] {
  return match
    .get(key)
    .items()
    .map((item) => {
      const name = item.get('name');
      const value = item.get('value');
      const literal = key === 'headers' ? headerValue : queryText;
      const type = item.get('type').oneOf('Exact', 'RegularExpression');
      return {
        name: key === 'headers' ? headerName(name) : queryText(name, name.requiredText()),
        type,
        value: type === 'RegularExpression' ? pattern(value) : literal(value),
      };
    });
}

/** Reads a kind of route that differs from the others in its rules only. */
export function routeReader(
  kind: string,
  versions: readonly string[],
  dialect: Dialect,
  readRule: (rule: Field, index: number, ref: ResourceRef, set: SetBuilder) => RouteRule,
): Reader {
  return {
    kind,
    group: GATEWAY_API.group,
    versions,
    dialect,
    read(resource, ref, set) {
      const spec = resource.get('spec');
      set.routes.push({
        ref,
        dialect,
        hostnames: readHostnames(spec),
        parents: readParents(spec, ref),
        status: readStatus(resource.get('status'), ref),
        inMesh: spec.get('parentRefs').items().some(isService),
        rules: spec
          .get('rules')
          .items()
          .map((rule, index) => readRule(rule, index, ref, set)),
      });
    },
  };
}
