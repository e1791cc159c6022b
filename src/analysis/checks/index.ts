/** The checks of a run: a file per kind. The worst of them is the run's verdict. */
import type { CheckKind } from '../../plan/check-kinds.js';
import type { Check } from '../result.js';
import type { CheckInput } from './check-input.js';
import { ejectionChecks } from './ejections.js';
import { errorChecks, errorIncreaseChecks } from './errors.js';
import { latencyChecks } from './latency.js';
import { sentChecks } from './sent.js';
import { splitChecks } from './split.js';

/**
 * When checks of a run that goes on until its verdict is known are made: at any look, because their tests hold at every one; only
 * when the requests have doubled; or at the end, because they are about the run as a whole.
 */
export type CheckTime = 'any look' | 'doublings' | 'end';

interface CheckMaker {
  readonly kind: CheckKind;
  readonly time: CheckTime;
  readonly make: (input: CheckInput) => Check[];
}

const CHECKS: readonly CheckMaker[] = [
  { kind: 'split', time: 'any look', make: splitChecks },
  { kind: 'errors', time: 'any look', make: errorChecks },
  { kind: 'errors', time: 'doublings', make: errorIncreaseChecks },
  { kind: 'latency', time: 'doublings', make: latencyChecks },
  { kind: 'sent', time: 'end', make: sentChecks },
  { kind: 'ejections', time: 'end', make: ejectionChecks },
];

/**
 * All checks of the kinds that the plan asks for.
 *
 * @param time only those of this time; default: all
 */
export function makeChecks(input: CheckInput, time?: CheckTime): Check[] {
  return CHECKS.filter(
    (one) => isJudged(input, one.kind) && (time === undefined || one.time === time),
  ).flatMap(({ make }) => make(input));
}

/** Whether the plan asks for a kind of check. */
export function isJudged({ judge }: Pick<CheckInput, 'judge'>, kind: CheckKind): boolean {
  return judge.only?.includes(kind) ?? true;
}
