/** What both gateways of the lab say of the manifests: what is left out or refused, and what is not certain. */
import { describeRule } from '../../plan/manifests/describe.js';
import type { ManifestSet, Route, RouteRule } from '../../plan/manifests/model.js';
import { istioNotes } from '../../plan/routes/istio-notes.js';
import { statusWithoutBackend, whyNoBackends } from '../../plan/routes/no-backends.js';
import { routesOfGateways } from '../../plan/routes/parents.js';
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
  const withoutBackends = manifests.routes.flatMap((route) =>
    route.rules
      .filter((rule) => statusWithoutBackend(manifests, route, rule) === 404)
      .map((rule) => `${describeRule(route, rule)} ${whyNoBackends(manifests, route, rule)}`),
  );
  return [
    ...istioNotes(manifests, routesOfGateways(manifests)),
    ...withoutBackends,
    ...manifests.routes.flatMap((route) => repliesLeftOut(route)),
    ...grantNotes(manifests),
    ...leftOutPolicies(manifests),
    ...labPolicyNotes(manifests, isInOneCluster),
  ];
}

function repliesLeftOut(route: Route): string[] {
  return route.rules
    .filter(({ answersItself, reply }) => answersItself !== null && !reply)
    .map((rule) => `${describeRule(route, rule)}: ${inPlaceOfReply(rule)}`);
}

/** What the lab does with a rule whose own answer it cannot give; it is also the body of its answer. */
export function inPlaceOfReply({ answersItself }: RouteRule): string {
  return `the lab answers 501 in place of ${answersItself}`;
}
