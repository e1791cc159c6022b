/** GatewayClass of the Gateway API: which controller its Gateways belong to. */
import { GATEWAY_API } from '../dialect.js';
import type { Reader } from '../resource.js';

export const gatewayClass: Reader = {
  kind: 'GatewayClass',
  group: GATEWAY_API.group,
  versions: ['v1', 'v1beta1'],
  read(resource, ref, set) {
    set.gatewayClasses.push({
      ref,
      controllerName: resource.get('spec').get('controllerName').requiredText(),
    });
  },
};
