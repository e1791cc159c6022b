/** Whether this machine can send what is asked for. */
import { CROWDED_SHARE } from '../../blocks/generator-use.js';
import { count, counted, rate } from '../../text/numbers.js';
import { percentOf } from '../notes/note-maker.js';
import type { ClosedLoopResult, DoctorCheck, MachineResult, OpenLoopResult } from './result.js';

/** Up to this part of what a machine can send, requests go out on time also when something else happens. */
export const COMFORTABLE_SHARE = 0.5;

/** How precisely requests are sent is tried at this rate if none is asked for, per second. */
const USUAL_RATE = 1_000;

/** Absent: not asked for. */
export interface Asked {
  readonly ratePerSecond?: number | undefined;
  readonly connections?: number | undefined;
}

/**
 * The rate at which lateness is measured, per second: what is asked for, or the usual one. A rate that this machine cannot send would
 * show its queue and not its precision.
 *
 * @param most what it sent in a closed loop
 */
export function triedRate(asked: number | undefined, most: number): number {
  if (asked !== undefined && asked <= most) return asked;
  return Math.max(1, Math.min(USUAL_RATE, Math.floor(COMFORTABLE_SHARE * most)));
}

export function doctorChecks(
  { ratePerSecond, connections }: Asked,
  machine: MachineResult,
  closed: ClosedLoopResult,
  open: OpenLoopResult | null,
): DoctorCheck[] {
  return [
    ...(ratePerSecond === undefined ? [] : [rateCheck(ratePerSecond, closed, open)]),
    ...(connections === undefined ? [] : [connectionCheck(connections, machine.mostConnections)]),
  ];
}

/**
 * Pass: up to half of what was measured, and when it was tried all requests were sent. Fail: more than the client can, also if it had had a
 * core all the time: on a loaded machine the others were the limit. In between, or where the echo server was the limit, it is not known.
 */
function rateCheck(asked: number, closed: ClosedLoopResult, open: OpenLoopResult | null): DoctorCheck {
  const most = closed.requestsPerSecond;
  const by = `${closed.clientLimited ? '' : 'at least '}${rate(most)} with ${counted(closed.threads, 'thread')}`;
  const check = (verdict: DoctorCheck['verdict'], why: string): DoctorCheck => ({
    kind: 'rate',
    verdict,
    asked,
    most,
    text: `${rate(asked)}: ${why}`,
  });
  const noCoreShare = closed.generator?.noCoreShare ?? 0;
  const alone = noCoreShare < CROWDED_SHARE ? most : most / (1 - noCoreShare);
  if (closed.clientLimited && asked > alone) {
    return check('fail', `the most that this machine sent is ${by}`);
  }
  if (asked > most && closed.clientLimited) {
    return check(
      'inconclusive',
      `it sent ${by}, while other programs had the cores for ${percentOf(noCoreShare, 1)} of the time`,
    );
  }
  if (asked > most) return check('inconclusive', `it sent ${by}, limited by something else than the client`);
  if (asked > COMFORTABLE_SHARE * most) {
    return check(
      'inconclusive',
      `more than half of what this machine can send (${by}): requests are late when anything else happens`,
    );
  }
  if (open !== null && open.ratePerSecond === asked && open.failed > 0) {
    return check(
      'inconclusive',
      `${counted(open.failed, 'request')} of ${count(open.failed + open.requests)} got no answer in a second`,
    );
  }
  return check('pass', `at most half of what this machine can send (${by})`);
}

function connectionCheck(asked: number, most: number | null): DoctorCheck {
  const fits = most === null || asked <= most;
  const text = most === null ? 'no limit is known' : `this machine can have ${count(most)} to one address`;
  return {
    kind: 'connections',
    verdict: fits ? 'pass' : 'fail',
    asked,
    most,
    text: `${counted(asked, 'connection')}: ${text}`,
  };
}
