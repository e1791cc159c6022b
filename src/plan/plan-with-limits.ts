/** A plan with what is known of the gateway's limits: for `weighbridge limits`. */
import type { FromManifests } from './from-manifests.js';
import {
  asOneCluster,
  checkGivenLimits,
  checkLimitVersions,
  type GivenLimits,
  unlimitedCluster,
  withGivenLimits,
} from './given-limits.js';
import type { BackendProtocol, ClusterLimits, LimitFacts } from './limit-facts.js';
import { planWithManifests } from './make-plan.js';
import type { ExpectedVersion, Plan, PolicyScope } from './plan.js';
import type { PlanOptions } from './plan-options.js';
import { breakerLimits, type RuleLimits } from './policy/breaker-limits.js';
import { EJECTION_RULE } from './policy/ejection-notes.js';
import { limitNotes } from './policy/limit-notes.js';
import { type LimitScope, limitScope } from './policy/limit-scope.js';
import { namedAs } from './split-portions.js';

export interface LimitOptions extends PlanOptions {
  /** Limits by hand: they replace those of the manifests. Default: those of the manifests, if they are read of this gateway. */
  readonly limits?: readonly GivenLimits[] | undefined;
  /** What limits are counted over. Default: as the gateway of the manifests does, else `version`. */
  readonly limitsScope?: PolicyScope | undefined;
  /** What the gateway speaks to backends. Default: as the manifests say, else HTTP/1.1. */
  readonly backendProtocol?: BackendProtocol | undefined;
}

/**
 * Makes the plan of a search for limits, and tells what is known of these. Nothing has to be: neither manifests nor expected versions
 * are needed.
 *
 * @throws OptionError, UserError as `makePlan`, and OptionError naming `limits`
 */
export async function planWithLimits(options: LimitOptions): Promise<{ plan: Plan; facts: LimitFacts }> {
  const { limits = [] } = options;
  checkGivenLimits(limits);
  const { plan, fromManifests } = await planWithManifests(options, { needsAddress: true });
  const { expected } = plan.judge;
  const read =
    fromManifests === null
      ? null
      : breakerLimits(fromManifests.set, fromManifests.selection, plan.target.protocol);
  const scope = limitScope(fromManifests, read, options.limitsScope);
  checkLimitVersions(limits, expected, scope.scope);
  return {
    // A search is no run: it waits for no ejection.
    plan: { ...plan, notes: plan.notes.filter(({ code }) => code !== EJECTION_RULE) },
    facts: {
      ...scope,
      clusters: clustersOf(read, expected, scope, options),
      shares:
        expected?.filter(({ share }) => share > 0).map(({ name, share }) => ({ version: name, share })) ??
        null,
      notes: fromManifests === null ? [] : notesOf(fromManifests, read, options),
    },
  };
}

function notesOf(
  { set, selection }: FromManifests,
  read: RuleLimits | null,
  { limits = [], backendProtocol }: LimitOptions,
): LimitFacts['notes'] {
  return limitNotes(set, selection, read, {
    areGiven: limits.length > 0,
    isProtocolGiven: backendProtocol !== undefined,
  });
}

function clustersOf(
  read: RuleLimits | null,
  expected: readonly ExpectedVersion[] | null,
  { scope }: LimitScope,
  { limits = [], backendProtocol }: LimitOptions,
): readonly ClusterLimits[] {
  const given = (read?.clusters ?? []).map((one) => ({
    ...one,
    version: namedAs(one.version, expected ?? []),
  }));
  if (given.length === 0 && limits.length === 0) return [];
  return inScope(given, expected, scope, limits).map((one) => ({
    ...withGivenLimits(one, limits),
    ...(backendProtocol === undefined ? {} : { backendProtocol }),
  }));
}

/** The clusters that the gateway has, by what is known of them. */
function inScope(
  read: readonly ClusterLimits[],
  expected: readonly ExpectedVersion[] | null,
  scope: PolicyScope,
  limits: readonly GivenLimits[],
): readonly ClusterLimits[] {
  if (scope === 'route') return [asOneCluster(read) ?? unlimitedCluster(null)];
  // With `--expect` a version may have a name that is no backend's: then it has the smallest limits of all.
  const together = asOneCluster(read);
  const named =
    expected?.filter(({ share }) => share > 0).map(({ name }) => name) ??
    limits.flatMap(({ version }) => version ?? []);
  const clusters = named.map((version): ClusterLimits => {
    const own = read.find((one) => one.version === version) ?? together;
    return own === null ? unlimitedCluster(version) : { ...own, version };
  });
  // Nothing is expected: what is given for all is for each version that answers.
  const forAll = expected === null && limits.some(({ version = null }) => version === null);
  return forAll ? [...clusters, unlimitedCluster(null)] : clusters;
}
