/**
 * What the intervals of a difference show (docs/statistics.md, "Results compared"). Something is claimed to differ by the
 * interval that holds together with all others, and to be no larger than what counts by the difference's own.
 */
import type { Verdict } from '../verdict.js';
import type { Outcome } from './result.js';

/** Which way is worse than the reference. */
export interface Direction {
  /** Differences above 0, or below it, are bad if they count. */
  readonly up: boolean;
  readonly down: boolean;
  /** Whether the difference as it was measured is for the worse; null: there is no better or worse. */
  readonly isWorse: boolean | null;
}

export interface Judged {
  readonly difference: number;
  readonly interval: readonly [lo: number, hi: number];
  readonly ownInterval: readonly [lo: number, hi: number];
  /** A smaller difference is too small to count. */
  readonly tolerance: number;
  readonly direction: Direction;
}

/** Of a figure whose higher values are worse. */
export const higherIsWorse = (difference: number): Direction => ({
  up: true,
  down: false,
  isWorse: difference > 0,
});

export const lowerIsWorse = (difference: number): Direction => ({
  up: false,
  down: true,
  isWorse: difference < 0,
});

export function outcomeOf({ difference, interval, ownInterval, tolerance, direction }: Judged): Outcome {
  const { up, down, isWorse } = direction;
  const isShown = interval[0] > 0 || interval[1] < 0;
  const [above, below] = [ownInterval[1] > tolerance, ownInterval[0] < -tolerance];
  if (isShown && Math.abs(difference) >= tolerance) {
    return isWorse === null ? 'differs' : isWorse ? 'worse' : 'better';
  }
  if ((up && above) || (down && below)) return 'unknown';
  if (isShown) return 'slight';
  return above || below ? 'not-worse' : 'alike';
}

/** Null for what has no better or worse. */
export function verdictOf(outcome: Outcome, { isWorse }: Direction): Verdict | null {
  if (isWorse === null) return null;
  return outcome === 'worse' ? 'fail' : outcome === 'unknown' ? 'inconclusive' : 'pass';
}

/** The largest factor that is told. */
const MOST_TIMES = 1_000;

/**
 * About how many times as many requests would tell that the difference is too small to count, if it stays as it is: the width of an
 * interval falls with the square root of their number. Null: never, since the difference itself counts, or not in time.
 */
export function moreTimes({ difference, ownInterval, tolerance, direction }: Judged): number | null {
  const sides = [
    ...(direction.up ? [{ width: ownInterval[1] - difference, room: tolerance - difference }] : []),
    ...(direction.down ? [{ width: difference - ownInterval[0], room: tolerance + difference }] : []),
  ];
  if (sides.some(({ room }) => room <= 0)) return null;
  const times = Math.max(...sides.map(({ width, room }) => width / room)) ** 2;
  return times > 1 && times <= MOST_TIMES ? times : null;
}
