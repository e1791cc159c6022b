/** Policies with session persistence or a retry budget for Services: XBackendTrafficPolicy, and BackendLBPolicy before it. */
import { GATEWAY_API } from '../dialect.js';
import type { Reader } from '../resource.js';
import { readSession } from './session-persistence.js';
import { targetServices } from './target-services.js';

function policyReader(kind: string, group: string, version: string): Reader {
  return {
    kind,
    group,
    versions: [version],
    accepts: (resource) =>
      ['sessionPersistence', 'retryConstraint'].some((key) => resource.get('spec').get(key).present),
    read(resource, ref, set) {
      const spec = resource.get('spec');
      const services = targetServices(spec);
      const session = readSession(spec.get('sessionPersistence'));
      const constraint = spec.get('retryConstraint');
      if (session !== null) set.sessionPolicies.push({ ref, services, session });
      if (constraint.present) set.retryBudgets.push({ ref, services, constraint });
    },
  };
}

export const xBackendTrafficPolicy: Reader = policyReader(
  'XBackendTrafficPolicy',
  'gateway.networking.x-k8s.io',
  'v1alpha1',
);

export const backendLbPolicy: Reader = policyReader('BackendLBPolicy', GATEWAY_API.group, 'v1alpha2');
