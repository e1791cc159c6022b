/** Policies of one kind of gateway for the traffic to backends: BackendTrafficPolicy of Envoy Gateway, BackendConfigPolicy of kgateway. */
import type { Field } from '../fields.js';
import type { PolicyTarget, ResourceRef } from '../model.js';
import type { Reader, SetBuilder } from '../resource.js';
import { objectName, optionalName } from './checks.js';

export const backendTrafficPolicy: Reader = {
  kind: 'BackendTrafficPolicy',
  group: 'gateway.envoyproxy.io',
  versions: ['v1alpha1'],
  read: readPolicy,
};

export const backendConfigPolicy: Reader = {
  kind: 'BackendConfigPolicy',
  group: 'gateway.kgateway.dev',
  versions: ['v1alpha1'],
  read: readPolicy,
};

function readPolicy(resource: Field, ref: ResourceRef, set: SetBuilder): void {
  const spec = resource.get('spec');
  const one = spec.get('targetRef');
  set.gatewayPolicies.push({
    ref,
    // Envoy Gateway takes targetRef, where there is one (policy_helpers.go, `GetTargetRefs`).
    targets: (one.present ? [one] : spec.get('targetRefs').items()).map(readTarget),
    selectsByLabels: spec.get('targetSelectors').items().length > 0,
    spec,
  });
}

function readTarget(target: Field): PolicyTarget {
  return {
    group: target.get('group').text() ?? '',
    kind: target.get('kind').requiredText(),
    name: objectName(target.get('name')),
    sectionName: optionalName(target.get('sectionName')),
  };
}
