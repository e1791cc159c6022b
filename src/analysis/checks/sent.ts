/** Was the load sent that was asked for? What was measured with less does not speak for it. */
import type { Check } from '../result.js';
import type { CheckInput } from './check-input.js';
import { percentOf } from './words.js';

/** So much of the schedule must have been sent. */
const MIN_SENT = 0.99;

/** None when nothing else is judged. */
export function sentChecks({ judge, scheduled, notSent, gatewayLeft }: CheckInput): Check[] {
  const { expected, maxErrorRate, only } = judge;
  if (scheduled === 0 || (expected === null && maxErrorRate === null && only === null)) return [];
  const sent = (scheduled - notSent) / scheduled;
  const problems = [
    ...(sent < MIN_SENT ? [`only ${percentOf(sent)} of the requests were sent`] : []),
    ...(gatewayLeft ? ['the gateway took no more connections at the end of the run'] : []),
  ];
  return [
    {
      name: 'sent',
      verdict: problems.length === 0 ? 'pass' : 'inconclusive',
      figure: sent,
      bound: [MIN_SENT, null],
      interval: null,
      requestsNeeded: null,
      text:
        problems.length === 0
          ? `${percentOf(sent)} of the requests were sent`
          : `${problems.join(', and ')}: this is not the load that was asked for`,
    },
  ];
}
