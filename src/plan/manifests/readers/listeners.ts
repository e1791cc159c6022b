/** `listeners` of a Gateway or a ListenerSet, with the conditions that the status has of each. */
import { GATEWAY_API } from '../dialect.js';
import type { Field } from '../fields.js';
import type { Listener, NamespaceChoice } from '../model.js';
import { hostname, objectName } from './checks.js';
import { readConditions } from './conditions.js';
import { readSelector } from './labels.js';

const MAX_PORT = 65_535;

/** Ports of listeners that name none (istio/istio, gatewaycommon/gateway_utils.go, `ListenerEntryPortNumber`). */
const DEFAULT_PORTS = new Map([
  ['HTTP', 80],
  ['HTTPS', 443],
]);

/**
 * The listeners of a resource.
 *
 * @param namespace of the resource
 * @param mayLackPort whether a listener has the usual port of its protocol if it names none, or 0
 */
export function readListeners(resource: Field, namespace: string, mayLackPort = false): Listener[] {
  const conditions = new Map(
    resource
      .get('status')
      .get('listeners')
      .items()
      .map((listener) => [listener.get('name').text(), readConditions(listener)]),
  );
  return resource
    .get('spec')
    .get('listeners')
    .items()
    .map((field) => {
      const listener = readListener(field, namespace, mayLackPort);
      const said = conditions.get(listener.name);
      return said === undefined ? listener : { ...listener, conditions: said };
    });
}

/** `namespaces` of `allowedRoutes` or `allowedListeners`; null: none. */
export function readNamespaces(
  namespaces: Field,
  own: string,
  otherwise: 'Same' | 'None',
): NamespaceChoice | null {
  const from = namespaces.get('from').oneOf(otherwise, 'Same', 'All', 'Selector', 'None');
  if (from === 'None') return null;
  if (from === 'Same') return own;
  return from === 'All' ? [] : readSelector(namespaces.get('selector'));
}

function readListener(listener: Field, namespace: string, mayLackPort: boolean): Listener {
  const host = listener.get('hostname');
  const allowed = listener.get('allowedRoutes');
  // No namespace has an empty name.
  const routesFrom = readNamespaces(allowed.get('namespaces'), namespace, 'Same') ?? '';
  const routeKinds = allowed.get('kinds').items().map(readKind);
  return {
    name: objectName(listener.get('name')),
    hostname: host.text() ? hostname(host) : null,
    port: readPort(listener, mayLackPort),
    protocol: listener.get('protocol').requiredText(),
    certificates: listener
      .get('tls')
      .get('certificateRefs')
      .items()
      .map((certificate) => objectName(certificate.get('name'))),
    routesFrom,
    ...(routeKinds.length === 0 ? {} : { routeKinds }),
  };
}

function readPort(listener: Field, mayLack: boolean): number {
  const field = listener.get('port');
  const port = field.whole(mayLack ? 0 : 1, MAX_PORT);
  const usual = mayLack ? DEFAULT_PORTS.get(listener.get('protocol').requiredText()) : undefined;
  return port || (usual ?? field.fail('is missing'));
}

/** Kinds of other groups are none of the routes that are read. */
function readKind(one: Field): string {
  const kind = objectName(one.get('kind'));
  const group = one.get('group').text() ?? GATEWAY_API.group;
  return group === GATEWAY_API.group ? kind : `${kind}.${group}`;
}
