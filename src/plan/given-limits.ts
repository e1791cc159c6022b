/** Limits that options give: checked, and put over those of manifests. */
import { OptionError } from '../errors.js';
import { printable } from '../text/printable.js';
import { checkExpected } from './expectations.js';
import type { BackendProtocol, BreakerLimits, ClusterLimits } from './limit-facts.js';
import type { ExpectedVersion, PolicyScope } from './plan.js';
import { limitOf } from './policy/connection-pool.js';
import { checkCount, LIMIT } from './ranges.js';

/** Limits of a version by hand; 2^32 − 1 is no limit. What is not given stays as the manifests say, and is no limit without them. */
export interface GivenLimits {
  /** Null or absent: of each version that has none by its name, or, in the scope `route`, of all together. */
  readonly version?: string | null | undefined;
  readonly maxConnections?: number | undefined;
  /** 0: no request gets a first connection (docs/envoy.md). */
  readonly maxPendingRequests?: number | undefined;
  readonly maxRequests?: number | undefined;
}

type Names = 'maxConnections' | 'maxPendingRequests' | 'maxRequests';
const NAMES: readonly Names[] = ['maxConnections', 'maxPendingRequests', 'maxRequests'];

/** Limits that can be given: one for each version that is counted, and one for all. */
const MAX_GIVEN_LIMITS = 1_000;

/** @throws OptionError naming `limits` */
export function checkGivenLimits(given: readonly GivenLimits[]): void {
  if (given.length > MAX_GIVEN_LIMITS) {
    throw new OptionError((name) => `${name('limits')}: ${given.length} are more than ${MAX_GIVEN_LIMITS}.`);
  }
  const seen = new Set<string | null>();
  for (const { version = null, ...limits } of given) {
    if (seen.has(version)) {
      const what = version === null ? 'limits for all versions' : `limits for '${printable(version)}'`;
      throw new OptionError((name) => `${name('limits')}: ${what} are given twice. Write them as one.`);
    }
    seen.add(version);
    for (const key of NAMES) {
      const value = limits[key];
      if (value !== undefined) checkCount(value, 'limits', LIMIT);
    }
  }
}

/**
 * @throws OptionError naming `limits`, for a version that is not expected, and for any version if all are counted together
 */
export function checkLimitVersions(
  given: readonly GivenLimits[],
  expected: readonly ExpectedVersion[] | null,
  scope: PolicyScope,
): void {
  for (const { version = null } of given) {
    if (version === null) continue;
    if (scope === 'route') {
      throw new OptionError(
        (name) =>
          `${name('limits')}: '${printable(version)}' has no limits of its own, as all versions of the rule are counted together. Leave out the version, or say otherwise with ${name('limitsScope')} version.`,
      );
    }
    if (expected !== null) checkExpected(version, expected, 'limits');
  }
}

/** The cluster with the limits that are given for it. */
export function withGivenLimits(cluster: ClusterLimits, given: readonly GivenLimits[]): ClusterLimits {
  const own = given.find(({ version = null }) => version !== null && version === cluster.version);
  const all = given.find(({ version = null }) => version === null);
  const set = { ...valuesOf(all), ...valuesOf(own) };
  return Object.keys(set).length === 0 ? cluster : { ...cluster, ...set, from: 'options', source: null };
}

/** A cluster of which manifests say nothing. */
export function unlimitedCluster(
  version: string | null,
  backendProtocol: BackendProtocol = 'http/1.1',
): ClusterLimits {
  return {
    version,
    from: 'options',
    source: null,
    maxConnections: null,
    maxPendingRequests: null,
    maxRequests: null,
    backendProtocol,
    maxConcurrentStreams: null,
    maxRequestsPerConnection: null,
    maxRetries: null,
  };
}

/** One cluster for all requests, with the smallest of each limit; null without clusters. */
export function asOneCluster(clusters: readonly ClusterLimits[]): ClusterLimits | null {
  const [first] = clusters;
  if (first === undefined) return null;
  const least = (key: Names) => {
    const values = clusters.flatMap((one) => one[key] ?? []);
    return values.length === 0 ? null : Math.min(...values);
  };
  return {
    ...first,
    version: null,
    source: clusters.every(({ source }) => source === first.source) ? first.source : null,
    maxConnections: least('maxConnections'),
    maxPendingRequests: least('maxPendingRequests'),
    maxRequests: least('maxRequests'),
  };
}

function valuesOf(given: GivenLimits | undefined): Partial<Pick<BreakerLimits, Names>> {
  return Object.fromEntries(
    NAMES.flatMap((key) => {
      const value = given?.[key];
      return value === undefined ? [] : [[key, limitOf(value)]];
    }),
  );
}
