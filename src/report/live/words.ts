/** How the checks are so far, in words that nobody takes for the verdict. */
import type { Check } from '../../analysis/result.js';
import type { SoFar } from '../../analysis/so-far.js';
import type { Verdict } from '../../analysis/verdict.js';
import { count } from '../../text/numbers.js';

/** A kind of check: its state, and the words for it. */
export interface CheckState {
  readonly verdict: Verdict;
  readonly text: string;
}

interface Words extends Readonly<Record<Verdict, string>> {
  /** Which checks: the words before the first `/` of their names. */
  readonly kinds: readonly string[];
}

const STATES: readonly Words[] = [
  {
    kinds: ['split'],
    pass: 'split within tolerance',
    fail: 'split outside tolerance',
    inconclusive: 'split not decided',
  },
  {
    kinds: ['errors', 'error-increase'],
    pass: 'errors below limit',
    fail: 'errors above limit',
    inconclusive: 'errors not decided',
  },
  {
    kinds: ['latency', 'latency-ratio'],
    pass: 'latency within limits',
    fail: 'latency above limit',
    inconclusive: 'latency not decided',
  },
];

/**
 * The state of each kind of check that the run has, split first.
 *
 * @param nameOf a version as it is shown; null: there is no room to say what is needed
 */
export function checkStates({ checks }: SoFar, nameOf: ((version: string) => string) | null): CheckState[] {
  return STATES.flatMap(({ kinds, ...words }) => {
    const own = checks.filter(({ name }) => kinds.includes(name.replace(/\/.*$/s, '')));
    if (own.length === 0) return [];
    const has = (wanted: Verdict) => own.some(({ verdict }) => verdict === wanted);
    const verdict = has('fail') ? 'fail' : has('inconclusive') ? 'inconclusive' : 'pass';
    return [
      {
        verdict,
        text: `${words[verdict]}${verdict === 'inconclusive' && nameOf !== null ? needed(own, nameOf) : ''}`,
      },
    ];
  });
}

/** ` (v2 needs about 640 requests)`: of the check that needs most; '' if none says so. */
function needed(checks: readonly Check[], nameOf: (version: string) => string): string {
  const most = checks.reduce<Check | null>(
    (found, check) => ((check.requestsNeeded ?? 0) > (found?.requestsNeeded ?? 0) ? check : found),
    null,
  );
  if (most === null || most.requestsNeeded === null) return '';
  const [, version = ''] = /^[^/]*\/(.*?)(?:\/p[\d.]+)?$/s.exec(most.name) ?? [];
  return ` (${version === '' ? 'the run' : nameOf(version)} needs about ${count(most.requestsNeeded)} requests)`;
}

/** When there will be a verdict, and what the state so far is not; '' without checks. */
export function verdictToCome({ checks, method, looks }: SoFar): string {
  if (checks.length === 0) return '';
  return method === 'sequential'
    ? `The run ends by itself when its verdict is known (looked ${count(looks ?? 0)} times so far).`
    : 'The verdict comes at the end. If you stop the run because of what you see here, it is less sure.';
}
