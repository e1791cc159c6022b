/** Fault injection of a VirtualService's rule. */

import { istioDuration } from '../durations.js';
import type { Field } from '../fields.js';
import type { FaultInjection } from '../model.js';

/** `fault`; without a percentage no request is concerned (Istio's default). */
export function readFault(fault: Field): FaultInjection | null {
  if (!fault.present) return null;
  const abort = fault.get('abort');
  const delay = fault.get('delay');
  const status = abort.get('httpStatus').whole(200, 599);
  const fixedDelayMs = istioDuration(delay.get('fixedDelay'));
  return {
    abort: status === null ? null : { httpStatus: status, percent: readPercent(abort) },
    delay: fixedDelayMs === null ? null : { fixedDelayMs, percent: readPercent(delay) },
  };
}

function readPercent(owner: Field): number {
  const value = owner.get('percentage').get('value').number(0, 100);
  return value ?? owner.get('percent').number(0, 100) ?? 0;
}
