/** What both gateways of the lab say of the manifests: what is left out or refused, and what is not certain. */
import type { ManifestSet, Route, RouteRule } from '../../plan/manifests/model.js';
import { grantNotes } from './grant-notes.js';
import { labPolicyNotes } from './lab-client.js';
import { leftOutPolicies } from './left-out-policies.js';

/**
 * One readable line each.
 *
 * @param isInOneCluster whether the gateway has all versions of a rule in one cluster, with the policies that apply to the rule
 */
export function leftOutNotes(
  manifests: ManifestSet,
  isInOneCluster: (route: Route, rule: RouteRule) => boolean,
): readonly string[] {
  return [
    ...grantNotes(manifests),
    ...leftOutPolicies(manifests),
    ...labPolicyNotes(manifests, isInOneCluster),
  ];
}
