/** Gateway of the Gateway API. */

import { GATEWAY_API } from '../dialect.js';
import type { Field } from '../fields.js';
import type { Listener } from '../model.js';
import type { Reader } from '../resource.js';
import { hostname, objectName } from './checks.js';
import { readConditions } from './conditions.js';

export const gateway: Reader = {
  kind: 'Gateway',
  group: GATEWAY_API.group,
  versions: ['v1', 'v1beta1'],
  read(resource, ref, set) {
    const spec = resource.get('spec');
    const status = resource.get('status');
    const conditions = new Map(
      status
        .get('listeners')
        .items()
        .map((listener) => [listener.get('name').text(), readConditions(listener)]),
    );
    set.gateways.push({
      ref,
      family: GATEWAY_API,
      className: spec.get('gatewayClassName').text(),
      listeners: spec
        .get('listeners')
        .items()
        .map((listener) => readListener(listener, ref.namespace))
        .map((listener) => {
          const said = conditions.get(listener.name);
          return said === undefined ? listener : { ...listener, conditions: said };
        }),
      statusAddresses: readAddresses(status),
      specAddresses: readAddresses(spec),
      conditions: readConditions(status),
    });
  },
};

function readListener(listener: Field, own: string): Listener {
  const host = listener.get('hostname');
  return {
    name: objectName(listener.get('name')),
    hostname: host.text() ? hostname(host) : null,
    port: listener.get('port').whole(1, 65_535) ?? listener.get('port').fail('is missing'),
    protocol: listener.get('protocol').requiredText(),
    certificates: listener
      .get('tls')
      .get('certificateRefs')
      .items()
      .map((certificate) => objectName(certificate.get('name'))),
    ...readAllowedRoutes(listener.get('allowedRoutes'), own),
  };
}

/** Without `namespaces` only routes of the Gateway's own. A selector asks for labels of namespaces, which no manifest tells. */
function readAllowedRoutes(allowed: Field, own: string): Pick<Listener, 'routesFrom' | 'routeKinds'> {
  const from = allowed.get('namespaces').get('from').text() ?? 'Same';
  const kinds = allowed.get('kinds').items();
  return {
    ...(from === 'Same' ? { routesFrom: own } : {}),
    ...(kinds.length === 0 ? {} : { routeKinds: kinds.map((kind) => kind.get('kind').requiredText()) }),
  };
}

/** Values of `addresses`; an address may be asked for without one. */
function readAddresses(owner: Field): string[] {
  return owner
    .get('addresses')
    .items()
    .flatMap((address) => {
      const value = address.get('value');
      const text = value.text();
      if (!text) return [];
      if (!/^[0-9A-Za-z.:_-]{1,253}$/.test(text)) value.fail('is neither an IP address nor a hostname');
      return [text];
    });
}
