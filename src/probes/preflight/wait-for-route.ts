/**
 * `--settle`: a route that was just applied is not programmed at once. Sends single requests until every
 * version with weight has answered; what goes wrong in the meantime is what is being waited out.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Settling } from '../../blocks/run-record.js';
import { UserError } from '../../errors.js';
import { makeMatcher } from '../../plan/labels/labels.js';
import type { ConnectTo, Note, Plan } from '../../plan/plan.js';
import { count } from '../../text/numbers.js';
import { printable } from '../../text/printable.js';
import { chooseIdentifier, labelsOf, versionNotFound } from './choose-identifier.js';
import { explainFailure, explainReply } from './explain-failure.js';
import { resolveAddresses } from './resolve-addresses.js';
import { type PreflightFailure, type PreflightReply, sendSingleRequest } from './single-request.js';

/** Requests under way at once. */
const AT_ONCE = 4;
/** From one request's start to the next one's, in each of the four places: at most 50 requests per second in all. */
const GAP_MS = 80;
/** The gap grows to this while no expected version answers: a gateway that is not ready is not hammered. */
const MAX_GAP_MS = 1000;
/** Answers kept to explain why none was good. */
const KEPT_REPLIES = 20;

export interface Settled {
  /** The plan with its identifier settled. */
  readonly plan: Plan;
  readonly settling: Settling;
  /** Address that answered; null when none did before the signal. */
  readonly reached: string | null;
}

interface Answered {
  /** The plan with the address and the time-out of this request. */
  readonly plan: Plan;
  readonly answer: PreflightReply | PreflightFailure;
}

/**
 * Four places send, each at most every 80 ms, to the plan's addresses in turn.
 *
 * @param plan one that expects versions
 * @param limitMs how long at most
 * @param signal ends it at once, with what is known so far
 * @throws UserError when no versions are expected, and when the time is out without a single answer of an
 *   expected version (exit 4, or 2 when backends answered but no version could be read)
 */
export async function waitForRoute(plan: Plan, limitMs: number, signal?: AbortSignal): Promise<Settled> {
  if (!(plan.judge.expected ?? []).some(({ weight }) => weight > 0)) {
    throw new UserError('--settle waits for the expected versions to answer: give --expect or -f.');
  }
  if (!plan.detect.version && plan.identify.version.from === 'none') {
    throw new UserError('--settle waits for versions to answer, which --version-from none does not read.');
  }
  return new Settler(plan, limitMs, signal).run();
}

class Settler {
  readonly #startMs = performance.now();
  /** When an expected version answered last. */
  #goodMs = this.#startMs;
  readonly #over = new AbortController();
  readonly #stop: AbortSignal;
  /** Expected versions with weight that did not answer yet. */
  readonly #missing: Set<string>;
  /** With IP addresses once an answer came. */
  #target: Plan['target'];
  #resolving = false;
  #addressNotes: readonly Note[] = [];
  #identified: Plan | null = null;
  #sent = 0;
  #reached: string | null = null;
  #last: Answered | null = null;
  readonly #replies: PreflightReply[] = [];

  constructor(
    readonly plan: Plan,
    readonly limitMs: number,
    readonly signal: AbortSignal | undefined,
  ) {
    this.#target = plan.target;
    this.#stop = signal === undefined ? this.#over.signal : AbortSignal.any([signal, this.#over.signal]);
    const expected = plan.judge.expected ?? [];
    this.#missing = new Set(expected.filter(({ weight }) => weight > 0).map(({ name }) => name));
  }

  async run(): Promise<Settled> {
    await Promise.all(Array.from({ length: AT_ONCE }, () => this.#place()));
    const settling: Settling = {
      durationMs: performance.now() - this.#startMs,
      requests: this.#sent,
      complete: this.#missing.size === 0,
    };
    const plan = this.#identified;
    if (plan === null && this.signal?.aborted !== true) throw this.#nothingGood();
    const found = plan ?? this.plan;
    const notes = [...found.notes, ...this.#addressNotes, this.#note(settling)];
    return { plan: { ...found, target: this.#target, notes }, settling, reached: this.#reached };
  }

  /** One of the places that send. */
  async #place(): Promise<void> {
    for (;;) {
      const startMs = performance.now();
      const leftMs = this.#startMs + this.limitMs - startMs;
      if (this.#stop.aborted || leftMs < 1) return;
      const good = this.#take(await this.#send(leftMs));
      if (this.#missing.size === 0) this.#over.abort();
      const nowMs = performance.now();
      if (good) this.#goodMs = nowMs;
      const gapMs = Math.min(Math.max(GAP_MS, (nowMs - this.#goodMs) / 2), MAX_GAP_MS);
      const untilMs = Math.min(startMs + gapMs, this.#startMs + this.limitMs);
      if (untilMs > nowMs) await delay(untilMs - nowMs, undefined, { signal: this.#stop }).catch(() => {});
    }
  }

  async #send(leftMs: number): Promise<Answered> {
    const { load } = this.plan;
    const { connectTo } = this.#target;
    const to = connectTo[this.#sent % connectTo.length] as ConnectTo;
    this.#sent += 1;
    const plan = {
      ...this.plan,
      target: { ...this.#target, connectTo: [to] },
      load: { ...load, timeoutMs: Math.min(load.timeoutMs, Math.ceil(leftMs)) },
    };
    return { plan, answer: await sendSingleRequest(plan, this.#stop) };
  }

  /** @returns whether an expected version answered */
  #take(answered: Answered): boolean {
    const { answer, plan } = answered;
    // That the last moments were too short for an answer explains nothing, unless there is nothing else.
    const hurried = answer.kind === 'failure' && plan.load.timeoutMs < this.plan.load.timeoutMs;
    if (this.#last === null || !hurried || !answer.outcome.endsWith('timeout')) this.#last = answered;
    if (answer.kind === 'failure') return false;
    this.#replies.push(answer);
    if (this.#replies.length > KEPT_REPLIES) this.#replies.shift();
    this.#reached ??= answer.address;
    void this.#resolve(answer.address);
    if (answer.fromGateway) return false;
    this.#identified ??= chooseIdentifier(this.plan, [answer]);
    if (this.#identified === null) return false;
    this.#noteStamp(answer);
    const match = makeMatcher(this.plan.judge.expected ?? []);
    let good = false;
    for (const label of labelsOf(this.#identified, [answer])) {
      const found = match(label);
      if (found.kind !== 'match') continue;
      good = true;
      this.#missing.delete(found.name);
    }
    return good;
  }

  #noteStamp({ upstreamTimeStamped }: PreflightReply): void {
    const plan = this.#identified;
    if (plan === null || !upstreamTimeStamped || plan.identify.upstreamTimeStamped) return;
    this.#identified = { ...plan, identify: { ...plan.identify, upstreamTimeStamped } };
  }

  /** From the first answer on, the addresses of names take turns; a name that is not known yet is asked again. */
  async #resolve(reached: string): Promise<void> {
    if (this.#resolving) return;
    this.#resolving = true;
    const bare: Plan = { ...this.plan, notes: [] };
    try {
      const { target, notes } = await resolveAddresses(bare, { reached, signal: this.#stop });
      this.#target = target;
      this.#addressNotes = notes;
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      this.#resolving = false;
    }
  }

  #note({ durationMs, requests, complete }: Settling): Note {
    const spent = `${(durationMs / 1000).toFixed(1)} s and ${count(requests)} requests`;
    if (complete) {
      const text = `Every version with weight had answered after ${spent} (--settle); these are in no figure.`;
      return { code: 'settled', text };
    }
    const names = [...this.#missing].map((name) => printable(name)).join(', ');
    const text = `After ${spent} (--settle) no answer of ${names} had come; the load was sent all the same.`;
    return { code: 'settle-incomplete', text };
  }

  #nothingGood(): UserError {
    const told = (why: string) =>
      new UserError(
        `${why}\n(after ${this.#sent} requests in ${this.limitMs / 1000} s, --settle)`,
        'unreachable',
      );
    const { plan, answer } = this.#last as Answered;
    const why = answer.kind === 'failure' ? explainFailure(plan, answer) : explainReply(plan, answer);
    return why === null ? versionNotFound(plan, this.#replies, null) : told(why);
  }
}
