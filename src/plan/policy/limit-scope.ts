/** What circuit breakers count: a version by itself, or all versions of a rule together. */
import type { FromManifests } from '../from-manifests.js';
import type { LimitFacts } from '../limit-facts.js';
import type { PolicyScope } from '../plan.js';
import { gatewayOfRoute } from '../routes/route-gateway.js';
import type { RuleLimits } from './breaker-limits.js';
import { isOneCluster } from './envoy-gateway-policy.js';

export type LimitScope = Pick<LimitFacts, 'scope' | 'scopeFrom'>;

/**
 * @param from null: without manifests
 * @param read null: the limits of this gateway are not read
 * @param given by an option
 */
export function limitScope(
  from: Pick<FromManifests, 'set' | 'selection'> | null,
  read: RuleLimits | null,
  given: PolicyScope | undefined,
): LimitScope {
  if (given !== undefined) return { scope: given, scopeFrom: 'as given' };
  if (from !== null && read !== null) return scopeOf(from, read);
  const facts = from === null ? null : gatewayOfRoute(from.set, from.selection.route).facts;
  if (facts?.countsPer) {
    const scope = facts.countsPer.value;
    const what = scope === 'route' ? 'all versions of a rule together' : 'each version by itself';
    return { scope, scopeFrom: `${facts.name} counts ${what}` };
  }
  return {
    scope: 'version',
    scopeFrom: 'not known of this gateway, so each version by itself is assumed, as Istio counts',
  };
}

function scopeOf({ selection }: Pick<FromManifests, 'selection'>, { from }: RuleLimits): LimitScope {
  if (from === 'DestinationRule') {
    return { scope: 'version', scopeFrom: 'with DestinationRules, each version is a cluster of its own' };
  }
  return isOneCluster(selection.rule)
    ? { scope: 'route', scopeFrom: 'Envoy Gateway has one cluster for all versions of the rule' }
    : {
        scope: 'version',
        scopeFrom: 'Envoy Gateway has a cluster for each version, as backendRefs have filters',
      };
}
