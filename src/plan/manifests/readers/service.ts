/** The core Service: the lab takes its pods' ports from it. */

import type { Field } from '../fields.js';
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
      loadBalancer: resource.get('status').get('loadBalancer').get('ingress').items().flatMap(readIngress),
    });
  },
};

/** An IP address or a host name of a load balancer; it may have neither yet. */
function readIngress(ingress: Field): string[] {
  const value = ['ip', 'hostname'].map((key) => ingress.get(key)).find((field) => field.text());
  const text = value?.text();
  if (!text) return [];
  if (!/^[0-9A-Za-z.:_-]{1,253}$/.test(text)) value?.fail('is neither an IP address nor a hostname');
  return [text];
}
