/** What runs say that are smaller than they should be: computed from the multinomial distribution, not simulated. */
import { chanceWithin } from '../stats/multinomial.js';
import { passChance, type SplitGoal } from './pass-chance.js';
import type { SmallerRuns } from './result.js';

const CURLS = 10;
/**
 * The weight test of the Gateway API's conformance suite: 500 requests, at most 5 points off, every version seen and none of
 * weight 0, and one of ten tries is enough (kubernetes-sigs/gateway-api 1afb8fd, conformance/tests/httproute-weight.go).
 */
const CONFORMANCE = { requests: 500, tolerance: 0.05, tries: 10 } as const;
const SIZES = [100, 1000] as const;
/** `more` is at most so much more. */
const MOST_MORE = 0.1;
/** Differences of shares that are only rounding. */
const SAME = 1e-9;

/**
 * @param names of the versions
 * @param sizes of `weighbridge run -n`, besides 100 and 1,000
 */
export function smallerRuns(
  names: readonly string[],
  goal: SplitGoal,
  sizes: readonly number[],
): SmallerRuns {
  const at = leastWeighted(goal.shares);
  const truths = truthsFor(goal, at);
  const runs: SmallerRuns['runs'] = [
    {
      kind: 'curls',
      requests: CURLS,
      passes: truths.map(({ shares }) => 1 - (1 - (shares[at] ?? 0)) ** CURLS),
    },
    {
      kind: 'conformance',
      requests: CONFORMANCE.requests,
      passes: truths.map(({ shares }) => conformancePasses(goal.shares, shares)),
    },
    ...[...new Set([...SIZES, ...sizes])]
      .sort((a, b) => a - b)
      .map((requests) => ({
        kind: 'run' as const,
        requests,
        passes: truths.map(({ shares }) => passChance(goal, requests, shares)),
      })),
  ];
  return { truths, version: names[at] ?? '', runs };
}

/** Position of the version of least weight that has some; of equals the last one, which is more often the new one. */
function leastWeighted(shares: readonly number[]): number {
  const least = Math.min(...shares.filter((share) => share > 0));
  return shares.lastIndexOf(least);
}

/** What the gateway may really do: the version gets its share, or another; the others share the rest as they should. */
function truthsFor({ shares, tolerances }: SplitGoal, at: number): SmallerRuns['truths'] {
  const share = shares[at] as number;
  const truths: SmallerRuns['truths'] = [{ kind: 'kept', shares: [...shares] }];
  if (share >= 1) return truths;
  const others = [
    ['off', share + 2 * (tolerances[at] as number)],
    ['more', Math.min(2 * share, share + MOST_MORE)],
    ['none', 0],
  ] as const;
  for (const [kind, other] of others) {
    const isNew = truths.every((truth) => Math.abs((truth.shares[at] as number) - other) > SAME);
    if (other >= 1 || !isNew) continue;
    const scale = (1 - other) / (1 - share);
    truths.push({ kind, shares: shares.map((one, v) => (v === at ? other : one * scale)) });
  }
  return truths;
}

function conformancePasses(expected: readonly number[], truth: readonly number[]): number | null {
  const { requests, tolerance, tries } = CONFORMANCE;
  const bounds = expected.map((share): [number, number] =>
    share === 0
      ? [0, 0]
      : [
          Math.max(1, Math.ceil(requests * (share - tolerance) - SAME)),
          Math.min(requests, Math.floor(requests * (share + tolerance) + SAME)),
        ],
  );
  const once = chanceWithin(requests, truth, bounds);
  return once === null ? null : 1 - (1 - once) ** tries;
}
