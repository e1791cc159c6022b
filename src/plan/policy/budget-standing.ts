/** How the XBackendTrafficPolicy of a service stands to its DestinationRules. */
import { holdsInIstio, nameIstio } from '../gateways/istio-versions.js';
import { compareAge } from '../manifests/age.js';
import type { DestinationRule, RetryBudgetPolicy } from '../manifests/model.js';
import { appliedRules, type ClientRules, type ServiceName } from './destination-rules.js';
import { budgetPolicyOf } from './retry-budget.js';

/** It applies. */
export type ActiveStanding =
  | {
      /** Beside the DestinationRule's policy, if there is one. */
      readonly kind: 'fills';
      readonly policy: RetryBudgetPolicy;
      readonly beside: DestinationRule | null;
    }
  | {
      /** In place of the DestinationRule's policy. */
      readonly kind: 'alone';
      readonly policy: RetryBudgetPolicy;
      readonly over: DestinationRule;
      /** `Istio 1.30 takes only the older of both, as a whole` */
      readonly why: string;
    };

type BudgetStanding =
  | ActiveStanding
  | {
      readonly kind: 'hidden';
      readonly policy: RetryBudgetPolicy;
      readonly by: DestinationRule;
      /** `has a retryBudget, and comes first` */
      readonly why: string;
    };

/**
 * An XBackendTrafficPolicy fills what the DestinationRules of the service's namespace leave unset. Those of another
 * namespace, which come first, hide it as they hide any other rule (istio/istio 1.31, releasenotes/notes/60358.yaml;
 * pilot/pkg/model/destination_rule.go, `mergeBackendPolicyTrafficPolicy`). Up to 1.30 it is one more rule of the service: of
 * its policy and that of a DestinationRule the older one applies, as a whole (1.30.3, the same file).
 *
 * @returns null if the service has none
 */
export function budgetStanding(rules: ClientRules, service: ServiceName): BudgetStanding | null {
  const policy = budgetPolicyOf(rules, service.host);
  if (policy === null) return null;
  const {
    rules: [first],
    withPolicy,
  } = appliedRules(rules, service);
  if (first !== undefined && first.ref.namespace !== service.namespace) {
    return { policy, kind: 'hidden', by: first, why: 'hides it' };
  }
  if (withPolicy === null) return { policy, kind: 'fills', beside: null };
  const { istio } = rules;
  if (istio !== undefined && !holdsInIstio('DestinationRule before backend policy', istio)) {
    const why = `${nameIstio(istio)} takes only the older of both, as a whole`;
    return compareAge(policy.ref, withPolicy.ref) < 0
      ? { policy, kind: 'alone', over: withPolicy, why }
      : { policy, kind: 'hidden', by: withPolicy, why: `comes first: ${why}` };
  }
  if (!withPolicy.trafficPolicy?.get('retryBudget').present)
    return { policy, kind: 'fills', beside: withPolicy };
  const since = istio === undefined ? ' since Istio 1.31' : '';
  return { policy, kind: 'hidden', by: withPolicy, why: `has a retryBudget, and comes first${since}` };
}
