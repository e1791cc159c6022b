/** How probable it is that the split of a run of fixed size passes, by the very test that judges runs. */
import { chanceWithin } from '../stats/multinomial.js';
import { judgeVersions } from '../stats/two-one-sided.js';

/** What is expected, and how strictly. Fractions. */
export interface SplitGoal {
  readonly shares: readonly number[];
  /** One per version. */
  readonly tolerances: readonly number[];
  readonly confidence: number;
}

/** For each version, the counts of n requests with which its share passes; lo above hi: none. */
export type PassCounts = readonly (readonly [lo: number, hi: number])[];

/** @param n requests, all answered by an expected version */
export function passCounts({ shares, tolerances, confidence }: SplitGoal, n: number): PassCounts {
  const found = new Map<string, PassCounts[number]>();
  return shares.map((share, v) => {
    const tolerance = tolerances[v] as number;
    const key = `${share} ${tolerance}`;
    const counts = found.get(key) ?? countsOf(share, tolerance, confidence, n);
    found.set(key, counts);
    return counts;
  });
}

function countsOf(share: number, tolerance: number, confidence: number, n: number): PassCounts[number] {
  const passes = (drawn: number) => {
    const versions = [
      { expectedShare: share, tolerance, drawn },
      { expectedShare: 1 - share, tolerance, drawn: n - drawn },
    ];
    const rule = { method: 'fixed', confidence } as const;
    return judgeVersions({ versions, unexpected: 0, unknown: 0 }, rule)[0] === 'pass';
  };
  if (share === 0) return passes(0) ? [0, 0] : [1, 0];
  const middle = Math.min(n, Math.max(1, Math.round(n * share)));
  if (!passes(middle)) return [1, 0];
  return [
    middle - lastWhere((steps) => passes(middle - steps), middle),
    middle + lastWhere((steps) => passes(middle + steps), n - middle),
  ];
}

/**
 * @param truth the shares that the gateway really gives, fractions with the sum 1
 * @returns exact; null if it would take too long to compute
 */
export function passChance(goal: SplitGoal, n: number, truth: readonly number[]): number | null {
  return chanceWithin(n, truth, passCounts(goal, n));
}

/** The largest whole number up to `most` for which `holds` is true, if it is true of 0 and of all up to there. */
function lastWhere(holds: (steps: number) => boolean, most: number): number {
  let [low, high] = [0, most + 1];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle)) low = middle;
    else high = middle;
  }
  return low;
}
