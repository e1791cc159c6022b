/** Policies with session persistence for Services: XBackendTrafficPolicy, and BackendLBPolicy before it. */
import { GATEWAY_API } from '../dialect.js';
import type { Reader } from '../resource.js';
import { objectName } from './checks.js';
import { readSession } from './session-persistence.js';

function policyReader(kind: string, group: string, version: string): Reader {
  return {
    kind,
    group,
    versions: [version],
    accepts: (resource) => resource.get('spec').get('sessionPersistence').present,
    read(resource, ref, set) {
      const spec = resource.get('spec');
      const session = readSession(spec.get('sessionPersistence'));
      if (session === null) return;
      const services = spec
        .get('targetRefs')
        .items()
        .filter((target) => target.get('kind').text() === 'Service' && !target.get('group').text())
        .map((target) => objectName(target.get('name')));
      set.sessionPolicies.push({ ref, services, session });
    },
  };
}

export const xBackendTrafficPolicy: Reader = policyReader(
  'XBackendTrafficPolicy',
  'gateway.networking.x-k8s.io',
  'v1alpha1',
);

export const backendLbPolicy: Reader = policyReader('BackendLBPolicy', GATEWAY_API.group, 'v1alpha2');
