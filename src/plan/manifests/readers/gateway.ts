/** Gateway of the Gateway API. */

import { GATEWAY_API } from '../dialect.js';
import type { Field } from '../fields.js';
import type { Reader } from '../resource.js';
import { readConditions } from './conditions.js';
import { readListeners, readNamespaces } from './listeners.js';

export const gateway: Reader = {
  kind: 'Gateway',
  group: GATEWAY_API.group,
  versions: ['v1', 'v1beta1'],
  read(resource, ref, set) {
    const spec = resource.get('spec');
    const status = resource.get('status');
    const taken = spec.get('allowedListeners').get('namespaces');
    const listenerSetsFrom = readNamespaces(taken, ref.namespace, 'None');
    set.gateways.push({
      ref,
      family: GATEWAY_API,
      className: spec.get('gatewayClassName').text(),
      listeners: readListeners(resource, ref.namespace),
      statusAddresses: readAddresses(status),
      specAddresses: readAddresses(spec),
      conditions: readConditions(status),
      ...(listenerSetsFrom === null ? {} : { listenerSetsFrom }),
    });
  },
};

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
