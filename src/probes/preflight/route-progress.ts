/** How far a route is in effect, by the responses so far: which expected versions have not answered yet. */
import { type ErrorExit, OptionError, type OptionNamer } from '../../errors.js';
import { makeMatcher } from '../../plan/labels/labels.js';
import type { Plan } from '../../plan/plan.js';
import { chooseIdentifier, labelsOf } from './choose-identifier.js';
import { explainFailure, failureExit } from './explain-failure.js';
import { explainReply } from './explain-reply.js';
import { onlyServerErrors, type PreflightFailure, type PreflightReply } from './reply.js';
import { versionNotFound } from './version-not-found.js';

/** Responses that are kept to explain why no version could be read. */
const MAX_KEPT_REPLIES = 20;

/** One request and what came of it. */
export interface Answered {
  /** The plan with the address and the time-out of this request. */
  readonly plan: Plan;
  readonly answer: PreflightReply | PreflightFailure;
}

export class RouteProgress {
  /** Expected versions with weight that have not answered yet. */
  readonly #missing: Set<string>;
  /** The plan with its identifier, once a response showed it. */
  #identified: Plan | null = null;
  #last: Answered | null = null;
  readonly #replies: PreflightReply[] = [];

  constructor(readonly plan: Plan) {
    const expected = plan.judge.expected ?? [];
    this.#missing = new Set(expected.filter(({ weight }) => weight > 0).map(({ name }) => name));
  }

  /** The plan with its identifier; null while no response of a backend showed how to read the version. */
  get identified(): Plan | null {
    return this.#identified;
  }

  /** Names of the expected versions with weight that have not answered. */
  get missing(): readonly string[] {
    return [...this.#missing];
  }

  get complete(): boolean {
    return this.#missing.size === 0;
  }

  /**
   * Takes the next answer.
   *
   * @returns whether it came from an expected version
   */
  add(answered: Answered): boolean {
    const { answer } = answered;
    if (this.#last === null || !this.#isCutShort(answered)) this.#last = answered;
    if (answer.kind === 'failure') return false;
    this.#replies.push(answer);
    if (this.#replies.length > MAX_KEPT_REPLIES) this.#replies.shift();
    if (answer.fromGateway) return false;
    this.#identified ??= chooseIdentifier(this.plan, [answer]);
    if (this.#identified === null) return false;
    this.#identified = withStamp(this.#identified, answer);
    return this.#strikeOff(this.#identified, answer);
  }

  /**
   * Why no response was good enough to begin the load, by the last answer.
   *
   * @param spent what was tried, for the message: `40 requests in 2 s`
   */
  error(spent: string): OptionError {
    const { plan, answer } = this.#last as Answered;
    const why = (name: OptionNamer) =>
      answer.kind === 'failure' ? explainFailure(plan, answer, name) : explainReply(plan, answer, name);
    const exit = answer.kind === 'failure' && this.#replies.length === 0 ? failureExit(answer) : this.#exit();
    return why(String) === null
      ? versionNotFound(plan, this.#replies, null)
      : new OptionError((name) => `${why(name)}\n(after ${spent}, ${name('settleMs')})`, exit);
  }

  #exit(): ErrorExit {
    return onlyServerErrors(this.#replies) ? 'unreachable' : 'usage';
  }

  /** Timed out because the time to wait was nearly over: this explains nothing if there is another answer. */
  #isCutShort({ plan, answer }: Answered): boolean {
    return (
      answer.kind === 'failure' &&
      plan.load.timeoutMs < this.plan.load.timeoutMs &&
      answer.outcome.endsWith('timeout')
    );
  }

  #strikeOff(identified: Plan, reply: PreflightReply): boolean {
    const match = makeMatcher(this.plan.judge.expected ?? []);
    let good = false;
    for (const label of labelsOf(identified, [reply])) {
      const found = match(label);
      if (found.kind !== 'match') continue;
      good = true;
      this.#missing.delete(found.name);
    }
    return good;
  }
}

/** The plan, which then knows whether this gateway stamps the responses of backends. */
function withStamp(plan: Plan, { upstreamTimeStamped }: PreflightReply): Plan {
  if (!upstreamTimeStamped || plan.identify.upstreamTimeStamped) return plan;
  return { ...plan, identify: { ...plan.identify, upstreamTimeStamped } };
}
