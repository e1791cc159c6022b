/** Judges the knee: against the one that is asked for, or else against the prediction. */
import { count, plain, tally } from '../../text/numbers.js';
import type { Verdict } from '../verdict.js';
import type { LimitsCheck, SearchKind } from './result.js';

/** `--expect-knee`, in connections or requests per second. `about`: ± the tolerance. */
export interface ExpectedKnee {
  readonly relation: 'atLeast' | 'atMost' | 'about';
  readonly level: number;
}

export interface KneeToJudge {
  readonly search: SearchKind;
  /** Null: not found. */
  readonly knee: number | null;
  readonly bounds: readonly [lo: number, hi: number] | null;
  /** As of {@link firstRefusalOf}. */
  readonly firstRefusal: number | null;
  readonly lastAccepted: number | null;
  /** False: part of the load was not sent, or had no end in time, so that nothing is concluded. */
  readonly isLoadSent: boolean;
  /** False: the prediction needs the versions, and no answer named one. */
  readonly areVersionsKnown: boolean;
  /** Refusals that are no limit's, by kind, where they are many among those that the knee is computed from. */
  readonly otherRefusals: Readonly<Record<string, number>>;
}

interface Asked {
  readonly min: number;
  readonly max: number;
  readonly words: string;
}

/**
 * Pass: the bounds of the knee lie inside what is asked; fail: they lie outside. Where no knee was found, it is above the largest level
 * that was not refused, because first refusals come before it.
 *
 * @param predicted null: no limit is known
 * @param expected null: the prediction is what is asked
 * @param tolerance a fraction
 * @returns none if there is neither an expectation nor a prediction
 */
export function kneeChecks(
  found: KneeToJudge,
  predicted: number | null,
  expected: ExpectedKnee | null,
  tolerance: number,
): LimitsCheck[] {
  const asked = askedOf(predicted, expected, tolerance);
  if (asked === null) return [];
  const doubt = doubtOf(found, expected === null);
  const verdict = doubt === null ? verdictOf(boundsOf(found), asked) : 'inconclusive';
  const text = `${foundInWords(found)}; ${asked.words}${doubt === null ? '' : `; ${doubt}`}`;
  return [{ kind: 'knee', verdict, text }];
}

/** Why nothing is concluded; null: there is no reason. */
function doubtOf(found: KneeToJudge, isPredictionAsked: boolean): string | null {
  const { isLoadSent, knee, bounds, lastAccepted, otherRefusals } = found;
  if (!isLoadSent) return 'part of the load was not sent';
  if (isPredictionAsked && !found.areVersionsKnown)
    return 'the limits count for each version, and how many there are is not known';
  if (Object.keys(otherRefusals).length > 0)
    return `but no limit made many of the refusals (${tally(otherRefusals)})`;
  // Refusals above the knee grow with the load, so something else than the limits came in between.
  const isAbove = knee !== null && bounds !== null && lastAccepted !== null && lastAccepted > bounds[1];
  return isAbove ? `but ${levelNumber(lastAccepted)} was accepted` : null;
}

function askedOf(predicted: number | null, expected: ExpectedKnee | null, tolerance: number): Asked | null {
  const about = (level: number, what: string): Asked => ({
    min: level * (1 - tolerance),
    max: level * (1 + tolerance),
    words: `${what} ${levelNumber(level)} ± ${plain(tolerance * 100)} %`,
  });
  if (expected === null) return predicted === null ? null : about(predicted, 'predicted:');
  const { relation, level } = expected;
  if (relation === 'about') return about(level, 'asked:');
  const at = levelNumber(level);
  return relation === 'atLeast'
    ? { min: level, max: Number.POSITIVE_INFINITY, words: `asked: at least ${at}` }
    : { min: 0, max: level, words: `asked: at most ${at}` };
}

/** Null: nothing is known of it. */
function boundsOf({ knee, bounds, lastAccepted }: KneeToJudge): readonly [lo: number, hi: number] | null {
  if (knee !== null) return bounds;
  return lastAccepted === null ? null : [lastAccepted, Number.POSITIVE_INFINITY];
}

function verdictOf(bounds: readonly [lo: number, hi: number] | null, { min, max }: Asked): Verdict {
  if (bounds === null) return 'inconclusive';
  const [lo, hi] = bounds;
  if (lo >= min && hi <= max) return 'pass';
  return hi < min || lo > max ? 'fail' : 'inconclusive';
}

function foundInWords({ search, knee, bounds, firstRefusal, lastAccepted }: KneeToJudge): string {
  const unit = search === 'rate' ? 'requests per second' : 'connections';
  if (knee !== null) {
    const between =
      bounds === null ? 'too few steps for bounds' : `${levelNumber(bounds[0])} to ${levelNumber(bounds[1])}`;
    return `the knee is at ${levelNumber(knee)} ${unit} (${between})`;
  }
  if (lastAccepted === null) return 'no knee was found: no step was finished';
  if (lastAccepted === 0) {
    return `no knee was found: ${firstRefusal === null ? 'requests failed' : 'refused'} from the smallest load on`;
  }
  const up = `up to ${levelNumber(lastAccepted)} ${unit}`;
  return firstRefusal === null
    ? `no refusals ${up}`
    : `no knee was found; ${up} hardly anything is refused, at ${levelNumber(firstRefusal)} more is`;
}

/** A small knee has its decimals: its bounds are near. */
function levelNumber(level: number): string {
  return level < 10 ? plain(level) : count(level);
}
