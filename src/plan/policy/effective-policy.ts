/**
 * The traffic policy that Istio applies to one service, port and subset: DestinationRules found by host,
 * merged the way istiod merges them, with a line for every value that is a default.
 *
 * Istio replaces whole blocks, it never merges them (docs/envoy.md): `portLevelSettings` for the port
 * replace the whole policy above them, and a block that a subset gives replaces the parent's block.
 */
import type { Field } from '../manifests/fields.js';
import type { DestinationRule, MeshConfig, ResourceRef } from '../manifests/model.js';
import { resourceLabel } from '../manifests/resource.js';
import { budgetStanding } from './budget-standing.js';
import { type ConnectionPool, readConnectionPool } from './connection-pool.js';
import { appliedRules, type ClientRules, type ServiceName } from './destination-rules.js';
import { type LoadBalancer, readLoadBalancer } from './load-balancer.js';
import { meshSettings } from './mesh-settings.js';
import { type OutlierDetection, readOutlierDetection } from './outlier-detection.js';
import type { PolicyRemarks } from './policy-remarks.js';
import { type RetryBudget, readRetryBudget, readRetryConstraint } from './retry-budget.js';

export interface EffectivePolicy {
  readonly connectionPool: ConnectionPool;
  /** The resource that has the connectionPool; null: none, its limits are defaults. */
  readonly poolFrom: ResourceRef | null;
  /** Null: no endpoint is ever ejected. */
  readonly outlierDetection: OutlierDetection | null;
  readonly loadBalancer: LoadBalancer;
  /** Null: retries are limited by `connectionPool.maxRetries` alone. */
  readonly retryBudget: RetryBudget | null;
  /** Labels that pods of the subset carry; null without a subset. */
  readonly subsetLabels: Readonly<Record<string, string>> | null;
  /** One readable line per value that came from a default. */
  readonly defaults: readonly string[];
  /** What a manifest sets but is not applied, one readable line each. */
  readonly notes: readonly string[];
}

/** The blocks of a trafficPolicy that are applied; null for one that is absent. */
interface Blocks {
  readonly connectionPool: Field | null;
  readonly poolFrom: ResourceRef | null;
  readonly outlierDetection: Field | null;
  /** The resource that has the outlierDetection. */
  readonly outlierFrom: ResourceRef | null;
  readonly loadBalancer: Field | null;
  /** Reads it. */
  readonly retryBudget: (() => RetryBudget) | null;
}

const NO_BLOCKS: Blocks = {
  connectionPool: null,
  poolFrom: null,
  outlierDetection: null,
  outlierFrom: null,
  loadBalancer: null,
  retryBudget: null,
};
const APPLIED = new Set([
  'connectionPool',
  'outlierDetection',
  'loadBalancer',
  'retryBudget',
  'portLevelSettings',
]);

/**
 * The policy for requests to `service` on `port`, through `subset` when there is one.
 *
 * @throws UserError for a value of the wrong type or out of range, naming resource and field
 */
export function effectivePolicy(
  rules: ClientRules,
  service: ServiceName,
  port: number,
  subset: string | null,
): EffectivePolicy {
  const remarks: PolicyRemarks = { defaults: [], notes: [] };
  const { source, subset: defined, blocks } = blocksFor(rules, service, port, subset, remarks.notes);
  const origin =
    source === null
      ? service.host
      : `${resourceLabel(source.ref)}${subset === null ? '' : ` subset ${subset}`}`;
  return {
    connectionPool: readConnectionPool(blocks.connectionPool, origin, remarks),
    poolFrom: blocks.poolFrom,
    outlierDetection: readOutlierDetection(blocks.outlierDetection, origin, remarks, rules.istio),
    loadBalancer: readLoadBalancer(blocks.loadBalancer, origin, remarks),
    retryBudget: blocks.retryBudget?.() ?? null,
    subsetLabels: defined?.labels ?? null,
    defaults:
      source !== null || blocks.connectionPool !== null || blocks.outlierDetection !== null
        ? remarks.defaults
        : [
            `${service.host} has no DestinationRule: LEAST_REQUEST, no limits (2^32-1), no outlier detection, connect timeout 10s (Istio's defaults)`,
          ],
    notes: remarks.notes,
  };
}

/** The outlier detection of a policy, and the resource that gives it. */
export interface OutlierRule {
  readonly detection: OutlierDetection;
  readonly from: ResourceRef;
  /** Labels that pods of the subset carry; null without a subset. */
  readonly subsetLabels: Readonly<Record<string, string>> | null;
  /** What a manifest sets but is not in force, one readable line each. */
  readonly remarks: readonly string[];
}

/**
 * The outlier detection alone of {@link effectivePolicy}: other blocks are not read.
 *
 * @returns null without outlier detection, and for a subset that no DestinationRule defines
 * @throws UserError for a value of the wrong type or out of range, naming resource and field
 */
export function effectiveOutlierRule(
  rules: ClientRules,
  service: ServiceName,
  port: number,
  subset: string | null,
): OutlierRule | null {
  const { blocks, subset: defined } = blocksFor(rules, service, port, subset, []);
  const { outlierDetection, outlierFrom } = blocks;
  if (outlierFrom === null || (subset !== null && defined === null)) return null;
  const remarks: PolicyRemarks = { defaults: [], notes: [] };
  const detection = readOutlierDetection(outlierDetection, service.host, remarks, rules.istio);
  if (detection === null) return null;
  return { detection, from: outlierFrom, subsetLabels: defined?.labels ?? null, remarks: remarks.notes };
}

/** The DestinationRules of a service, and the blocks that result from them. */
function blocksFor(
  rules: ClientRules,
  service: ServiceName,
  port: number,
  subset: string | null,
  notes: string[],
) {
  const { rules: applied, withPolicy, subsets } = appliedRules(rules, service);
  const defined = subset === null ? undefined : subsets.get(subset);
  const whole = overlay(NO_BLOCKS, withPolicy, withPolicy?.trafficPolicy ?? null, port, notes);
  const filled = withBackendPolicy(whole, rules, service);
  const withDefaults = overMeshDefaults(filled, meshSettings(rules).config);
  const blocks = overlay(
    withDefaults,
    defined?.rule ?? null,
    defined?.subset.trafficPolicy ?? null,
    port,
    notes,
  );
  return {
    source: defined?.rule ?? withPolicy ?? applied[0] ?? null,
    subset: defined?.subset ?? null,
    blocks,
  };
}

/**
 * Blocks that no DestinationRule gives are the mesh's defaults, also beside `portLevelSettings`; a subset comes over them
 * (istio/istio 1.31, pilot/pkg/networking/core/cluster_traffic_policy.go, `applyDefaultTrafficPolicy`).
 */
function overMeshDefaults(blocks: Blocks, config: MeshConfig | null): Blocks {
  const policy = config?.defaultTrafficPolicy ?? null;
  if (config === null || policy === null) return blocks;
  const [connectionPool, outlierDetection] = [policy.get('connectionPool'), policy.get('outlierDetection')];
  const fills = blocks.outlierDetection === null && outlierDetection.present;
  const fillsPool = blocks.connectionPool === null && connectionPool.present;
  return {
    ...blocks,
    connectionPool: fillsPool ? connectionPool : blocks.connectionPool,
    poolFrom: fillsPool ? config.ref : blocks.poolFrom,
    outlierDetection: fills ? outlierDetection : blocks.outlierDetection,
    outlierFrom: fills ? config.ref : blocks.outlierFrom,
  };
}

/** The retry budget of the service's XBackendTrafficPolicy, beside or in place of what its DestinationRules give. */
function withBackendPolicy(blocks: Blocks, rules: ClientRules, service: ServiceName): Blocks {
  const standing = budgetStanding(rules, service);
  if (standing === null || standing.kind === 'hidden') return blocks;
  const retryBudget = () => readRetryConstraint(standing.policy.constraint);
  return standing.kind === 'alone' ? { ...NO_BLOCKS, retryBudget } : { ...blocks, retryBudget };
}

/**
 * One level of a policy over the blocks of the level above it.
 *
 * @param rule whose policy it is
 */
function overlay(
  above: Blocks,
  rule: DestinationRule | null,
  policy: Field | null,
  port: number,
  notes: string[],
): Blocks {
  if (policy === null) return above;
  for (const [key, value] of policy.entries()) {
    if (value.present && !APPLIED.has(key)) notes.push(`${value.where} is not applied by the lab`);
  }
  const forPort = policy
    .get('portLevelSettings')
    .items()
    .find((settings) => settings.get('port').get('number').whole(1, 65_535) === port);
  const budget = policy.get('retryBudget');
  const retryBudget = budget.present ? () => readRetryBudget(budget) : above.retryBudget;
  // Ports have no retry budget of their own, so that it stays.
  if (forPort !== undefined) return { ...blocksOf(forPort, rule, NO_BLOCKS), retryBudget };
  return { ...blocksOf(policy, rule, above), retryBudget };
}

function blocksOf(policy: Field, rule: DestinationRule | null, above: Blocks): Omit<Blocks, 'retryBudget'> {
  const [connectionPool, outlierDetection, loadBalancer] = [
    policy.get('connectionPool'),
    policy.get('outlierDetection'),
    policy.get('loadBalancer'),
  ];
  return {
    connectionPool: connectionPool.present ? connectionPool : above.connectionPool,
    poolFrom: connectionPool.present ? (rule?.ref ?? null) : above.poolFrom,
    outlierDetection: outlierDetection.present ? outlierDetection : above.outlierDetection,
    outlierFrom: outlierDetection.present ? (rule?.ref ?? null) : above.outlierFrom,
    loadBalancer: loadBalancer.present ? loadBalancer : above.loadBalancer,
  };
}
