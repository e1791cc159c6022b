/** Whether two runs can be shards of one run: the same request, sent in the same way, judged by the same weights. */
import type { Plan } from '../../plan/plan.js';
import { shownTarget } from '../../plan/target/secrets.js';
import { printable } from '../../text/printable.js';

/** Where two plans differ. */
export interface PlanDifference {
  /** The member that differs: `judge.tolerance`. */
  readonly path: string;
  /** Its values as JSON, shortened; null when they may be secret. */
  readonly values: readonly [first: string, second: string] | null;
}

/**
 * Members that may differ:
 * - how much each generator sends: a large machine may send more than a small one, and requests are added up,
 * - seed and threads: no figure depends on them,
 * - resolved addresses: each machine has its own resolver,
 * - what each pre-flight detected, and notes,
 * - names of secrets: they change what is shown, and nothing that is sent,
 * - words that stand for expected versions: they follow from these.
 */
const MAY_DIFFER = new Set([
  'load.connections',
  'load.maxInFlight',
  'load.ratePerSecond',
  'load.requests',
  'load.seed',
  'load.threads',
  'target.connectTo',
  'identify.candidates',
  'identify.upstreamTimeStamped',
  'notes',
  'secretHeaders',
]);

/** Values that are never shown, even if a file has them. */
const HIDDEN = /^target\.(body|tls\.(ca|cert|key))/;
/**
 * Members that may differ because they are from manifests: sources are file names on one machine, and endpoints are
 * counted in manifests that another machine may not have.
 */
const MANIFESTS = /^(policies\[\d+\]\.source|ejection\[\d+\]\.(source|endpoints))$/;

/** The first difference that keeps two runs from being shards of one run; null when there is none. */
export function planDifference(first: Plan, second: Plan): PlanDifference | null {
  const found = difference(first, second, '');
  if (found === null) return null;
  const secretHeaders = [...first.secretHeaders, ...second.secretHeaders];
  const withoutSecrets = (plan: Plan): Plan => ({ ...plan, target: shownTarget({ ...plan, secretHeaders }) });
  const shown = difference(withoutSecrets(first), withoutSecrets(second), '');
  // Saved runs have no secrets, but files of older versions may.
  return shown?.path === found.path && !HIDDEN.test(found.path) ? shown : { ...found, values: null };
}

function difference(first: unknown, second: unknown, path: string): PlanDifference | null {
  if (MAY_DIFFER.has(path) || MANIFESTS.test(path)) return null;
  const differs = (): PlanDifference => ({ path, values: [shown(first), shown(second)] });
  if (hasMembers(first) && hasMembers(second)) {
    if (Array.isArray(first) !== Array.isArray(second)) return differs();
    const inside = Array.isArray(first);
    const keys = [...new Set([...Object.keys(first), ...Object.keys(second)])];
    for (const key of keys) {
      const name = inside ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`;
      const found = difference(first[key], second[key], name);
      if (found !== null) return found;
    }
    return null;
  }
  return Object.is(first, second) ? null : differs();
}

/** Also true of an array, whose members are compared by index. */
function hasMembers(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function shown(value: unknown): string {
  return value === undefined ? 'nothing' : printable(JSON.stringify(value), 80);
}
