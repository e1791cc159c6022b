/** The core Service: the lab takes its pods' ports from it. */

import type { Reader } from '../resource.js';
import { optionalName } from './checks.js';
import { readLabels } from './destination-rule.js';

export const service: Reader = {
  kind: 'Service',
  group: '',
  versions: ['v1'],
  read(resource, ref, set) {
    const spec = resource.get('spec');
    set.services.push({
      ref,
      selector: readLabels(spec.get('selector')),
      ports: spec
        .get('ports')
        .items()
        .map((port) => ({
          name: optionalName(port.get('name')),
          port: port.get('port').whole(1, 65_535) ?? port.get('port').fail('is missing'),
          targetPort: port.get('targetPort').textOrWhole(),
          appProtocol: port.get('appProtocol').text(),
        })),
    });
  },
};
