/**
 * The traffic policy that Istio applies to one service, port and subset: DestinationRules found by host,
 * merged the way istiod merges them, and every value that nobody set named with its default.
 *
 * Istio replaces whole blocks, it never merges them (docs/envoy.md): `portLevelSettings` for the port
 * replace the whole policy above them, and a block that a subset gives replaces the parent's block.
 */
import type { DestinationRule, ManifestSet, ResourceRef } from '../manifests/model.js';
import { Block } from './policy-block.js';
import {
  type ConnectionPool,
  type LoadBalancer,
  type OutlierDetection,
  readConnectionPool,
  readLoadBalancer,
  readOutlierDetection,
} from './policy-read.js';

/** A service, as DestinationRules name it. */
export interface ServiceName {
  readonly namespace: string;
  /** `backend-v1.istio-test.svc.cluster.local` */
  readonly host: string;
}

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
  const { rules, ruleWithPolicy, ruleWithSubset, subsetEntry, blocks } = blocksFor(
    set,
    service,
    port,
    subset,
    notes,
  );

  const source = ruleWithSubset ?? ruleWithPolicy ?? rules[0];
  const origin =
    source === undefined
      ? service.host
      : `DestinationRule ${source.ref.namespace}/${source.ref.name}${subset === null ? '' : ` subset ${subset}`}`;
  const defaults: string[] = [];
  return {
    connectionPool: readConnectionPool(blocks.connectionPool, origin, defaults, notes),
    outlierDetection: readOutlierDetection(blocks.outlierDetection, origin, defaults, notes),
    loadBalancer: readLoadBalancer(blocks.loadBalancer, origin, defaults, notes),
    subsetLabels: subsetEntry?.labels ?? null,
    subsetFound: subset === null || subsetEntry !== undefined,
    defaults:
      rules.length > 0
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
  const { blocks, subsetEntry } = blocksFor(set, service, port, subset, []);
  const { outlierDetection: block } = blocks;
  if (block === null || (subset !== null && subsetEntry === undefined)) return null;
  const detection = readOutlierDetection(block, service.host, [], []);
  return detection === null
    ? null
    : { detection, from: block.ref, subsetLabels: subsetEntry?.labels ?? null };
}

/** The DestinationRules of a service, and their blocks laid over each other. */
function blocksFor(
  set: ManifestSet,
  service: ServiceName,
  port: number,
  subset: string | null,
  notes: string[],
) {
  const rules = rulesFor(set.destinationRules, service);
  const ruleWithPolicy = rules.find((rule) => rule.trafficPolicy !== null);
  const ruleWithSubset = rules.find((rule) => rule.subsets.some(({ name }) => name === subset));
  const subsetEntry = ruleWithSubset?.subsets.find(({ name }) => name === subset);

  let blocks = NO_BLOCKS;
  if (ruleWithPolicy !== undefined) {
    const at = Block.of(ruleWithPolicy, 'trafficPolicy');
    blocks = merge(NO_BLOCKS, ruleWithPolicy.trafficPolicy, at, port, notes);
  }
  if (ruleWithSubset !== undefined && subsetEntry !== undefined) {
    const at = Block.of(ruleWithSubset, `subset ${subsetEntry.name} trafficPolicy`);
    blocks = merge(blocks, subsetEntry.trafficPolicy, at, port, notes);
  }
  return { rules, ruleWithPolicy, ruleWithSubset, subsetEntry, blocks };
}

/**
 * DestinationRules that apply to the service: those with the most specific matching host, the service's
 * own namespace before others, older ones first. Istio merges several with the same host in that way.
 */
function rulesFor(rules: readonly DestinationRule[], service: ServiceName): readonly DestinationRule[] {
  const matching = rules.filter((rule) => hostMatches(fullHost(rule), service.host));
  const longest = Math.max(0, ...matching.map((rule) => specificity(fullHost(rule))));
  return matching
    .filter((rule) => specificity(fullHost(rule)) === longest)
    .sort(
      (a, b) =>
        Number(b.ref.namespace === service.namespace) - Number(a.ref.namespace === service.namespace) ||
        compareText(a.ref.createdAt ?? '', b.ref.createdAt ?? ''),
    );
}

/**
 * Istio completes only hosts without a dot; `backend.istio-test` is taken as a full name and matches no
 * Kubernetes service (pilot, `ResolveShortnameToFQDN`).
 */
export function fullServiceHost(host: string, namespace: string): string {
  return host.includes('.') || host === '*' ? host : `${host}.${namespace}.svc.cluster.local`;
}

function fullHost(rule: DestinationRule): string {
  return fullServiceHost(rule.host, rule.ref.namespace);
}

function hostMatches(pattern: string, host: string): boolean {
  return pattern.startsWith('*') ? host.endsWith(pattern.slice(1)) : pattern === host;
}

function specificity(pattern: string): number {
  return pattern.startsWith('*') ? pattern.length : pattern.length + 1000;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
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
