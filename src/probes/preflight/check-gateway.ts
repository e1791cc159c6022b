/**
 * The pre-flight: sends single requests before the load until it is known that the gateway answers, where responses
 * have their version, and that the versions are those that are expected.
 */
import { OptionError, type OptionNamer } from '../../errors.js';
import type { Note, Plan } from '../../plan/plan.js';
import { addressLabel, distinct } from '../../plan/target/connect-to.js';
import { counted, tally } from '../../text/numbers.js';
import { chooseIdentifier } from './choose-identifier.js';
import { explainFailure, failureExit } from './explain-failure.js';
import { explainReply } from './explain-reply.js';
import type { PreflightFailure, PreflightReply } from './reply.js';
import type { Answered } from './route-progress.js';
import { sendMore, tryInTurn } from './tries.js';
import { versionNotFound } from './version-not-found.js';

/** Requests that are sent at most, if the first answers are not enough. */
const MAX_REQUESTS = 20;
/** Requests that are tried for a first answer. */
const MAX_TRIES = 3;
/** Addresses that are tried in turn for a first answer. */
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
 * @throws UserError if no request was answered, or each with a 5xx that names no version (exit 4), or if the answers say that
 *   no load can be sent or no version can be read (exit 2)
 */
export async function checkGateway(plan: Plan, signal?: AbortSignal): Promise<GatewayCheck> {
  const replies: PreflightReply[] = [];
  const found: { plan: Plan | null; by: PreflightReply | null } = { plan: null, by: null };
  const settles = (answer: PreflightReply | PreflightFailure) => {
    if (answer.kind === 'failure' || found.plan !== null) return false;
    replies.push(answer);
    found.plan = chooseIdentifier(plan, replies);
    found.by = answer;
    return found.plan !== null || refuses(plan, answer);
  };
  const answers = await tryInTurn(tries(plan), settles, signal);
  const aborted = () => signal?.aborted === true;
  if (aborted()) return { plan, requests: answers.length, reached: null };
  const answered = answers.filter(isReply);
  const [first] = answered;
  if (first === undefined) throw unreached(answers);
  if (found.plan === null) {
    const refusal = answered.find(({ answer }) => refuses(plan, answer));
    if (refusal !== undefined) {
      throw new OptionError((name) => explainReply(refusal.plan, refusal.answer, name) ?? '');
    }
    answers.push(...(await sendMore(first.plan, MAX_REQUESTS - answers.length, settles, signal)));
    if (aborted()) return { plan, requests: answers.length, reached: null };
  }
  if (found.plan === null) {
    const problem = (name: OptionNamer) => explainReply(first.plan, first.answer, name);
    throw withTally(versionNotFound(plan, replies, problem), answers);
  }
  const notes = [...found.plan.notes, ...unusable(answers, found.by)];
  return { plan: { ...found.plan, notes }, requests: answers.length, reached: found.by?.address ?? null };
}

/** For each try the plan with only the address that it goes to. */
function tries(plan: Plan): Plan[] {
  const addresses = plan.target.connectTo.slice(0, MAX_ADDRESSES_TRIED);
  return Array.from({ length: Math.max(MAX_TRIES, addresses.length) }, (_, i) => {
    const connectTo = addresses.slice(i % addresses.length).slice(0, 1);
    return { ...plan, target: { ...plan.target, connectTo } };
  });
}

/**
 * Whether a response means that no load can be sent, as every other would. A 5xx that the gateway made may concern one
 * version only, so others may answer. An injected fault, whatever its status, may not hit the next request.
 */
function refuses(plan: Plan, reply: PreflightReply): boolean {
  const lasting = reply.status < 500 && reply.outcome !== 'fault-injected';
  return lasting && explainReply(plan, reply, String) !== null;
}

function isReply(answered: Answered): answered is Answered & { readonly answer: PreflightReply } {
  return answered.answer.kind === 'reply';
}

/** The error if no request was answered: why the first one was not, and what came of the others. */
function unreached(answers: readonly Answered[]): OptionError {
  const [first, ...others] = answers as [Answered, ...Answered[]];
  const failure = first.answer as PreflightFailure;
  const tried = distinct(answers.flatMap(({ plan: { target } }) => target.connectTo));
  const elsewhere =
    tried.length === 1 ? '' : `\nNo answer came from ${tried.slice(1).map(addressLabel).join(', ')} either.`;
  const error = new OptionError(
    (name) => `${explainFailure(first.plan, failure, name)}${elsewhere}`,
    failureExit(failure),
  );
  return others.length < tried.length ? error : withTally(error, answers);
}

/** The error, with what came of all requests unless backends answered them all, and not only with errors. */
function withTally(error: OptionError, answers: readonly Answered[]): OptionError {
  const byBackends = answers.every(({ answer }) => answer.kind === 'reply' && !answer.fromGateway);
  if (byBackends && error.exit === 'usage') return error;
  return new OptionError(
    (name) => `${error.messageWith(name)}\n(${counted(answers.length, 'request')}: ${tallyOf(answers)})`,
    error.exit,
  );
}

/** A note about requests that were sent before the one whose answer was enough, and those that failed since. */
function unusable(answers: readonly Answered[], enough: PreflightReply | null): Note[] {
  const end = answers.findIndex(({ answer }) => answer === enough);
  const others = answers.filter(
    ({ answer }, i) => i < end || (i > end && answer.kind === 'failure' && answer.outcome !== 'cut-off'),
  );
  if (others.length === 0) return [];
  const text =
    `${others.length} of ${counted(answers.length, 'request')} before the load had no usable answer: ` +
    `${tallyOf(others)}. More were sent until one had.`;
  return [{ code: 'preflight-repeated', text }];
}

function tallyOf(answers: readonly Answered[]): string {
  const kinds: Record<string, number> = {};
  for (const { answer } of answers) kinds[kindOf(answer)] = (kinds[kindOf(answer)] ?? 0) + 1;
  return tally(kinds);
}

function kindOf(answer: PreflightReply | PreflightFailure): string {
  if (answer.kind === 'reply') return `status ${answer.status}`;
  return answer.outcome === 'cut-off' ? 'unanswered when others were' : answer.outcome;
}
