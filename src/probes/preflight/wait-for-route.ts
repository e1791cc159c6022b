/**
 * `--settle`: a route that was just applied takes time to come into effect. Sends single requests until every version
 * with weight has answered. Errors do not end the wait, because they are expected until then.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Settling } from '../../blocks/run-record.js';
import { OptionError, UserError } from '../../errors.js';
import type { ConnectTo, Note, Plan } from '../../plan/plan.js';
import { count } from '../../text/numbers.js';
import { printable } from '../../text/printable.js';
import { resolveAddresses } from './resolve-addresses.js';
import { type Answered, RouteProgress } from './route-progress.js';
import { PARALLEL_REQUESTS, sendSingleRequest } from './single-request.js';

/** From the start of one request of a sender to the start of its next: at most 50 requests per second in all. */
const GAP_MS = 80;
/** The gap grows to this while no expected version answers, so that a gateway that is not ready is not flooded. */
const MAX_GAP_MS = 1000;

export interface RouteWait {
  /** The plan with its identifier chosen. */
  readonly plan: Plan;
  readonly settling: Settling;
  /** Address that answered first (`203.0.113.7:80`); null if none did before the signal. */
  readonly reached: string | null;
}

/**
 * Waits until every expected version with weight has answered. Four senders send single requests, each at most every
 * 80 ms, to the plan's addresses in turn. If some versions have not answered in time, a note in the plan says so.
 *
 * @param plan a plan that expects versions
 * @param limitMs how long to wait at most
 * @param signal ends the wait at once, with what is known by then
 * @throws UserError if no versions are expected (exit 2), or if no expected version has answered in time (exit 2; 4 if
 *   nothing at all was answered)
 */
export async function waitForRoute(plan: Plan, limitMs: number, signal?: AbortSignal): Promise<RouteWait> {
  if (!(plan.judge.expected ?? []).some(({ weight }) => weight > 0)) {
    throw new OptionError(
      (name) =>
        `${name('settleMs')} waits for the expected versions to answer: give ${name('expect')} or ${name('manifests')}.`,
    );
  }
  if (!plan.detect.version && plan.identify.version.from === 'none') {
    throw new OptionError(
      (name) =>
        `${name('settleMs')} waits for versions to answer, which ${name('versionFrom')} none does not read.`,
    );
  }
  return new RouteWaiter(plan, limitMs, signal).run();
}

class RouteWaiter {
  readonly #progress: RouteProgress;
  readonly #startMs = performance.now();
  /** When an expected version answered last. */
  #lastGoodMs = this.#startMs;
  /** Aborted when every version has answered. */
  readonly #complete = new AbortController();
  /** Aborted when every version has answered, or by the caller's signal. */
  readonly #stop: AbortSignal;
  /** The target, with IP addresses in place of names after the first response. */
  #target: Plan['target'];
  #resolving = false;
  #addressNotes: readonly Note[] = [];
  #sent = 0;
  #reached: string | null = null;

  constructor(
    readonly plan: Plan,
    readonly limitMs: number,
    readonly signal: AbortSignal | undefined,
  ) {
    this.#progress = new RouteProgress(plan);
    this.#target = plan.target;
    this.#stop =
      signal === undefined ? this.#complete.signal : AbortSignal.any([signal, this.#complete.signal]);
  }

  async run(): Promise<RouteWait> {
    await Promise.all(Array.from({ length: PARALLEL_REQUESTS }, () => this.#sendRepeatedly()));
    const settling: Settling = {
      durationMs: performance.now() - this.#startMs,
      requests: this.#sent,
      complete: this.#progress.complete,
    };
    const { identified } = this.#progress;
    if (identified === null && this.signal?.aborted !== true) {
      throw this.#progress.error(`${this.#sent} requests in ${this.limitMs / 1000} s`);
    }
    const found = identified ?? this.plan;
    const notes = [...found.notes, ...this.#addressNotes, this.#note(settling)];
    return { plan: { ...found, target: this.#target, notes }, settling, reached: this.#reached };
  }

  /** One sender: one request after the other until the wait is over. */
  async #sendRepeatedly(): Promise<void> {
    for (;;) {
      const startMs = performance.now();
      const leftMs = this.#startMs + this.limitMs - startMs;
      if (this.#stop.aborted || leftMs < 1) return;
      const good = this.#take(await this.#send(leftMs));
      if (this.#progress.complete) this.#complete.abort();
      const nowMs = performance.now();
      if (good) this.#lastGoodMs = nowMs;
      const gapMs = Math.min(Math.max(GAP_MS, (nowMs - this.#lastGoodMs) / 2), MAX_GAP_MS);
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
    const { answer } = answered;
    if (answer.kind === 'reply') {
      this.#reached ??= answer.address;
      void this.#resolve(answer.address);
    }
    return this.#progress.add(answered);
  }

  /** After the first response, requests go to all addresses of a name in turn. A failed look-up is tried again. */
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
      const text = `Every version with weight had answered after ${spent} (--settle). These requests are in no figure.`;
      return { code: 'settled', text };
    }
    const names = this.#progress.missing.map((name) => printable(name)).join(', ');
    const text = `After ${spent} (--settle) there was no answer from ${names}. The load was sent nevertheless.`;
    return { code: 'settle-incomplete', text };
  }
}
