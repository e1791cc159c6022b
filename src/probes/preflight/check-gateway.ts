/**
 * Before the load: sends single requests until it is known that the gateway answers, how responses tell
 * their version, and that what they tell fits what is expected.
 */
import pLimit from 'p-limit';
import { UserError } from '../../errors.js';
import type { Plan } from '../../plan/plan.js';
import { addressLabel } from '../../plan/target/connect-to.js';
import { chooseIdentifier, versionNotFound } from './choose-identifier.js';
import { explainFailure, explainReply } from './explain-failure.js';
import { type PreflightFailure, type PreflightReply, sendSingleRequest } from './single-request.js';

/** Requests sent at most when the first answers do not tell enough. */
const MAX_REQUESTS = 20;
const AT_ONCE = 4;
/** Addresses tried in turn for a first answer. */
const MAX_ADDRESSES_TRIED = 4;

export interface GatewayCheck {
  /** The plan with its identifier settled. */
  readonly plan: Plan;
  /** Requests that were sent. */
  readonly requests: number;
  /** Address that answered (`203.0.113.7:80`); null when the signal came first. */
  readonly reached: string | null;
}

/**
 * @param signal ends it at once, with the plan as it is
 * @throws UserError that explains why no load can be sent (exit 4), or that no version can be read (exit 2)
 */
export async function scout(plan: Plan, signal?: AbortSignal): Promise<GatewayCheck> {
  const replies: PreflightReply[] = [];
  const aborted = () => signal?.aborted === true;
  const asked = await firstAnswer(plan, signal);
  const { at, first } = asked;
  let { sent } = asked;
  if (aborted()) return { plan, requests: sent, reached: null };
  if (first.kind === 'failure') throw new UserError(unreached(plan, first, sent), 'unreachable');
  replies.push(first);
  const refused = explainReply(at, first);
  // An error of the gateway's own may concern one version only: others may answer. So may the next request
  // where faults are injected, whatever their status.
  const final = first.status < 500 && first.outcome !== 'fault-injected';
  if (refused !== null && final) throw new UserError(refused, 'unreachable');
  let settled = chooseIdentifier(plan, replies);
  if (settled === null) {
    const limit = pLimit(AT_ONCE);
    const more = Array.from({ length: MAX_REQUESTS - 1 }, () => limit(() => sendSingleRequest(at, signal)));
    for (const reply of await Promise.all(more)) {
      sent += 1;
      if (reply.kind === 'reply') replies.push(reply);
    }
    if (aborted()) return { plan, requests: sent, reached: null };
    settled = chooseIdentifier(plan, replies);
  }
  if (settled === null) throw versionNotFound(plan, replies, refused);
  return { plan: settled, requests: sent, reached: first.address };
}

interface FirstAnswer {
  /** The plan with the address that answered, alone; with the first one when none did. */
  readonly at: Plan;
  /** The answer, or why the first address gave none. */
  readonly first: PreflightReply | PreflightFailure;
  readonly sent: number;
}

/** Asks one address after the other: one of several that is dead is a finding, and no reason not to measure. */
async function firstAnswer(plan: Plan, signal: AbortSignal | undefined): Promise<FirstAnswer> {
  let failure: FirstAnswer | null = null;
  let sent = 0;
  for (const to of plan.target.connectTo.slice(0, MAX_ADDRESSES_TRIED)) {
    const at = { ...plan, target: { ...plan.target, connectTo: [to] } };
    const first = await sendSingleRequest(at, signal);
    sent += 1;
    failure ??= { at, first, sent };
    if (first.kind === 'reply' || signal?.aborted === true) return { at, first, sent };
  }
  return { ...(failure as FirstAnswer), sent };
}

function unreached(plan: Plan, failure: PreflightFailure, tried: number): string {
  const why = explainFailure(plan, failure);
  if (tried === 1) return why;
  const [, ...others] = plan.target.connectTo.slice(0, tried).map(addressLabel);
  return `${why}\nNo answer came from ${others.join(', ')} either.`;
}
