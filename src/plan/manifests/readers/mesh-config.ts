/** The mesh config of Istio: in the ConfigMap that istiod reads, or in the IstioOperator that makes it. */
import { yamlIn } from '../documents.js';
import type { Field } from '../fields.js';
import type { ResourceRef } from '../model.js';
import { type Reader, resourceLabel, type SetBuilder } from '../resource.js';
import { optionalName } from './checks.js';
import { readPolicy } from './destination-rule.js';

/** istiod's own, `istio`, or that of a revision, `istio-canary`. */
const CONFIG_MAP_NAME = /^istio(-|$)/;

export const meshConfigMap: Reader = {
  kind: 'ConfigMap',
  group: '',
  versions: ['v1'],
  accepts: (resource) =>
    CONFIG_MAP_NAME.test(resource.get('metadata').get('name').text() ?? '') &&
    resource.get('data').get('mesh').isText,
  read(resource, ref, set) {
    const mesh = yamlIn(resource.get('data').get('mesh'), `${resourceLabel(ref)}: data.mesh`);
    if (mesh !== null) readMeshConfig(mesh, ref, set);
  },
};

export const istioOperator: Reader = {
  kind: 'IstioOperator',
  group: 'install.istio.io',
  versions: ['v1alpha1'],
  // istioctl needs no name.
  defaultName: 'istio',
  accepts: (resource) => resource.get('spec').get('meshConfig').present,
  read(resource, ref, set) {
    readMeshConfig(resource.get('spec').get('meshConfig'), ref, set);
  },
};

function readMeshConfig(config: Field, ref: ResourceRef, set: SetBuilder): void {
  set.meshConfigs.push({
    ref,
    rootNamespace: optionalName(config.get('rootNamespace')),
    destinationRuleExportTo: config
      .get('defaultDestinationRuleExportTo')
      .items()
      .map((namespace) => namespace.requiredText()),
    defaultTrafficPolicy: readPolicy(config.get('defaultTrafficPolicy')),
  });
}
