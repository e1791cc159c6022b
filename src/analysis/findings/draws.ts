/** Draws in the order of sending: versions in turn, in bursts, and shares that change. */

import { duration } from '../../text/durations.js';
import { plain } from '../../text/numbers.js';
import type { Part } from '../send-windows.js';
import { smallerP } from '../stats/dispersion.js';
import type { DispersionFinding, DriftFinding, TransientFinding } from './finding.js';
import type { SendOrder } from './send-order.js';
import { chance, mostDifferent, named, shareIn, shareOf, sharesOfCounts } from './words.js';

export function turnsFinding(spread: NonNullable<SendOrder['spread']>): DispersionFinding {
  const { chiSquare, df, parts } = spread;
  const ratio = chiSquare / df;
  const p = smallerP(spread);
  return {
    kind: 'rotation',
    p,
    figure: ratio,
    parts,
    text: `Versions come in turn: parts of the run vary ${plain(ratio)} times as much as draws would (${chance(p)}).`,
    advice:
      'The verdict holds: it allows for the variation of draws, which is larger. A gateway that takes versions in turn shows its weights with fewer requests.',
  };
}

export function burstsFinding({ ratio, pMore, parts }: NonNullable<SendOrder['bursts']>): DispersionFinding {
  return {
    kind: 'over-dispersion',
    p: pMore,
    figure: ratio,
    parts,
    text: `Versions come in bursts: neighbouring parts of the run vary ${plain(ratio)} times as much as draws would (${chance(pMore)}).`,
    advice:
      'Requests are not independent draws, so the intervals are too narrow: do not rely on a verdict that is close. Send more requests over a longer time, and find out what the gateway chooses versions by.',
  };
}

/** @param names of the columns */
export function changeFinding(
  { p, once, inside, outside }: NonNullable<SendOrder['change']>,
  names: readonly string[],
): DriftFinding | TransientFinding {
  const [first, second] = [inside, outside].map(({ counts }) => sharesOfCounts(counts, names)) as [
    Shares,
    Shares,
  ];
  const version = mostDifferent(first, second);
  const points = (shareIn(version, second) - shareIn(version, first)) * 100;
  if (once) {
    const atMs = inside.toUs / 1000;
    return {
      kind: 'drift',
      p,
      figure: points,
      version,
      atMs,
      before: first,
      after: second,
      text: `The shares changed at about ${duration(atMs)}: ${named(version)} had ${shareOf(version, first)} before and ${shareOf(version, second)} after (${chance(p)}).`,
      advice:
        'The verdict is about the run as a whole. Find out what changed the weights then (a rollout controller, a new configuration), and run again when they are final.',
    };
  }
  const { fromUs, toUs }: Part = inside;
  return {
    kind: 'transient',
    p,
    figure: -points,
    version,
    fromMs: fromUs / 1000,
    toMs: toUs / 1000,
    inside: first,
    outside: second,
    text: `From about ${duration(fromUs / 1000)} to ${duration(toUs / 1000)} the shares were different: ${named(version)} had ${shareOf(version, first)} then and ${shareOf(version, second)} otherwise (${chance(p)}).`,
    advice:
      'Find out what happened then: a change of the route that was taken back, a restart of the gateway, or pods that came and went.',
  };
}

type Shares = ReturnType<typeof sharesOfCounts>;
