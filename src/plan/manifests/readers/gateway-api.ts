/** What HTTPRoute and GRPCRoute have in common: parents, status, header matches. */

import { type Dialect, GATEWAY_API } from '../dialect.js';
import type { Field } from '../fields.js';
import type { ParentRef, ParentStatus, ResourceRef, RouteRule, ValueMatch } from '../model.js';
import type { Reader, SetBuilder } from '../resource.js';
import { headerName, headerValue, hostname, objectName, optionalName, pattern, queryText } from './checks.js';
import { readConditions } from './conditions.js';

const MAX_PORT = 65_535;

/** Of HTTPRoute, and of GRPCRoute but for the protocol. */
export const GATEWAY_API_ROUTE: Dialect = {
  order: 'precedence',
  protocol: 'http',
  gateways: GATEWAY_API,
  sidecarParent: null,
  needsGrants: true,
  missingBackendStatus: 500,
  backendsAt: { rules: 'rules', backends: 'backendRefs', headers: 'filters' },
};

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

const LISTENER_SETS = ['ListenerSet', 'XListenerSet'];

/** Whether a parent is a Gateway or a ListenerSet. */
function isGateway(parent: Field): boolean {
  return ['Gateway', ...LISTENER_SETS].includes(parent.get('kind').text() ?? 'Gateway');
}

function readParent(parent: Field, ref: ResourceRef): ParentRef {
  const kind = parent.get('kind').text() ?? '';
  return {
    ...(LISTENER_SETS.includes(kind) ? { listenerSet: kind } : {}),
    name: objectName(parent.get('name')),
    namespace: optionalName(parent.get('namespace')) ?? ref.namespace,
    sectionName: optionalName(parent.get('sectionName')),
    port: parent.get('port').whole(1, MAX_PORT),
  };
}

/** What the status says of the parents that are Gateways or ListenerSets; null if there is no status. */
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
