/**
 * The pre-flight: sends single requests before the load until it is known that the gateway answers, where responses
 * have their version, and that the versions are those that are expected.
 */
import pLimit from 'p-limit';
import { OptionError, type OptionNamer } from '../../errors.js';
import type { Plan } from '../../plan/plan.js';
import { addressLabel } from '../../plan/target/connect-to.js';
import { chooseIdentifier } from './choose-identifier.js';
import { explainFailure, failureExit } from './explain-failure.js';
import { explainReply } from './explain-reply.js';
import type { PreflightFailure, PreflightReply } from './reply.js';
import { PARALLEL_REQUESTS, sendSingleRequest } from './single-request.js';
import { versionNotFound } from './version-not-found.js';

/** Requests that are sent at most, if the first response is not enough. */
const MAX_REQUESTS = 20;
/** Addresses that are tried in turn for a first response. */
const MAX_ADDRESSES_TRIED = 4;

export interface GatewayCheck {
  /** The plan with its identifier chosen. */
  readonly plan: Plan;
  /** Number of requests that were sent. */
  readonly requests: number;
  /** Address that answered (`203.0.113.7:80`); null if the signal came first. */
  readonly reached: string | null;
}

/**
 * Checks the gateway.
 *
 * @param signal ends the check at once; the plan is then unchanged
 * @throws UserError that explains why no load can be sent (exit 4), or that no version can be read (exit 2)
 */
export async function checkGateway(plan: Plan, signal?: AbortSignal): Promise<GatewayCheck> {
  const aborted = () => signal?.aborted === true;
  const { at, first, sent } = await firstAnswer(plan, signal);
  if (aborted()) return { plan, requests: sent, reached: null };
  if (first.kind === 'failure') {
    throw new OptionError((name) => unreached(plan, first, sent, name), failureExit(first));
  }
  const replies: PreflightReply[] = [first];
  const problem = (name: OptionNamer) => explainReply(at, first, name);
  // A 5xx that the gateway made may concern one version only, so others may answer. An injected fault, whatever its
  // status, may not hit the next request.
  const final = first.status < 500 && first.outcome !== 'fault-injected';
  if (final && problem(String) !== null) {
    throw new OptionError((name) => problem(name) ?? '', 'unreachable');
  }
  const chosen = chooseIdentifier(plan, replies);
  if (chosen !== null) return { plan: chosen, requests: sent, reached: first.address };

  replies.push(...(await moreReplies(at, signal)));
  const requests = sent + MAX_REQUESTS - 1;
  if (aborted()) return { plan, requests, reached: null };
  const chosenLater = chooseIdentifier(plan, replies);
  if (chosenLater === null) throw versionNotFound(plan, replies, problem);
  return { plan: chosenLater, requests, reached: first.address };
}

async function moreReplies(at: Plan, signal: AbortSignal | undefined): Promise<PreflightReply[]> {
  const limit = pLimit(PARALLEL_REQUESTS);
  const more = Array.from({ length: MAX_REQUESTS - 1 }, () => limit(() => sendSingleRequest(at, signal)));
  return (await Promise.all(more)).filter((reply) => reply.kind === 'reply');
}

interface FirstAnswer {
  /** The plan with only the address that answered, or with only the first address if none did. */
  readonly at: Plan;
  /** The response, or why the first address gave none. */
  readonly first: PreflightReply | PreflightFailure;
  readonly sent: number;
}

/** Tries one address after the other: that one of several does not answer is a finding, not a reason to stop. */
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

function unreached(plan: Plan, failure: PreflightFailure, tried: number, name: OptionNamer): string {
  const why = explainFailure(plan, failure, name);
  if (tried === 1) return why;
  const [, ...others] = plan.target.connectTo.slice(0, tried).map(addressLabel);
  return `${why}\nNo answer came from ${others.join(', ')} either.`;
}
