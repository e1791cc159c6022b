/** What Istio makes of several DestinationRules of one namespace for one host. */
import { compareText } from '../../collections.js';
import { compareAge } from '../manifests/age.js';
import type { DestinationRule } from '../manifests/model.js';

type Subset = DestinationRule['subsets'][number];

/** DestinationRules that count as one. */
export interface MergedRules {
  /** All of them, the one that wins first. */
  readonly rules: readonly DestinationRule[];
  /** The one whose trafficPolicy holds; null when no rule has one. */
  readonly withPolicy: DestinationRule | null;
  /** By name, each with the rule that defines it; of two with the same name the first holds. */
  readonly subsets: ReadonlyMap<string, { readonly rule: DestinationRule; readonly subset: Subset }>;
  /** As {@link exportedTo}. */
  readonly exportTo: ReadonlySet<string>;
  /** Labels of the client pods that they are for; null: for all. */
  readonly selector: DestinationRule['workloadSelector'];
}

interface Merging extends MergedRules {
  readonly rules: DestinationRule[];
  readonly subsets: Map<string, { rule: DestinationRule; subset: Subset }>;
  withPolicy: DestinationRule | null;
}

/** A rule's `exportTo` as Istio takes it: one with a workloadSelector is for its own namespace, whatever it says. */
export function exportedTo({ workloadSelector, exportTo }: DestinationRule): ReadonlySet<string> {
  return new Set(workloadSelector === null ? exportTo : ['.']);
}

/**
 * Merges rules for one host: the first trafficPolicy and the first subset of each name hold. Rules with a workloadSelector
 * come first, then older ones, then names decide. Only rules whose exportTo is equal are merged, and those whose exportTo has
 * all of an earlier rule's and more (`ENABLE_ENHANCED_DESTINATIONRULE_MERGE`, on by default; istio/istio 1.32, pilot/pkg/model/push_context.go, `sortConfigBySelectorAndCreationTime`, and destination_rule.go,
 * `mergeDestinationRule`).
 *
 * @param rules of one namespace, for the same host
 * @returns more than one if some cannot be merged
 */
export function mergedRules(rules: readonly DestinationRule[]): readonly MergedRules[] {
  const merged: Merging[] = [];
  for (const rule of [...rules].sort(bySelectorAndAge)) {
    if (addToFitting(merged, rule)) merged.push(merge(begin(rule), rule));
  }
  return merged;
}

/** Adds the rule to all that it fits. @returns whether it stands for itself as well, which the last one decides in Istio */
function addToFitting(merged: readonly Merging[], rule: DestinationRule): boolean {
  const exportTo = exportedTo(rule);
  let apart = true;
  for (const one of merged) {
    apart = true;
    const isSuperset = [...one.exportTo].every((namespace) => exportTo.has(namespace));
    const isSame = isSuperset && exportTo.size === one.exportTo.size;
    if (!isSame && (!isSuperset || one.exportTo.size === 0)) continue;
    const bothSelect = one.selector !== null && rule.workloadSelector !== null;
    if (
      bothSelect &&
      !(isPartOf(one.selector, rule.workloadSelector) && isPartOf(rule.workloadSelector, one.selector))
    )
      continue;
    apart = !isSame && (one.selector === null) !== (rule.workloadSelector === null);
    merge(one, rule);
  }
  return apart;
}

/** Whether all these labels are among the others. */
export function isPartOf(
  labels: Readonly<Record<string, string>>,
  others: Readonly<Record<string, string>>,
): boolean {
  return Object.entries(labels).every(([key, value]) => Object.hasOwn(others, key) && others[key] === value);
}

function begin(rule: DestinationRule): Merging {
  return {
    rules: [],
    withPolicy: null,
    subsets: new Map(),
    exportTo: exportedTo(rule),
    selector: rule.workloadSelector,
  };
}

function merge(into: Merging, rule: DestinationRule): Merging {
  into.rules.push(rule);
  if (into.withPolicy === null && rule.trafficPolicy !== null) into.withPolicy = rule;
  for (const subset of rule.subsets) {
    if (!into.subsets.has(subset.name)) into.subsets.set(subset.name, { rule, subset });
  }
  return into;
}

function bySelectorAndAge(a: DestinationRule, b: DestinationRule): number {
  return (
    Number(a.workloadSelector === null) - Number(b.workloadSelector === null) ||
    compareAge(a.ref, b.ref) ||
    compareText(a.ref.name, b.ref.name)
  );
}
