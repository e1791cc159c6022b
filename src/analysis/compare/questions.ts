/** What is asked of two results, and how an answer is judged. */
import type { Estimate } from '../result.js';
import { type Direction, moreTimes, outcomeOf, verdictOf } from './outcome.js';
import type { Difference } from './result.js';

/**
 * A difference to tell. Its level depends on how many there are, so all are gathered first and answered then.
 */
export interface Question extends Pick<Difference, 'figure' | 'version' | 'percentile' | 'unit'> {
  readonly reference: number | null;
  readonly value: number | null;
  /** The same for two questions whose answers follow from each other, which are one test. */
  readonly test: string;
  /**
   * The difference with its interval; null: it cannot be told.
   *
   * @param alpha each bound has a chance of about this to be wrong
   */
  estimate(alpha: number): Estimate | null;
  /** Of the difference; null: it is shown and not judged. */
  readonly tolerance: number | null;
  direction(difference: number): Direction;
  /**
   * Why nothing can be told.
   *
   * @param alpha as of `estimate`, which gave nothing
   */
  reason(alpha: number): string | null;
}

/** Chances that a bound is wrong. */
export interface Levels {
  /** Together with all others. */
  readonly together: number;
  /** Of this one. */
  readonly own: number;
}

export function answerTo(question: Question, levels: Levels): Difference {
  const { figure, version, percentile, unit, reference, value, tolerance } = question;
  const [together, own] = [question.estimate(levels.together), question.estimate(levels.own)];
  const difference = (own ?? together)?.value ?? null;
  const shown = {
    figure,
    version,
    percentile,
    unit,
    reference,
    value,
    difference,
    relative: unit === 'percent' || difference === null ? null : partOf(difference, reference),
    interval: together?.interval ?? null,
    ownInterval: own?.interval ?? null,
    tolerance,
  };
  if (tolerance === null) {
    const reason = difference === null ? question.reason(levels.own) : null;
    return { ...shown, outcome: null, verdict: null, reason, moreTimes: null };
  }
  if (difference === null || own === null) {
    const { isWorse } = question.direction(0);
    const verdict = isWorse === null ? null : 'inconclusive';
    return { ...shown, outcome: 'unknown', verdict, reason: question.reason(levels.own), moreTimes: null };
  }
  const direction = question.direction(difference);
  const judged = {
    difference,
    // Too few for the stricter bounds: then nothing is shown to differ.
    interval: together?.interval ?? ([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] as const),
    ownInterval: own.interval,
    tolerance,
    direction,
  };
  const outcome = outcomeOf(judged);
  return {
    ...shown,
    outcome,
    verdict: verdictOf(outcome, direction),
    reason: null,
    moreTimes: outcome === 'unknown' ? moreTimes(judged) : null,
  };
}

function partOf(difference: number, reference: number | null): number | null {
  return reference === null || reference === 0 ? null : difference / reference;
}
