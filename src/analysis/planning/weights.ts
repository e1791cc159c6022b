/** Can the expected weights come about at all? By what the manifests say of routes, Services and Deployments. */
import { sum } from '../../collections.js';
import type { ExpectedVersion } from '../../plan/plan.js';
import type { PlanFacts } from '../../plan/plan-facts.js';
import type { Portion } from '../../plan/split-portions.js';
import { listed } from '../../text/lists.js';
import { counted, plain } from '../../text/numbers.js';
import { printable } from '../../text/printable.js';
import type { WeightsResult } from './result.js';

const MAX_SHOWN = 8;
/** More pods than that are no advice. */
const MAX_PODS = 200;

/** @param tolerances for each expected version, fractions */
export function weightsResult(
  split: PlanFacts['split'],
  expected: readonly ExpectedVersion[],
  tolerances: readonly number[],
): WeightsResult {
  if (split === null) return { by: null, possible: null, portions: [], reasons: [] };
  const { by, of, portions } = split;
  const empty = portions.filter(({ pods, share }) => pods === 0 && share > 0);
  const isNamed = portions.every(({ version }) => version !== null);
  const off = expected.some(
    ({ name, share }, v) => Math.abs(shareOf(portions, name) - share) > (tolerances[v] as number),
  );
  const possible = empty.length > 0 ? false : isNamed ? !off : null;
  return {
    by,
    possible,
    portions: portions.map(({ name, version, pods, share }) => ({ name, version, pods, share })),
    reasons: [
      ...empty.map(
        ({ name, share }) =>
          `${printable(name)} has no pods by the manifests: its ${percentOf(share)} are answered by errors.`,
      ),
      ...(by === 'pods'
        ? podReasons(of, portions, expected, possible)
        : routeReasons(of, portions, possible)),
    ],
  };
}

/** One Service has the pods of all versions. */
function podReasons(
  of: string,
  portions: readonly Portion[],
  expected: readonly ExpectedVersion[],
  possible: boolean | null,
): string[] {
  const known = portions.filter(({ pods }) => pods !== null);
  const head = `Nothing divides requests by version: ${of} sends all to one Service`;
  if (known.length === 0) return [`${head}, and its Deployments are not among the manifests.`];
  const shares = known.map(
    ({ name, pods, share }) => `${printable(name)} ${percentOf(share)} (${counted(pods ?? 0, 'pod')})`,
  );
  const reasons = [
    `${head}, so the number of pods decides, if all are used equally: ${listed(shares, MAX_SHOWN)}.`,
  ];
  if (possible === false) {
    const pods = podsFor(expected);
    const byPods = pods === null ? '' : `, or ${pods.join(' and ')} pods`;
    reasons.push(`The expected shares take a route with weights${byPods}.`);
  }
  return reasons;
}

function routeReasons(of: string, portions: readonly Portion[], possible: boolean | null): string[] {
  if (possible === true) return [];
  const shares = portions.map(({ name, version, share }) => {
    const which = version === null || name.endsWith(version) ? '' : ` (${printable(version)})`;
    return `${printable(name)} ${percentOf(share)}${which}`;
  });
  const end = possible === null ? ' Which of them are which expected version is not known.' : '';
  return [
    `By ${of} and the pods that its Services select, requests go to ${listed(shares, MAX_SHOWN)}.${end}`,
  ];
}

/** The smallest numbers of pods in the ratio of the weights; null if they are too many. */
function podsFor(expected: readonly ExpectedVersion[]): readonly number[] | null {
  const weights = expected.map(({ weight }) => weight);
  if (!weights.every(Number.isSafeInteger)) return null;
  const divisor = weights.reduce(greatestCommonDivisor);
  const pods = weights.map((weight) => weight / divisor);
  return sum(pods) > MAX_PODS ? null : pods;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

function shareOf(portions: readonly Portion[], name: string): number {
  return sum(portions.filter(({ version }) => version === name).map(({ share }) => share));
}

function percentOf(fraction: number): string {
  return `${plain(fraction * 100)} %`;
}
