/**
 * The traffic policy that Istio applies to one service, port and subset: DestinationRules found by host,
 * merged the way istiod merges them, and every value that nobody set named with its default.
 *
 * Istio replaces whole blocks, it never merges them (docs/envoy.md): `portLevelSettings` for the port
 * replace the whole policy above them, and a block that a subset gives replaces the parent's block.
 */
import type { ManifestSet, ResourceRef } from '../manifests/model.js';
import { resourceLabel } from '../manifests/resource.js';
import { appliedRules, type ServiceName } from './destination-rules.js';
import { Block } from './policy-block.js';
import {
  type ConnectionPool,
  type LoadBalancer,
  type OutlierDetection,
  readConnectionPool,
  readLoadBalancer,
  readOutlierDetection,
} from './policy-read.js';

export interface EffectivePolicy {
  readonly connectionPool: ConnectionPool;
  /** Null: no endpoint is ever ejected. */
  readonly outlierDetection: OutlierDetection | null;
  readonly loadBalancer: LoadBalancer;
  /** Labels that pods of the subset carry; null without a subset. */
  readonly subsetLabels: Readonly<Record<string, string>> | null;
  /** False when a subset was asked for that no DestinationRule defines: Istio makes no cluster for it. */
  readonly subsetFound: boolean;
  /** One readable line per value that came from a default. */
  readonly defaults: readonly string[];
  /** What a manifest says and is not applied, readable. */
  readonly notes: readonly string[];
}

type Policy = Readonly<Record<string, unknown>>;

/** The blocks of a trafficPolicy that are looked at, each with the field it was read from. */
interface Blocks {
  readonly connectionPool: Block | null;
  readonly outlierDetection: Block | null;
  readonly loadBalancer: Block | null;
}

const NO_BLOCKS: Blocks = { connectionPool: null, outlierDetection: null, loadBalancer: null };
const APPLIED = new Set(['connectionPool', 'outlierDetection', 'loadBalancer', 'portLevelSettings']);

/**
 * The policy for requests to `service` on `port`, through `subset` when there is one.
 *
 * @throws UserError for a value of the wrong type or out of range, naming resource and field
 */
export function effectivePolicy(
  set: ManifestSet,
  service: ServiceName,
  port: number,
  subset: string | null,
): EffectivePolicy {
  const notes: string[] = [];
  const { source, subset: defined, blocks } = blocksFor(set, service, port, subset, notes);
  const origin =
    source === null
      ? service.host
      : `${resourceLabel(source.ref)}${subset === null ? '' : ` subset ${subset}`}`;
  const defaults: string[] = [];
  return {
    connectionPool: readConnectionPool(blocks.connectionPool, origin, defaults, notes),
    outlierDetection: readOutlierDetection(blocks.outlierDetection, origin, defaults, notes),
    loadBalancer: readLoadBalancer(blocks.loadBalancer, origin, defaults, notes),
    subsetLabels: defined?.labels ?? null,
    subsetFound: subset === null || defined !== null,
    defaults:
      source !== null
        ? defaults
        : [
            `${service.host} has no DestinationRule: LEAST_REQUEST, no limits (2^32-1), no outlier detection, connect timeout 10s (Istio's defaults)`,
          ],
    notes,
  };
}

/** The outlier detection of a policy, and the DestinationRule that gives it. */
export interface OutlierRule {
  readonly detection: OutlierDetection;
  readonly from: ResourceRef;
  /** Labels that pods of the subset carry; null without a subset. */
  readonly subsetLabels: Readonly<Record<string, string>> | null;
}

/**
 * The outlier detection alone of {@link effectivePolicy}: what other blocks say is not looked at.
 *
 * @returns null when there is none, and for a subset that no DestinationRule defines
 * @throws UserError for a value of the wrong type or out of range, naming resource and field
 */
export function effectiveOutlierRule(
  set: ManifestSet,
  service: ServiceName,
  port: number,
  subset: string | null,
): OutlierRule | null {
  const { blocks, subset: defined } = blocksFor(set, service, port, subset, []);
  const { outlierDetection: block } = blocks;
  if (block === null || (subset !== null && defined === null)) return null;
  const detection = readOutlierDetection(block, service.host, [], []);
  return detection === null ? null : { detection, from: block.ref, subsetLabels: defined?.labels ?? null };
}

/** The DestinationRules of a service, and their blocks laid over each other. */
function blocksFor(
  set: ManifestSet,
  service: ServiceName,
  port: number,
  subset: string | null,
  notes: string[],
) {
  const { rules, withPolicy, subsets } = appliedRules(set, service);
  const defined = subset === null ? undefined : subsets.get(subset);
  let blocks = NO_BLOCKS;
  if (withPolicy !== null) {
    const at = Block.of(withPolicy, 'trafficPolicy');
    blocks = merge(NO_BLOCKS, withPolicy.trafficPolicy, at, port, notes);
  }
  if (defined !== undefined) {
    const at = Block.of(defined.rule, `subset ${defined.subset.name} trafficPolicy`);
    blocks = merge(blocks, defined.subset.trafficPolicy, at, port, notes);
  }
  return { source: defined?.rule ?? withPolicy ?? rules[0] ?? null, subset: defined?.subset ?? null, blocks };
}

/** One level of a policy laid over what is above it. */
function merge(above: Blocks, policy: Policy | null, at: Block, port: number, notes: string[]): Blocks {
  if (policy === null) {
    return above;
  }
  for (const key of Object.keys(policy)) {
    if (!APPLIED.has(key)) {
      notes.push(`${at.where(key)} is not applied by the lab`);
    }
  }
  const whole: Blocks = {
    connectionPool: at.child(policy, 'connectionPool') ?? above.connectionPool,
    outlierDetection: at.child(policy, 'outlierDetection') ?? above.outlierDetection,
    loadBalancer: at.child(policy, 'loadBalancer') ?? above.loadBalancer,
  };
  for (const [index, settings] of at.list(policy, 'portLevelSettings').entries()) {
    const level = at.entry('portLevelSettings', index, settings);
    const selector = level.child(level.values, 'port');
    if (selector?.number('number', 1, 65535) === port) {
      return {
        connectionPool: level.child(level.values, 'connectionPool'),
        outlierDetection: level.child(level.values, 'outlierDetection'),
        loadBalancer: level.child(level.values, 'loadBalancer'),
      };
    }
  }
  return whole;
}
