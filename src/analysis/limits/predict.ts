/** What limits and measured service times say of a search before its result is judged. */
import { sum } from '../../collections.js';
import { unlimitedCluster } from '../../plan/given-limits.js';
import type { ClusterLimits, LimitFacts } from '../../plan/limit-facts.js';
import { takenAtOnce } from '../breakers/at-once.js';
import { type Knee, kneeInFlight, kneeOfRate } from '../breakers/knee.js';
import { changesFor } from './changes.js';
import type { PredictedCluster, PredictOptions } from './predicted-cluster.js';
import type { BindingLimit, PredictedLimits } from './result.js';

/** What a step below the knee showed of a version. */
export interface MeasuredVersion {
  /** Of the requests, a fraction. */
  readonly share: number;
  /** Mean time of its answers; null: not measured. */
  readonly serviceTimeMs: number | null;
}

const MS = 1000;

/**
 * The knee by the limits: see {@link kneeInFlight}. The load is divided by the expected shares; where nothing is expected, by the measured
 * ones. A version that was not measured is taken to be as fast as the others on average, and without any measurement all are equally
 * fast; then there is no knee of a rate, which depends on times.
 *
 * @param measured by the names of `facts.shares`; where nothing is expected, of all versions that answered
 * @returns null if no limit is known
 */
export function predict(
  facts: LimitFacts,
  measured: ReadonlyMap<string, MeasuredVersion>,
  options: PredictOptions,
): PredictedLimits | null {
  if (facts.clusters.length === 0) return null;
  const clusters = clustersOf(facts, measured);
  const { search, gatewayReplicas, wanted } = options;
  const isTimed = clusters.some(({ serviceTimeMs }) => serviceTimeMs !== null);
  const known = search === 'connections' || isTimed ? clusters : [];
  const knee = kneeOf(known, options);
  return {
    scope: facts.scope,
    scopeFrom: facts.scopeFrom,
    gatewayReplicas,
    knee: knee.load,
    binding: knee.first && bindingOf(knee.first),
    next: nextOf(known, knee, options),
    versions: clusters.map(({ version, share, serviceTimeMs, limits, atOnce }) => ({
      version,
      share,
      serviceTimeMs,
      backendProtocol: limits.backendProtocol,
      maxConnections: limits.maxConnections,
      maxPendingRequests: limits.maxPendingRequests,
      maxRequests: limits.maxRequests,
      atOnce: Number.isFinite(atOnce) ? atOnce : null,
      source: limits.source,
    })),
    changes:
      wanted === null || knee.load === null || wanted <= knee.load ? [] : changesFor(known, wanted, options),
  };
}

interface FoundKnee {
  /** In the unit of the search; null: there is none. */
  readonly load: number | null;
  readonly first: PredictedCluster | null;
}

function kneeOf(
  clusters: readonly PredictedCluster[],
  { search, streams, gatewayReplicas }: PredictOptions,
): FoundKnee {
  const { load, first }: Knee<PredictedCluster> =
    search === 'rate' ? kneeOfRate(clusters) : kneeInFlight(clusters);
  if (first === null) return { load: null, first: null };
  const all = load * gatewayReplicas;
  return { load: search === 'rate' ? all * MS : rounded(all) / streams, first };
}

/** Of few requests a fraction of one is much: 75/25 with places for two in each version is 2.33. */
function rounded(inFlight: number): number {
  return inFlight < 100 ? Number(inFlight.toPrecision(3)) : Math.round(inFlight);
}

/**
 * The knee if the cluster that is full first had no limits. Versions of equal capacity are full together: then the next one binds at the
 * same place, and not below it.
 */
function nextOf(
  clusters: readonly PredictedCluster[],
  { load, first }: FoundKnee,
  options: PredictOptions,
): PredictedLimits['next'] {
  if (load === null || first === null) return null;
  const free = Number.POSITIVE_INFINITY;
  const next = kneeOf(
    clusters.map((one) => (one === first ? { ...one, underWay: free, atOnce: free } : one)),
    options,
  );
  if (next.load === null || next.first === null) return null;
  return { binding: bindingOf(next.first), knee: Math.max(load, next.load) };
}

function bindingOf({ version, full, limits }: PredictedCluster): BindingLimit {
  return { version, limits: [...full], source: limits.source };
}

function clustersOf(
  facts: LimitFacts,
  measured: ReadonlyMap<string, MeasuredVersion>,
): readonly PredictedCluster[] {
  const versions = sharesOf(facts, measured);
  const timed = versions.flatMap(({ version, share }) => {
    const time = timeOf(measured.get(version));
    return time === null ? [] : [{ share, time }];
  });
  const usual = meanTime(timed);
  const [only] = facts.clusters;
  if (only !== undefined && (facts.scope === 'route' || versions.length === 0)) {
    return [clusterOf(only, { version: only.version, share: 1, serviceTimeMs: usual, time: usual ?? 1 })];
  }
  return versions.map(({ version, share }) => {
    const serviceTimeMs = timeOf(measured.get(version));
    const limits =
      facts.clusters.find((one) => one.version === version) ??
      facts.clusters.find((one) => one.version === null) ??
      unlimitedCluster(version);
    return clusterOf(limits, { version, share, serviceTimeMs, time: serviceTimeMs ?? usual ?? 1 });
  });
}

function clusterOf(
  limits: ClusterLimits,
  version: Pick<PredictedCluster, 'version' | 'share' | 'serviceTimeMs' | 'time'>,
): PredictedCluster {
  return { ...version, limits, ...takenAtOnce(limits, limits.backendProtocol) };
}

function sharesOf({ shares }: LimitFacts, measured: ReadonlyMap<string, MeasuredVersion>) {
  if (shares !== null) return shares;
  const total = sum([...measured.values()].map(({ share }) => share));
  if (total === 0) return [];
  return [...measured].map(([version, { share }]) => ({ version, share: share / total }));
}

function timeOf(measured: MeasuredVersion | undefined): number | null {
  const time = measured?.serviceTimeMs ?? null;
  return time === null || time <= 0 ? null : time;
}

/** Null without measurements. */
function meanTime(timed: readonly { readonly share: number; readonly time: number }[]): number | null {
  const total = sum(timed.map(({ share }) => share));
  return total === 0 ? null : sum(timed.map(({ share, time }) => share * time)) / total;
}
