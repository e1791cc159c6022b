/** Whether two runs can be shards of one: the same request, sent in the same way, judged by the same weights. */
import type { Plan } from '../../plan/plan.js';
import { printable } from '../../text/printable.js';

/** Where two plans differ, and what each of them says there. */
export interface PlanDifference {
  /** `judge.tolerance` */
  readonly path: string;
  /** JSON, shortened; null for what is not shown. */
  readonly values: readonly [first: string, second: string] | null;
}

/**
 * What may differ:
 * - how much each generator sends (a large machine sends more than a small one): sums of requests mean the same,
 * - seeds and threads, which no figure depends on,
 * - where names led to, which is each machine's own resolver's to say,
 * - what each pre-flight found out about the gateway, and remarks.
 */
const FREE = new Set([
  'load.connections',
  'load.maxInFlight',
  'load.ratePerSecond',
  'load.requests',
  'load.seed',
  'load.threads',
  'target.connectTo',
  'identify.upstreamTimeStamped',
  'notes',
]);

/** Never shown, whatever is left of them in a file. */
const HIDDEN = /^target\.(body|tls\.(ca|cert|key))/;
const HEADER = /^target\.headers\[(\d+)\]/;
/**
 * Sources name a file on the machine where the manifests were read, and endpoints are counted in manifests that
 * not every machine may have.
 */
const MANIFESTS = /^(policies\[\d+\]\.source|ejection\[\d+\]\.(source|endpoints))$/;

/** The first difference that matters, or null. */
export function planDifference(first: Plan, second: Plan): PlanDifference | null {
  const found = difference(first, second, '');
  return found !== null && isSecret(found.path, [first, second]) ? { ...found, values: null } : found;
}

function isSecret(path: string, plans: readonly Plan[]): boolean {
  if (HIDDEN.test(path)) return true;
  const [, index] = HEADER.exec(path) ?? [];
  if (index === undefined) return false;
  const names = plans.map(({ target }) => target.headers[Number(index)]?.[0].toLowerCase());
  return plans.some(({ secretHeaders }) =>
    names.some((name) => name !== undefined && secretHeaders.includes(name)),
  );
}

function difference(first: unknown, second: unknown, path: string): PlanDifference | null {
  if (FREE.has(path) || MANIFESTS.test(path)) return null;
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
