/** The apps Deployment: the lab takes the number of pods, their labels and http-echo's arguments from it. */

import type { Reader } from '../resource.js';
import { readLabels } from './destination-rule.js';

export const deployment: Reader = {
  kind: 'Deployment',
  group: 'apps',
  versions: ['v1'],
  read(resource, ref, set) {
    const spec = resource.get('spec');
    const template = spec.get('template');
    const containers = template.get('spec').get('containers').items();
    const labels = resource.get('metadata').get('labels');
    set.deployments.push({
      ref,
      replicas: spec.get('replicas').whole(0, 100_000) ?? 1,
      podLabels: readLabels(template.get('metadata').get('labels')),
      args:
        containers[0]
          ?.get('args')
          .items()
          .map((arg) => arg.text() ?? '') ?? [],
      images: containers.flatMap((container) => container.get('image').text() ?? []),
      versionLabels: readLabels(labels, (key) => key.endsWith('/version')),
    });
  },
};
