/**
 * Several single requests until one answer settles the matter: one version may stall or fail while the others answer,
 * and the next request may meet another version.
 */
import { setTimeout as delay } from 'node:timers/promises';
import pLimit from 'p-limit';
import { timerMs } from '../../blocks/clock.js';
import type { OutcomeName } from '../../blocks/outcome.js';
import type { Plan } from '../../plan/plan.js';
import type { PreflightFailure, PreflightReply } from './reply.js';
import type { Answered } from './route-progress.js';
import { PARALLEL_REQUESTS, sendSingleRequest } from './single-request.js';

/** The next try does not wait longer than this for the one before it: its version may stall. */
const SILENCE_MS = 1000;

/** Failures before HTTP that another request to the same address would meet again. */
const LASTING: readonly OutcomeName[] = [
  'dns',
  'refused',
  'unreachable',
  'tls',
  'no-http2',
  'no-file-descriptor',
  'no-local-port',
];

/** Takes an answer; returns true if no other is needed. An error that it throws ends the tries. */
export type Settles = (answer: PreflightReply | PreflightFailure) => boolean;

/**
 * Sends a request to each address in turn: the next one when the one before has failed or was silent for a second. An
 * address with a failure that lasts is left out from then on.
 *
 * @param plans for each try the plan with its address
 * @returns the answers in the order in which the requests were sent. Requests that were given up have the outcome `cut-off`
 */
export async function tryInTurn(
  plans: readonly Plan[],
  settles: Settles,
  signal?: AbortSignal,
): Promise<Answered[]> {
  const [over, stop] = stopper(signal);
  const lost = new Set<unknown>();
  const sent: Promise<Answered>[] = [];
  let replied = () => {};
  const oneReplied = new Promise<void>((resolve) => {
    replied = resolve;
  });
  try {
    for (const plan of plans) {
      const [address] = plan.target.connectTo;
      if (stop.aborted) break;
      if (lost.has(address)) continue;
      const one = sendSingleRequest(plan, stop).then((answer) => {
        if (settles(answer)) over.abort();
        if (answer.kind === 'reply') replied();
        else if (LASTING.includes(answer.outcome)) lost.add(address);
        return { plan, answer };
      });
      sent.push(one);
      // All of them, since an earlier one may settle it, or fail with an error of `settles`.
      await Promise.race([one, silence(stop), Promise.all(sent)]);
    }
    // Once the gateway has answered at all, what stalls is not waited for.
    await Promise.race([oneReplied, Promise.all(sent)]);
    over.abort();
    return await Promise.all(sent);
  } finally {
    over.abort();
  }
}

/**
 * Sends up to `requests` requests, several at once, for at most the plan's time-out.
 *
 * @returns the answers in the order in which they came. Requests that were given up have the outcome `cut-off`
 */
export async function sendMore(
  plan: Plan,
  requests: number,
  settles: Settles,
  signal?: AbortSignal,
): Promise<Answered[]> {
  const [over, stop] = stopper(signal);
  const timer = setTimeout(() => over.abort(), timerMs(plan.load.timeoutMs));
  const answers: Answered[] = [];
  const sendOne = async () => {
    if (stop.aborted) return;
    const answer = await sendSingleRequest(plan, stop);
    answers.push({ plan, answer });
    if (settles(answer)) over.abort();
  };
  const limit = pLimit(PARALLEL_REQUESTS);
  try {
    await Promise.all(Array.from({ length: requests }, () => limit(sendOne)));
    return answers;
  } finally {
    clearTimeout(timer);
    over.abort();
  }
}

/** A controller, and a signal that is aborted by it or by `signal`. */
function stopper(signal: AbortSignal | undefined): [AbortController, AbortSignal] {
  const over = new AbortController();
  return [over, signal === undefined ? over.signal : AbortSignal.any([signal, over.signal])];
}

async function silence(signal: AbortSignal): Promise<void> {
  await delay(SILENCE_MS, undefined, { signal }).catch(() => {});
}
