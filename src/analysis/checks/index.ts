/** The checks of a run: a file per kind. The worst of them is the run's verdict. */
import { CHECK_KINDS, type CheckKind } from '../../plan/check-kinds.js';
import type { Check } from '../result.js';
import type { CheckInput } from './check-input.js';
import { ejectionChecks } from './ejections.js';
import { errorChecks } from './errors.js';
import { latencyChecks } from './latency.js';
import { sentChecks } from './sent.js';
import { splitChecks } from './split.js';

const CHECKS: Readonly<Record<CheckKind, (input: CheckInput) => Check[]>> = {
  split: splitChecks,
  errors: errorChecks,
  latency: latencyChecks,
  sent: sentChecks,
  ejections: ejectionChecks,
};

/** All checks of the kinds that the plan asks for. */
export function makeChecks(input: CheckInput): Check[] {
  return (input.judge.only ?? CHECK_KINDS).flatMap((kind) => CHECKS[kind](input));
}

/** Whether the plan asks for a kind of check. */
export function isJudged({ judge }: Pick<CheckInput, 'judge'>, kind: CheckKind): boolean {
  return judge.only?.includes(kind) ?? true;
}
