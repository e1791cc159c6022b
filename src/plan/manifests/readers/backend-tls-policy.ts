/** BackendTLSPolicy of the Gateway API: only which Services it is for. */
import { GATEWAY_API } from '../dialect.js';
import type { Reader } from '../resource.js';
import { targetServices } from './target-services.js';

export const backendTlsPolicy: Reader = {
  kind: 'BackendTLSPolicy',
  group: GATEWAY_API.group,
  versions: ['v1', 'v1alpha3'],
  read(resource, ref, set) {
    set.backendTlsPolicies.push({ ref, services: targetServices(resource.get('spec')) });
  },
};
