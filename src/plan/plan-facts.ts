/** What manifests and options say of a run that is not sent yet, besides its plan: for `weighbridge plan`. */
import { OptionError } from '../errors.js';
import { printable } from '../text/printable.js';
import type { FromManifests } from './from-manifests.js';
import type { BreakerLimits } from './limit-facts.js';
import { planWithManifests } from './make-plan.js';
import { describeRule } from './manifests/describe.js';
import { readManifests } from './manifests/index.js';
import type { ManifestSet } from './manifests/model.js';
import { resourceLabel } from './manifests/resource.js';
import type { ExpectedVersion, Plan } from './plan.js';
import type { PlanOptions } from './plan-options.js';
import { breakerLimits } from './policy/breaker-limits.js';
import { gatewayPodsOf } from './routes/gateway-pods.js';
import type { Selection } from './routes/select-rule.js';
import { namedAs, type Portion, routePortions, servicePortions } from './split-portions.js';

export interface PlanFacts {
  /** Where the expected weights are from: `HTTPRoute istio-test/backend-route, rule 1 (route.yaml, line 12)`; null: from options. */
  readonly weightsFrom: string | null;
  /** The rule of the manifests that answers the request, in the same way; null without one. */
  readonly rule: string | null;
  /** What divides the requests: the rule's weights, or the number of pods of one Service; null: the manifests do not say. */
  readonly split: {
    readonly by: 'weights' | 'pods';
    readonly of: string;
    readonly portions: readonly Portion[];
  } | null;
  /** Null: not read of this gateway, or there is no rule. */
  readonly limits: readonly BreakerLimits[] | null;
}

/**
 * Makes a plan by which nothing is sent: no URL and no address of a Gateway are needed. Manifests without a route will do, if
 * the options have the expected weights.
 *
 * @throws OptionError, UserError as `makePlan`, and if no version is expected
 */
export async function planWithFacts(options: PlanOptions): Promise<{ plan: Plan; facts: PlanFacts }> {
  const set = await manifestsOf(options);
  const hasRoute = set?.routes.some(({ rules }) => rules.length > 0) === true;
  const isAlone = options.expect !== undefined && options.rule === undefined && !hasRoute;
  const manifests = set === null || isAlone ? undefined : set;
  const { plan, fromManifests } = await planWithManifests({ ...options, manifests }, { needsAddress: false });
  const { expected } = plan.judge;
  if (expected === null) {
    throw new OptionError(
      (name) =>
        `Nothing is expected, so there is nothing to plan. Give a route with ${name('manifests')}, or weights with ${name('expect')} v1=90,v2=10.`,
    );
  }
  const selection = fromManifests?.selection ?? null;
  const rule = selection === null ? null : placeOf(selection);
  return {
    plan,
    facts: {
      weightsFrom: options.expect === undefined ? rule : null,
      rule,
      split: splitOf(fromManifests?.set ?? set, selection, expected),
      limits: fromManifests === null ? null : limitsOf(fromManifests, expected),
    },
  };
}

async function manifestsOf({ manifests }: PlanOptions): Promise<ManifestSet | null> {
  if (manifests === undefined) return null;
  if (!isList(manifests)) return manifests;
  return manifests.length === 0 ? null : readManifests(manifests);
}

function isList(manifests: NonNullable<PlanOptions['manifests']>): manifests is readonly string[] {
  return Array.isArray(manifests);
}

function placeOf({ route, rule }: Selection): string {
  return `${describeRule(route, rule)} (${printable(route.ref.source.file, 300)}, line ${rule.line})`;
}

/** Without what depends on the protocol, which is not known before a run. */
function limitsOf(
  from: FromManifests,
  expected: readonly ExpectedVersion[],
): readonly BreakerLimits[] | null {
  const limits = breakerLimits(from.set, from.selection, 'http/1.1');
  return (
    limits?.clusters.map(({ version, source, maxConnections, maxPendingRequests, maxRequests }) => ({
      version: namedAs(version, expected),
      source,
      maxConnections,
      maxPendingRequests,
      maxRequests,
    })) ?? null
  );
}

function splitOf(
  set: ManifestSet | null,
  selection: Selection | null,
  expected: readonly ExpectedVersion[],
): PlanFacts['split'] {
  if (set === null) return null;
  if (selection === null) {
    const found = servicePortions(set, expected);
    if (found === null) return null;
    return { by: 'pods', of: resourceLabel(found.service.ref), portions: found.portions };
  }
  const { route, rule } = selection;
  const [client] = gatewayPodsOf(set, route);
  const portions = routePortions(set, rule, client, expected);
  const destinations = new Set(rule.backends.filter(({ weight }) => weight > 0).map(({ name }) => name));
  const by = destinations.size > 1 || expected.length < 2 ? 'weights' : 'pods';
  return { by, of: describeRule(route, rule), portions };
}
