/** ReferenceGrant of the Gateway API. */
import { GATEWAY_API } from '../dialect.js';
import type { Reader } from '../resource.js';
import { objectName, optionalName } from './checks.js';

export const referenceGrant: Reader = {
  kind: 'ReferenceGrant',
  group: GATEWAY_API.group,
  versions: ['v1', 'v1beta1', 'v1alpha2'],
  read(resource, ref, set) {
    const spec = resource.get('spec');
    set.referenceGrants.push({
      ref,
      from: spec
        .get('from')
        .items()
        .map((from) => ({
          group: from.get('group').text() ?? '',
          kind: objectName(from.get('kind')),
          namespace: objectName(from.get('namespace')),
        })),
      to: spec
        .get('to')
        .items()
        .map((to) => ({
          group: to.get('group').text() ?? '',
          kind: objectName(to.get('kind')),
          name: optionalName(to.get('name')),
        })),
    });
  },
};
