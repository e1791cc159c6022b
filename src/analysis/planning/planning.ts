/** Everything that is known of a run before it is sent. */
import type { LoadPlan, Plan } from '../../plan/plan.js';
import type { PlanFacts } from '../../plan/plan-facts.js';
import { shownTarget } from '../../plan/target/secrets.js';
import { NOWHERE } from '../../plan/target/target.js';
import { tolerancesOf } from '../../plan/tolerance.js';
import { withKind } from '../note-kind.js';
import { breakersOf } from './breakers.js';
import { expectedEjections } from './ejection-windows.js';
import { neededRequests } from './needed.js';
import type { SplitGoal } from './pass-chance.js';
import type { PlanningResult } from './result.js';
import { smallerRuns } from './smaller-runs.js';
import { weightsResult } from './weights.js';

/**
 * @param plan with expected versions
 * @param power the chance with which a split that is kept should pass, between 0 and 1
 */
export function planning(plan: Plan, facts: PlanFacts, power: number): PlanningResult {
  const { load, judge, ejection, notes } = plan;
  const expected = judge.expected ?? [];
  const shares = expected.map(({ share }) => share);
  const tolerances = tolerancesOf(judge);
  const goal: SplitGoal = { shares, tolerances, confidence: judge.confidence };
  const needed = neededRequests(judge, goal, power, load);
  const sizes = [sizeOf(load), needed.split?.requests ?? null].filter((size) => size !== null);
  const { method, host, path } = shownTarget(plan);
  return {
    schemaVersion: 1,
    target: { method, host: host === new URL(NOWHERE).host ? null : host, path },
    expectation: {
      from: facts.weightsFrom,
      rule: facts.rule,
      confidence: judge.confidence,
      power,
      versions: expected.map(({ name, weight, share }, v) => {
        const tolerance = tolerances[v] as number;
        return {
          version: name,
          weight,
          share,
          tolerance,
          bounds:
            share === 0
              ? [0, 0]
              : [Math.max(0, exact(share - tolerance)), Math.min(1, exact(share + tolerance))],
        };
      }),
    },
    weights: weightsResult(facts.split, expected, tolerances),
    needed,
    smallerRuns: smallerRuns(
      expected.map(({ name }) => name),
      goal,
      sizes,
    ),
    breakers: breakersOf(facts.limits, expected, load),
    ejections: expectedEjections(ejection),
    notes: notes.map(withKind),
  };
}

/** How many requests the options ask for; null if they leave it open. */
function sizeOf({ untilVerdict, requests, ratePerSecond, durationMs }: LoadPlan): number | null {
  if (untilVerdict) return null;
  if (requests !== null) return requests;
  return ratePerSecond === null || durationMs === null
    ? null
    : Math.max(1, Math.floor((ratePerSecond * durationMs) / 1000));
}

/** Without the dust of binary fractions. */
function exact(fraction: number): number {
  return Number(fraction.toPrecision(12));
}
