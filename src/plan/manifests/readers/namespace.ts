/** Namespace: its labels, by which a listener may choose it. */
import type { Reader } from '../resource.js';
import { readLabels } from './labels.js';

export const namespace: Reader = {
  kind: 'Namespace',
  group: '',
  versions: ['v1'],
  read(resource, ref, set) {
    set.namespaces.push({ ref, labels: readLabels(resource.get('metadata').get('labels')) });
  },
};
