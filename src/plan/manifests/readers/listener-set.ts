/** ListenerSet of the Gateway API (1.5), and XListenerSet, as it was called while it was experimental. */
import { GATEWAY_API } from '../dialect.js';
import type { Reader } from '../resource.js';
import { objectName, optionalName } from './checks.js';
import { readConditions } from './conditions.js';
import { readListeners } from './listeners.js';

function listenerSetReader(kind: string, group: string, version: string): Reader {
  return {
    kind,
    group,
    versions: [version],
    read(resource, ref, set) {
      const parent = resource.get('spec').get('parentRef');
      const listeners = readListeners(resource, ref.namespace, true);
      set.listenerSets.push({
        ref,
        family: GATEWAY_API,
        gateway: {
          name: objectName(parent.get('name')),
          namespace: optionalName(parent.get('namespace')) ?? ref.namespace,
        },
        listeners: listeners.map((listener) => ({ ...listener, listenerSet: ref })),
        conditions: readConditions(resource.get('status')),
      });
    },
  };
}

export const listenerSet = listenerSetReader('ListenerSet', GATEWAY_API.group, 'v1');
export const experimentalListenerSet = listenerSetReader(
  'XListenerSet',
  'gateway.networking.x-k8s.io',
  'v1alpha1',
);
